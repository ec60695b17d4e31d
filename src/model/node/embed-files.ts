import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { AudioFileError, changeSamples, excerpt, isFileChange, type AudioChange } from '../../audio/index.js'
import { DecoderPool, reasonOf } from '../../audio/node.js'
import { AntiphonError } from '../../errors/index.js'
import { embedChunks, modelGate, type EmbeddedChunk } from '../embed-chunks.js'
import type { JointEmbedding } from '../embedding.js'
import { readChunks, writeChunks } from './vector-file.js'

/** Goes up when the vectors of a file would be others. */
const FORMAT = 1

/** Files decoded at once; decoding is several times as fast as embedding, and two keep a slow disk from stopping it. */
const DECODERS = 2

/** An audio file, or a part of one. */
export interface AudioPiece {
  /** Absolute. */
  readonly path: string
  /** Seconds from the start of the file. @default 0 */
  readonly start?: number
  /** Seconds. @default the end of the file */
  readonly end?: number
  /** Where the audio file lies inside of `path`, an archive: its first byte, and the first one behind it. @default the file itself */
  readonly bytes?: readonly [from: number, to: number]
  /** What is done to it before it is heard. @default nothing */
  readonly change?: AudioChange
  /** An item that the model has factors of, by its name there. @default heard only */
  readonly item?: string
}

export interface EmbedProgress {
  /** Pieces that are done: kept from before, embedded now, or unreadable. */
  readonly done: number
  readonly total: number
  /** Embedded in this run. */
  readonly made: number
  readonly failed: number
  /** The file that came last. */
  readonly path: string
}

export interface UnreadableAudio {
  readonly reason: string
}

export interface EmbedFilesOptions<T> {
  readonly audio: readonly AudioPiece[]
  readonly model: Pick<JointEmbedding, 'spaceId' | 'dim' | 'audio' | 'embedAudio' | 'items'>
  /** What is kept of a piece's chunks, of which there is at least one. */
  readonly keep: (chunks: readonly EmbeddedChunk[]) => T
  /** Where vectors are kept for the next time; made if it isn't there. */
  readonly cacheDir: string
  /** Seconds between the starts of two chunks. @default the model's */
  readonly hopSeconds?: number
  /** Of the model. @default one a core */
  readonly workers?: number
  readonly onProgress?: (progress: EmbedProgress) => void
  readonly signal?: AbortSignal
}

/**
 * Embeds pieces of audio as a catalog does its files: a vector a chunk. The vectors of each piece are kept in a file, known by the
 * model's space, the hop, and the audio file's path, size and time of change; so a run that was stopped goes on where it was, and the next one only
 * reads.
 * @returns for each piece what is kept of it, or why it can't be read
 * @throws AntiphonError `interrupted`; `failed` when the cache can't be written; what the model throws
 */
export async function embedFiles<T>(options: EmbedFilesOptions<T>): Promise<(T | UnreadableAudio)[]> {
  const { audio, model, keep, workers = availableParallelism(), onProgress, signal } = options
  const { hopSeconds = model.audio.hopSeconds } = options
  const dir = join(options.cacheDir, model.spaceId)
  await mkdir(dir, { recursive: true }).catch((cause: unknown) => {
    throw new AntiphonError('failed', `Cannot make the cache folder ${dir}: ${reasonOf(cause)}`, { cause })
  })
  const pool = new DecoderPool({ processes: DECODERS })
  const gate = modelGate(workers)
  const failure = new AbortController()
  const stop = signal ? AbortSignal.any([signal, failure.signal]) : failure.signal

  const embed = async (piece: AudioPiece, file: string): Promise<EmbeddedChunk[]> => {
    const chunks = await heard(
      piece,
      (samples) => embedChunks(samples, { model: knowing(model, piece), gate, hopSeconds }),
      {
        pool,
        sampleRate: model.audio.sampleRate,
        signal: stop,
      },
    )
    if (chunks.length === 0) throw new AudioFileError(piece.path, 'it holds no sound')
    await writeChunks(file, chunks)
    return chunks
  }

  const found: (T | UnreadableAudio)[] = []
  const count = { done: 0, made: 0, failed: 0 }
  const waiting = audio.entries()
  const drain = async (): Promise<void> => {
    for (const [index, piece] of waiting) {
      if (stop.aborted) return
      try {
        const file = join(dir, await cacheName(piece, hopSeconds))
        const kept = await readChunks(file, model.dim)
        if (!kept) count.made++
        found[index] = keep(kept ?? (await embed(piece, file)))
      } catch (error) {
        if (!(error instanceof AudioFileError)) throw error
        found[index] = { reason: error.reason }
        count.failed++
      }
      count.done++
      onProgress?.({ ...count, total: audio.length, path: piece.path })
    }
  }
  const runs = Array.from({ length: workers + DECODERS }, () =>
    drain().catch((error: unknown) => failure.abort(error)),
  )
  try {
    await Promise.all(runs)
  } finally {
    await pool.close()
  }
  if (signal?.aborted)
    throw new AntiphonError(
      'interrupted',
      'Interrupted; what was embedded is kept, and the same command goes on',
      {
        cause: signal.reason,
      },
    )
  failure.signal.throwIfAborted()
  return found
}

/** The model as it hears a piece: with the factors of its item, where it is one. */
function knowing(
  model: EmbedFilesOptions<unknown>['model'],
  { item }: AudioPiece,
): Pick<JointEmbedding, 'audio' | 'embedAudio'> {
  if (item === undefined || !model.items) return model
  const { items } = model
  return { audio: model.audio, embedAudio: (chunks) => items.embedAudio(chunks, item) }
}

/** Gives a piece's samples to be heard, changed if it says so. */
async function heard<T>(
  { path, start, end, bytes, change }: AudioPiece,
  hear: (samples: AsyncIterable<Float32Array>) => Promise<T>,
  { pool, sampleRate, signal }: { pool: DecoderPool; sampleRate: number; signal: AbortSignal },
): Promise<T> {
  const part = { start, end, sampleRate }
  if (!change) return hear(excerpt(pool.decode(path, { sampleRate, bytes, signal }), part))
  if (!isFileChange(change)) {
    const samples = excerpt(pool.decode(path, { sampleRate, bytes, signal }), part)
    return hear(changeSamples(samples, change, { sampleRate }))
  }
  const dir = await mkdtemp(join(tmpdir(), 'antiphon-change-'))
  try {
    const to = join(dir, 'changed')
    await pool.change(path, { to, change, bytes, signal })
    // Of a piece that goes by faster, a part begins earlier.
    const pace = change.kind === 'tempo' ? change.factor : 1
    const changed = { sampleRate, start: start && start / pace, end: end && end / pace }
    return await hear(excerpt(pool.decode(to, { sampleRate, signal }), changed))
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

async function cacheName(
  { path, start = 0, end, bytes, change, item }: AudioPiece,
  hopSeconds: number,
): Promise<string> {
  try {
    const { size, mtimeMs } = await stat(path)
    const identity = JSON.stringify([
      FORMAT,
      path,
      size,
      mtimeMs,
      start,
      end,
      bytes,
      hopSeconds,
      ...(change ? [change] : []),
      ...(item === undefined ? [] : [{ item }]),
    ])
    return `${createHash('sha256').update(identity).digest('hex').slice(0, 32)}.chunks`
  } catch (error) {
    throw new AudioFileError(path, reasonOf(error))
  }
}
