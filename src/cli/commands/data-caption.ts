import { once } from 'node:events'
import { createWriteStream, type WriteStream } from 'node:fs'
import { mkdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { describeWrongRow, type Pair } from '../../data/index.js'
import { findSources, openSources } from '../../data/node.js'
import { AntiphonError } from '../../errors/index.js'
import { defaultCacheDir } from '../../model/node.js'
import { Captioner, readPrompts, readTables, type CaptionModel } from '../../text/node.js'
import { EXIT, type Context, type GlobalOptions } from '../context.js'
import type { DataCaptionOutput } from '../json.js'
import { PieceProgress } from '../piece-progress.js'
import { jsonText, printable } from '../printable.js'
import { count, span } from '../quantity.js'
import { styles } from '../style.js'
import { placeOf } from '../write-whole.js'

/** `model` is that of the endpoint. */
export interface DataCaptionOptions extends GlobalOptions {
  readonly out: string
  readonly format?: string
  readonly audio?: string
  readonly subset?: string
  readonly perTrack: number
  readonly seed: number
  readonly endpoint?: string
  readonly apiKeyEnv?: string
  readonly temperature?: number
}

const API_KEY = 'ANTIPHON_API_KEY'

/** `antiphon data caption DATA --out FILE.jsonl` */
export async function dataCaption(
  data: string,
  options: DataCaptionOptions,
  context: Context,
): Promise<number> {
  const { out, perTrack, seed } = options
  const signal = context.interruption()
  const begun = context.now()
  const model = modelOf(options, context)
  const [tables, prompts] = await Promise.all([readTables(), readPrompts()])
  const sources = await findSources(data, options)
  await assertWritable(out)
  const { pairs, wrong } = await openSources(sources, { signal })
  const { pieces, inArchives } = piecesOf(pairs)
  if (pieces.length === 0)
    throw new AntiphonError(
      'usage',
      inArchives > 0
        ? `The audio of ${data} lies in archives, and captions are written by the paths of files: unpack the archives`
        : `Nothing is known of the music in ${data}: captions are made of tags, and with --endpoint of captions`,
    )
  const { warn } = styles(context.stderr)
  for (const row of wrong) context.stderr.write(`${warn('note')} ${printable(describeWrongRow(row))}\n`)
  const captioner = new Captioner({ words: tables.words, prompts, seed, model, signal })
  const progress = new PieceProgress(context, { what: 'Writing captions', pieces: 'tracks' })
  let captions = 0
  let without = 0
  try {
    await writeLines(out, async (write) => {
      let done = 0
      for await (const { piece, captions: said } of captioner.captions(pieces, { each: perTrack })) {
        if (said.length === 0) without++
        else await write(lineOf(piece, said, dirname(resolve(out))))
        captions += said.length
        progress.update({ done: ++done, total: pieces.length, behind: piece.id })
      }
    })
  } finally {
    progress.clear()
  }
  const { model: byModel, grammar, asked, kept, wrong: answers } = captioner.counts
  const output: DataCaptionOutput = {
    out: resolve(out),
    tracks: pieces.length - without,
    captions,
    byModel,
    byGrammar: grammar,
    asked,
    kept,
    wrongAnswers: Object.fromEntries(answers),
    withoutTags: without,
    inArchives,
    wrong: wrong.length,
    elapsedSeconds: (context.now() - begun) / 1000,
  }
  context.stdout.write(options.json ? `${jsonText(output)}\n` : summary(output, model))
  return EXIT.done
}

function modelOf(options: DataCaptionOptions, { env }: Context): CaptionModel | undefined {
  const { endpoint, model, apiKeyEnv, temperature } = options
  if (endpoint === undefined) {
    if (apiKeyEnv !== undefined || temperature !== undefined)
      throw new AntiphonError(
        'usage',
        '--api-key-env and --temperature are for a language model: name its --endpoint',
      )
    return undefined
  }
  if (model === undefined)
    throw new AntiphonError(
      'usage',
      `Which model of ${endpoint}? Name it with --model, such as --model llama3.1`,
    )
  const apiKey = env[apiKeyEnv ?? API_KEY]
  if (apiKeyEnv !== undefined && !apiKey)
    throw new AntiphonError('usage', `The environment has no ${apiKeyEnv} (--api-key-env)`)
  return {
    endpoint,
    model,
    cacheDir: join(defaultCacheDir(), 'captions'),
    ...(apiKey && { apiKey }),
    ...(temperature !== undefined && { temperature }),
  }
}

/** A piece of audio, and all that its pairs say. */
interface Piece extends Pick<Pair, 'audio' | 'track'> {
  readonly id: string
  readonly tags: string[]
  readonly captions: string[]
  readonly title?: string
  readonly artist?: string
  readonly album?: string
}

/** Pieces in the order of their first pairs; audio inside of archives has no path of its own. */
function piecesOf(pairs: readonly Pair[]): { pieces: Piece[]; inArchives: number } {
  const pieces = new Map<string, Piece>()
  let inArchives = 0
  for (const { audio, texts, track } of pairs) {
    if (audio.bytes) {
      inArchives++
      continue
    }
    const key = `${audio.path}\n${audio.start ?? ''}\n${audio.end ?? ''}`
    const { id, title, artist, album } = track
    const piece: Piece = pieces.get(key) ?? { audio, track, id, title, artist, album, tags: [], captions: [] }
    pieces.set(key, piece)
    for (const { kind, value } of texts) {
      const list = kind === 'tag' ? piece.tags : kind === 'caption' ? piece.captions : undefined
      if (list && !list.includes(value)) list.push(value)
    }
  }
  return { pieces: [...pieces.values()], inArchives }
}

/** A line that the reader of tables takes; paths are as seen from the file. */
function lineOf({ audio, track, tags }: Piece, captions: readonly string[], from: string): string {
  const { id, title, artist, album, part } = track
  return JSON.stringify({
    path: relative(from, audio.path).split(sep).join('/'),
    start: audio.start,
    end: audio.end,
    track_id: id,
    captions,
    tags,
    title,
    artist,
    album,
    part,
  })
}

async function assertWritable(out: string): Promise<void> {
  const there = await stat(out).catch(() => undefined)
  if (there?.isDirectory())
    throw new AntiphonError(
      'usage',
      `${out} is a folder: name a file, such as ${join(out, 'captions.jsonl')}`,
    )
}

/** Writes lines into a file beside, which takes the file's place when all are written. */
async function writeLines(
  out: string,
  write: (line: (text: string) => Promise<void>) => Promise<void>,
): Promise<void> {
  const { target, draft } = await placeOf(out)
  const cannot = (cause: unknown): AntiphonError =>
    new AntiphonError('failed', `Cannot write ${out}: ${(cause as Error).message}`, { cause })
  let stream: WriteStream | undefined
  let failure: unknown
  try {
    await mkdir(dirname(resolve(out)), { recursive: true })
    stream = createWriteStream(draft)
    stream.on('error', (error) => (failure ??= error))
    await once(stream, 'open')
  } catch (cause) {
    throw cannot(cause)
  }
  try {
    await write(async (text) => {
      if (failure) throw cannot(failure)
      if (!stream.write(`${text}\n`)) await Promise.race([once(stream, 'drain'), once(stream, 'close')])
    })
    stream.end()
    await once(stream, 'close')
    if (failure) throw cannot(failure)
    if (draft !== target) await rename(draft, target)
  } catch (error) {
    stream.destroy()
    if (draft !== target) await rm(draft, { force: true }).catch(() => undefined)
    throw error instanceof AntiphonError ? error : cannot(error)
  }
}

function summary(output: DataCaptionOutput, model: CaptionModel | undefined): string {
  const { out, tracks, captions, byModel, byGrammar, kept, wrongAnswers, withoutTags, inArchives } = output
  const bad = Object.entries(wrongAnswers)
  const lines = [
    `${count(captions, 'caption')} of ${count(tracks, 'track')} in ${span(output.elapsedSeconds)}: ${printable(out)}`,
    ...(model
      ? [
          `${byModel.toLocaleString('en')} by ${printable(model.model)} (${kept.toLocaleString('en')} answers kept from before), ${byGrammar.toLocaleString('en')} by the grammar.`,
        ]
      : []),
    ...(bad.length > 0
      ? [`Answers that were no captions: ${bad.map(([what, times]) => `${what} (${times})`).join(', ')}.`]
      : []),
    ...(withoutTags > 0 ? [`${count(withoutTags, 'track')} without tags left out.`] : []),
    ...(inArchives > 0 ? [`${count(inArchives, 'row')} with audio in archives left out.`] : []),
    `Learn of it: antiphon train RECIPE --data ${printable(out)} --out RUN`,
  ]
  return `${lines.join('\n')}\n`
}
