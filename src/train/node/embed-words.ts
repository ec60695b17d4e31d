import { createHash } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AntiphonError } from '../../errors/index.js'
import { float32, parseSafetensors, writeSafetensors } from '../../graph/index.js'
import { isTerm, termOf, type WordVectors } from '../../text/index.js'
import { writeWhole } from './draft.js'
import type { TrainOptions } from './run-options.js'
import { openSentenceEncoder, type SentenceEncoder } from './sentence-encoder.js'
import { readTowerFile } from './towers.js'

export interface EmbedWordsOptions extends Pick<
  TrainOptions,
  'runtime' | 'find' | 'engine' | 'cacheDir' | 'signal'
> {
  /** A sentence encoder, as a recipe names it. */
  readonly encoder: string
  /** Words of the encoder's own vocabulary beside those that are asked for, the first ones. */
  readonly mostWords: number
  readonly onProgress?: (done: number, total: number) => void
}

const PROGRESS_EVERY = 256 // words

/**
 * Words embedded one by one by a sentence encoder, unit vectors: those asked for, and the whole words of its own vocabulary, which
 * for BERT are the English ones. Kept on disk by the encoder's files and the words.
 */
export async function embedWords(asked: readonly string[], options: EmbedWordsOptions): Promise<WordVectors> {
  const dir = await options.find(options.encoder)
  const tokenizer = await readTowerFile(join(dir, 'tokenizer.json'))
  const weights = await readTowerFile(join(dir, 'model.safetensors'))
  const hash = createHash('sha256').update(tokenizer).update(weights).digest('hex')
  const own = wholeWords(tokenizer).slice(0, options.mostWords)
  const known = new Set(own)
  const others = [...new Set(asked)].filter((term) => !known.has(term)).sort()
  const total = own.length + others.length
  const parts: Float32Array[] = []
  let opened: SentenceEncoder | undefined
  let done = 0
  try {
    for (const words of [own, others]) {
      const key = createHash('sha256')
        .update(`${hash}\n${words.join('\n')}`)
        .digest('hex')
      const path = join(options.cacheDir, 'words', `${key}.safetensors`)
      let rows = words.length > 0 ? await keptRows(path) : new Float32Array(0)
      if (!rows) {
        opened ??= await openSentenceEncoder(options.encoder, options)
        const before = done
        rows = await embedded(words, opened, {
          ...options,
          onProgress: (count) => options.onProgress?.(before + count, total),
        })
        await keep(path, rows, words.length)
      }
      parts.push(rows)
      done += words.length
    }
  } finally {
    await opened?.encoder.close()
  }
  const data = new Float32Array(parts[0].length + parts[1].length)
  data.set(parts[0])
  data.set(parts[1], parts[0].length)
  return { terms: [...own, ...others], dim: total === 0 ? 0 : data.length / total, data }
}

/** No pieces, and no letters of other scripts, of which BERT knows some alone. */
const WHOLE_WORD = /^[\p{Script=Latin}\p{N}]+$/u

function wholeWords(tokenizer: Uint8Array): string[] {
  const { model } = JSON.parse(new TextDecoder().decode(tokenizer)) as {
    model: { readonly type: string; readonly vocab: Readonly<Record<string, number>> }
  }
  if (model.type !== 'WordPiece') return []
  return Object.entries(model.vocab)
    .sort(([, a], [, b]) => a - b)
    .map(([word]) => word)
    .filter((word) => WHOLE_WORD.test(word) && isTerm(word) && termOf(word) === word)
}

async function keptRows(path: string): Promise<Float32Array | undefined> {
  try {
    return float32(parseSafetensors(await readFile(path), path), 'words')
  } catch {
    return undefined // missing or damaged: made anew
  }
}

async function keep(path: string, rows: Float32Array, words: number): Promise<void> {
  const bytes = new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength)
  const tensor = { dtype: 'F32', shape: [words, rows.length / words], bytes } as const
  await mkdir(dirname(path), { recursive: true })
  await writeWhole(path, (draft) => draft.writeFile(writeSafetensors(new Map([['words', tensor]]))))
}

async function embedded(
  words: readonly string[],
  { encoder, width }: SentenceEncoder,
  { onProgress, signal }: Pick<EmbedWordsOptions, 'onProgress' | 'signal'>,
): Promise<Float32Array> {
  const all = new Float32Array(words.length * width)
  for (let from = 0; from < words.length; from += PROGRESS_EVERY) {
    if (signal?.aborted) throw new AntiphonError('interrupted', 'Interrupted', { cause: signal.reason })
    const rows = await encoder.outputsTogether(words.slice(from, from + PROGRESS_EVERY))
    for (let row = 0; row < rows.length; row += width) {
      const vector = rows.subarray(row, row + width)
      const length = Math.hypot(...vector) || 1
      for (let i = 0; i < width; i++) all[from * width + row + i] = vector[i] / length
    }
    onProgress?.(Math.min(from + PROGRESS_EVERY, words.length), words.length)
  }
  return all
}
