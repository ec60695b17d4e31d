import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import type { AudioSpec } from '../../audio/index.js'
import { chunks } from '../../audio/index.js'
import { assertFewWrong, type AudioRef, type Pair, type WrongRow } from '../../data/index.js'
import { cutAt, chunkSamples, windows, type Cut } from '../windows.js'
import { cacheAudio, type AudioCacheOptions, type CachedAudio, type Unreadable } from './audio-cache.js'
import type { FeatureRow, WaveformRow } from './loader.js'
import type { LoaderPool } from './loader-pool.js'
import { toIntegers } from './samples.js'

/** One piece of audio as it lies in the cache, however many pairs speak of it. */
export interface Piece {
  readonly file: string
  /** Chunks a hop apart. */
  readonly windows: number
  /** A chunk of the waveform, by window or by a place in [0, 1); absent where features are kept. */
  cut?(at: { window: number } | { place: number }): Cut
}

export interface Pieces {
  readonly pieces: readonly Piece[]
  /** By pair: its piece, or -1 where there is none. */
  readonly pieceOf: Int32Array
  /** Audio that can't be used, each once. */
  readonly failed: readonly WrongRow[]
  /** Of one chunk's features, where they are kept. */
  readonly featureShape?: readonly number[]
}

export interface PiecesOptions extends Pick<AudioCacheOptions, 'dir' | 'decoders' | 'onProgress' | 'signal'> {
  readonly pairs: readonly Pair[]
  readonly spec: AudioSpec
  /** Keeps features in place of waveforms. */
  readonly keep?: { readonly pool: LoaderPool; /** Of the program. */ readonly key: string }
  /** Audio files that may be unreadable. */
  readonly maxWrongShare: number
}

/**
 * Decodes what the pairs speak of into the cache.
 * @throws AntiphonError `failed` where more audio files than may be can't be read, or the cache can't be written
 */
export async function cachePieces(options: PiecesOptions): Promise<Pieces> {
  const { pairs, spec, keep, maxWrongShare, dir, decoders, onProgress, signal } = options
  const cache = { spec, dir, decoders, onProgress, signal }
  const refs = new Map<string, AudioRef>()
  const keyOf = ({ path, start, end, bytes }: AudioRef): string => JSON.stringify([path, start, end, bytes])
  for (const { audio } of pairs) refs.set(keyOf(audio), audio)
  const made = keep
    ? await cacheFeatures([...refs.values()], { ...cache, ...keep })
    : await cacheWaveforms([...refs.values()], cache)

  const pieces: Piece[] = []
  const numbers = new Map<string, number>()
  const failed = new Map<string, WrongRow>()
  for (const [index, [key, { path }]] of [...refs].entries()) {
    const piece = made.found[index]
    if ('reason' in piece)
      failed.set(`${path} ${piece.reason}`, { file: path, line: 0, reason: piece.reason })
    else numbers.set(key, pieces.push(piece) - 1)
  }
  assertFewWrong([...failed.values()], { total: refs.size, maxShare: maxWrongShare, what: 'audio files' })
  return {
    pieces,
    pieceOf: Int32Array.from(pairs, ({ audio }) => numbers.get(keyOf(audio)) ?? -1),
    failed: [...failed.values()],
    ...(made.shape && { featureShape: made.shape }),
  }
}

interface Made {
  readonly found: readonly (Piece | Unreadable)[]
  readonly shape?: readonly number[]
}

type CacheOptions = Pick<AudioCacheOptions, 'dir' | 'decoders' | 'onProgress' | 'signal'> & {
  spec: AudioSpec
}

/** Whole files, so that pairs of different parts share one; parts are cut when read. */
async function cacheWaveforms(refs: readonly AudioRef[], { spec, ...options }: CacheOptions): Promise<Made> {
  const fileOf = ({ path, bytes }: AudioRef): string => JSON.stringify([path, bytes])
  const files = new Map(refs.map((ref) => [fileOf(ref), { path: ref.path, bytes: ref.bytes }]))
  const cached = await cacheAudio({
    ...options,
    audio: [...files.values()],
    key: 'waveform',
    sampleRate: spec.sampleRate,
    encode: async function* (samples) {
      for await (const block of samples) yield toIntegers(block)
    },
  })
  const found = new Map([...files.keys()].map((file, index) => [file, cached[index]]))
  return { found: refs.map((ref) => waveformPiece(ref, found.get(fileOf(ref))!, spec)) }
}

function waveformPiece(ref: AudioRef, cached: CachedAudio | Unreadable, spec: AudioSpec): Piece | Unreadable {
  if ('reason' in cached) return cached
  const from = Math.round((ref.start ?? 0) * spec.sampleRate)
  const to = Math.min(cached.length, Math.round((ref.end ?? Infinity) * spec.sampleRate))
  if (from >= to) return { reason: noSound(ref) }
  const all = windows(to - from, spec)
  return {
    file: cached.file,
    windows: all.length,
    cut(at) {
      const cut = 'window' in at ? all[at.window] : cutAt(at.place, to - from, chunkSamples(spec))
      return { from: from + cut.from, length: cut.length }
    },
  }
}

async function cacheFeatures(
  refs: readonly AudioRef[],
  { spec, pool, key, ...options }: CacheOptions & { pool: LoaderPool; key: string },
): Promise<Made> {
  const { shape } = await pool.features(new Float32Array(chunkSamples(spec)))
  const size = shape.reduce((a, b) => a * b, 1)
  const cached = await cacheAudio({
    ...options,
    audio: refs,
    key: JSON.stringify(['features', key, spec]),
    sampleRate: spec.sampleRate,
    encode: async function* (samples) {
      for await (const chunk of chunks(samples, spec)) yield (await pool.features(chunk.samples)).numbers
    },
  })
  const found = cached.map((piece, index): Piece | Unreadable => {
    if ('reason' in piece) return piece
    if (piece.length === 0) return { reason: noSound(refs[index]) }
    return { file: piece.file, windows: piece.length / size }
  })
  return { found, shape }
}

const noSound = ({ start = 0, end }: AudioRef): string =>
  end === undefined ? `no sound from ${start} s on` : `no sound between ${start} s and ${end} s`

/** What a thread reads for a chunk a hop grid or a draw says, unchanged. */
export function rowAt(piece: Piece, at: { window: number } | { place: number }): WaveformRow | FeatureRow {
  if (piece.cut) return { file: piece.file, cut: piece.cut(at) }
  return { file: piece.file, window: 'window' in at ? at.window : windowAt(piece, at.place) }
}

/** Which chunk of the grid a place in [0, 1) falls on. */
export const windowAt = (piece: Piece, place: number): number => Math.floor(place * piece.windows)

/** A place whose chunk is another one than that of the first, where chunks lie on a grid and there are several. */
export function otherPlace(piece: Piece, first: number, place: number): number {
  if (piece.cut || piece.windows === 1) return place
  const window = (windowAt(piece, first) + 1 + Math.floor(place * (piece.windows - 1))) % piece.windows
  return (window + 0.5) / piece.windows
}

/** Of the chunks of pieces: cache files are named by what is in them, and a grid is known by its ends. */
export function identityOf(pieces: readonly Piece[], features: Uint8Array = new Uint8Array()): string {
  const hash = createHash('sha256').update(features)
  for (const piece of pieces) {
    const ends = [0, piece.windows - 1].map((window) => rowAt(piece, { window }))
    hash.update(
      JSON.stringify([basename(piece.file), piece.windows, ends.map((row) => ({ ...row, file: '' }))]),
    )
  }
  return hash.digest('hex')
}
