import { createHash } from 'node:crypto'
import { mkdir, stat } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { AudioFileError, excerpt } from '../../audio/index.js'
import { DecoderPool, reasonOf } from '../../audio/node.js'
import type { AudioRef } from '../../data/index.js'
import { AntiphonError } from '../../errors/index.js'
import { removeDrafts, writeWhole } from './draft.js'
import { BYTES_PER_NUMBER } from './samples.js'

/** Goes up when the numbers in a file would be others. */
const FORMAT = 1

export interface CacheProgress {
  /** Pieces of audio that are there now, kept from before or made. */
  readonly done: number
  readonly total: number
  /** Decoded in this run. */
  readonly made: number
  readonly failed: number
  /** The file that came last. */
  readonly path: string
}

/** A file of 16-bit numbers. */
export interface CachedAudio {
  readonly file: string
  /** Numbers in it. */
  readonly length: number
}

/** Audio that can't be read. */
export interface Unreadable {
  readonly reason: string
}

export interface AudioCacheOptions {
  /** Each once. */
  readonly audio: readonly AudioRef[]
  /** Where the cache is; made if it isn't there. */
  readonly dir: string
  /** What a file depends on beside the audio. */
  readonly key: string
  /** Hz. */
  readonly sampleRate: number
  /** 16-bit numbers to keep of these samples, mono at the sample rate. */
  readonly encode: (samples: AsyncIterable<Float32Array>) => AsyncIterable<Int16Array | Uint16Array>
  /** Files decoded at once. @default one a core */
  readonly decoders?: number
  readonly onProgress?: (progress: CacheProgress) => void
  readonly signal?: AbortSignal
}

/**
 * Decodes each piece of audio once and keeps what is made of it, one cache file each, known by the audio file's path, size and
 * time of change, and by what is taken of it. What an earlier run made is kept, a killed one's too.
 * @returns for each piece where it is kept, or why it can't be read
 * @throws AntiphonError `interrupted`; `failed` when the cache can't be written
 */
export async function cacheAudio(options: AudioCacheOptions): Promise<(CachedAudio | Unreadable)[]> {
  const { audio, dir, decoders = availableParallelism(), onProgress, signal } = options
  await mkdir(dir, { recursive: true }).catch((cause: unknown) => {
    throw new AntiphonError('failed', `Cannot make the cache folder ${dir}: ${reasonOf(cause)}`, { cause })
  })
  await removeDrafts(dir)
  const pool = new DecoderPool({ processes: decoders })
  const found: (CachedAudio | Unreadable)[] = []
  const count = { done: 0, made: 0, failed: 0 }
  const waiting = audio.entries()

  const drain = async (): Promise<void> => {
    for (const [index, ref] of waiting) {
      if (signal?.aborted) throw new AntiphonError('interrupted', 'Interrupted', { cause: signal.reason })
      const file = await cacheFile(ref, options)
      const kept = typeof file === 'string' ? await lengthOf(file) : undefined
      if (typeof file !== 'string') found[index] = file
      else if (kept !== undefined) found[index] = { file, length: kept }
      else {
        found[index] = await make(ref, file, pool, options)
        count.made++
      }
      count.done++
      if ('reason' in found[index]) count.failed++
      onProgress?.({ ...count, total: audio.length, path: ref.path })
    }
  }
  const runs = Array.from({ length: decoders }, drain)
  try {
    await Promise.all(runs)
  } finally {
    await pool.close()
    await Promise.allSettled(runs)
  }
  return found
}

async function make(
  ref: AudioRef,
  file: string,
  pool: DecoderPool,
  { encode, sampleRate, signal }: AudioCacheOptions,
): Promise<CachedAudio | Unreadable> {
  try {
    let length = 0
    await writeWhole(file, async (draft) => {
      const decoded = pool.decode(ref.path, { sampleRate, bytes: ref.bytes, signal })
      const samples = excerpt(decoded, { start: ref.start, end: ref.end, sampleRate })
      for await (const numbers of encode(samples)) {
        await draft.write(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength))
        length += numbers.length
      }
    })
    return { file, length }
  } catch (error) {
    if (error instanceof AudioFileError) return { reason: error.reason }
    throw error
  }
}

async function cacheFile(
  { path, start = 0, end, bytes }: AudioRef,
  { dir, key, sampleRate }: AudioCacheOptions,
): Promise<string | Unreadable> {
  try {
    const { size, mtimeMs } = await stat(path)
    const identity = JSON.stringify([
      FORMAT,
      path,
      size,
      mtimeMs,
      start,
      end,
      sampleRate,
      key,
      ...(bytes ?? []),
    ])
    return join(dir, `${createHash('sha256').update(identity).digest('hex').slice(0, 32)}.s16`)
  } catch (error) {
    return { reason: reasonOf(error) }
  }
}

async function lengthOf(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).size / BYTES_PER_NUMBER
  } catch {
    return undefined
  }
}
