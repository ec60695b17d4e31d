import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { AntiphonError } from '../../errors/index.js'
import { VectorLines, type VectorLinesOptions, type WrongLine } from '../vectors/vector-lines.js'
import type { WordVectors } from '../vectors/word-vectors.js'

export interface ReadVectorsOptions extends VectorLinesOptions {
  /** Bytes of the file, read and in all. */
  readonly onProgress?: (done: number, total: number) => void
  readonly signal?: AbortSignal
}

export interface ReadVectors {
  readonly vectors: WordVectors
  /** The first hundred. */
  readonly wrong: readonly WrongLine[]
}

const MOST_WRONG_SHARE = 0.01 // of lines: more is another format, or a damaged file
const LONGEST_LINE = 2 ** 20 // characters: a thousand numbers take ten thousand
const PROGRESS_EVERY = 20_000 // lines

/**
 * Reads word vectors as text, line by line, from a file that may be gzipped: GloVe's, or word2vec's with its first line.
 * @throws AntiphonError `usage` for a file that can't be read, `model` where too many of its lines are wrong, `interrupted`
 */
export async function readWordVectors(path: string, options: ReadVectorsOptions = {}): Promise<ReadVectors> {
  const { onProgress, signal } = options
  const unreadable = (cause: unknown): AntiphonError =>
    new AntiphonError('usage', `Cannot read word vectors from ${path}: ${(cause as Error).message}`, {
      cause,
    })
  const size = await stat(path).then(
    (found) => found.size,
    (cause: unknown) => {
      throw unreadable(cause)
    },
  )
  const file = createReadStream(path)
  const text: Readable = path.endsWith('.gz') ? file.pipe(createGunzip()) : file
  file.on('error', (error) => text.destroy(error))
  const lines = new VectorLines(options)
  let failure: unknown
  text.on('error', (error) => (failure = error))
  try {
    for await (const line of linesOf(text, path)) {
      lines.add(line)
      if (lines.lines % PROGRESS_EVERY !== 0) continue
      onProgress?.(file.bytesRead, size)
      if (signal?.aborted) throw new AntiphonError('interrupted', 'Interrupted', { cause: signal.reason })
    }
  } catch (error) {
    if (error instanceof AntiphonError) throw error
    throw unreadable(failure ?? error)
  } finally {
    file.destroy()
  }
  if (failure !== undefined) throw unreadable(failure)
  const vectors = lines.end()
  const { wrong, wrongCount } = lines
  const hasNone = lines.lines - wrongCount < 1 || (wrongCount > 0 && vectors.terms.length === 0)
  if (hasNone || wrongCount > Math.max(1, MOST_WRONG_SHARE * lines.lines)) {
    const [first] = wrong
    const why = first ? `${path}:${first.line}: ${first.reason}` : 'it is empty'
    throw new AntiphonError(
      'model',
      `${path} is no file of word vectors, or damaged: ${wrongCount} of ${lines.lines} lines are wrong (${why})`,
    )
  }
  onProgress?.(size, size)
  return { vectors, wrong }
}

async function* linesOf(text: Readable, path: string): AsyncGenerator<string, void, void> {
  const utf8 = new TextDecoder() // a few words of GloVe's are no UTF-8
  let rest = ''
  for await (const bytes of text) {
    const lines = (rest + utf8.decode(bytes as Uint8Array, { stream: true })).split('\n')
    rest = lines.pop()!
    yield* lines
    if (rest.length > LONGEST_LINE)
      throw new AntiphonError(
        'model',
        `${path} is no file of word vectors: it has a line of more than a million characters`,
      )
  }
  if (rest !== '') yield rest
}
