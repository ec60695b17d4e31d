import { createHash } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { AudioSpec } from '../../audio/index.js'
import type { WrongRow } from '../../data/index.js'
import type { Value } from '../../graph/index.js'
import { canDraw } from '../draw-texts.js'
import { Epochs } from '../epochs.js'
import { MixedEpochs } from '../mixed-epochs.js'
import { chunkSamples } from '../windows.js'
import type { CacheProgress } from './audio-cache.js'
import { audioRows, decideRows, similarityOf, type RowsOptions } from './batch-rows.js'
import type { Loaded } from './loader.js'
import { LoaderPool } from './loader-pool.js'
import { cachePieces, identityOf, rowAt, type Pieces } from './pieces.js'

/** A rest of a track shorter than this says too little to be a chunk: as in the models that serve. */
const MIN_REST_SECONDS = 3

const MOST_WORKERS = 4 // reading and mixing keep up with any engine on as many cores

export interface BatchesOptions extends RowsOptions {
  /** Of each source that pairs name: what part of a batch is of it. @default pairs as they come */
  readonly shares?: readonly SourceShare[]
  /** Of the audio tower, Hz. */
  readonly sampleRate: number
  /**
   * The front end of the audio tower: an ONNX program from `waveform` [1, samples] to `features`. With it batches are of
   * features, without it of waveforms.
   */
  readonly features?: Uint8Array
  /** A tokenizer.json; without it batches have texts only. */
  readonly tokenizer?: Uint8Array
  /** How often each batch is read, chunk by chunk: twice for gradient caching. @default 1 */
  readonly passes?: number
  /** Made if it isn't there. */
  readonly cacheDir: string
  /** Threads. @default half the cores, at most 4 */
  readonly workers?: number
  /** Parts of batches that are loaded before they are asked for. @default workers + 1 */
  readonly ahead?: number
  /** Audio files decoded at once. @default one a core */
  readonly decoders?: number
  readonly onProgress?: (progress: CacheProgress) => void
  readonly signal?: AbortSignal
}

export interface SourceShare {
  readonly name: string
  readonly share: number
}

/** A batch, or the part of it that is one chunk. */
export interface Batch extends Loaded {
  readonly step: number
  /** First row of the chunk within the batch. */
  readonly from: number
  /** By row: which of the pairs. */
  readonly indices: Int32Array
  /** By row: a number that pairs of one track share. */
  readonly tracks: Int32Array
  /** By row, where chunks are a hop apart: which row of `wholeTracks` has this chunk. */
  readonly windows?: Int32Array
  /** Row after row, `text_policy.texts` each; ids and mask have a row for each of them, padded to `text.max_tokens`. */
  readonly texts: readonly string[]
  /** Milliseconds between the asking and the having. */
  readonly waited: number
}

/** Chunks of whole tracks. */
export interface TrackChunks {
  /** Number of the first row, over all tracks. */
  readonly from: number
  readonly audio: Value<Float32Array>
}

/** A part of a batch as it is asked for. */
export interface PartOptions {
  /** Of `data.chunk` rows. @default 0 */
  readonly chunk?: number
  /** @default 0 */
  readonly pass?: number
}

interface Place {
  readonly step: number
  readonly chunk: number
  readonly pass: number
}

/** Part of a batch on its way. */
interface Part {
  /** What is decided. */
  readonly rows: Omit<Batch, keyof Loaded | 'waited'>
  readonly loading: Promise<Loaded>
}

/**
 * Opens the batches of a run: decodes what is not in the cache, then loads in threads, ahead of the one who asks. A batch
 * follows from the pairs, the recipe and its step alone, whatever was asked for before and with any number of threads.
 * @throws AntiphonError `failed` where more audio files than may be can't be read, `usage` for an impossible recipe, `interrupted`
 */
export async function openBatches(options: BatchesOptions): Promise<Batches> {
  const { pairs, recipe, sampleRate, features, tokenizer, cacheDir } = options
  const { chunk_seconds: chunkSeconds, hop_seconds: hopSeconds, cache, augment } = recipe.audio
  const minRestSeconds = Math.min(MIN_REST_SECONDS, chunkSeconds)
  const spec: AudioSpec = { sampleRate, chunkSeconds, hopSeconds, minRestSeconds }
  const workers = options.workers ?? Math.max(1, Math.min(MOST_WORKERS, availableParallelism() >> 1))
  const pool = new LoaderPool(workers, {
    samples: chunkSamples(spec),
    features,
    tokenizer,
    specAugment: augment.spec_augment,
    maxTokens: recipe.text.max_tokens,
  })
  try {
    const keepFeatures = cache === 'features' && features !== undefined
    const pieces = await cachePieces({
      ...options,
      spec,
      dir: join(cacheDir, keepFeatures ? 'features' : 'waveforms'),
      maxWrongShare: recipe.data.wrong_share,
      ...(keepFeatures && { keep: { pool, key: createHash('sha256').update(features).digest('hex') } }),
    })
    return new Batches(pool, pieces, { ...options, pairs, workers })
  } catch (error) {
    await pool.close()
    throw error
  }
}

export class Batches {
  /** Audio that can't be used, each once; its pairs are in no batch. */
  readonly failed: readonly WrongRow[]
  /** Numbers of the pairs that batches are made of: with audio, and with text of a kind that the recipe draws. */
  readonly usable: Int32Array
  /** By pair: its piece of audio, -1 where it has none. */
  readonly pieceOf: Int32Array
  /** Where the chunks of a piece begin among the rows of `wholeTracks`, and after the last where they end. */
  readonly windowOffsets: Int32Array
  /** The same as long as `wholeTracks` gives the same. */
  readonly identity: string
  /** Milliseconds that were waited for batches so far. */
  waited = 0
  private epochs: Epochs | MixedEpochs | undefined
  private readonly trackNumbers: Int32Array
  private readonly ahead = new Map<string, Part>()

  constructor(
    private readonly pool: LoaderPool,
    private readonly known: Pieces,
    private readonly options: BatchesOptions & { readonly workers: number },
  ) {
    const { pairs, recipe } = options
    this.failed = known.failed
    this.pieceOf = known.pieceOf
    this.usable = Int32Array.from(pairs.keys()).filter(
      (pair) =>
        known.pieceOf[pair] >= 0 &&
        canDraw(pairs[pair].texts, recipe.text_policy, similarityOf(options, pairs[pair])),
    )
    this.windowOffsets = new Int32Array(known.pieces.length + 1)
    for (const [piece, { windows }] of known.pieces.entries())
      this.windowOffsets[piece + 1] = this.windowOffsets[piece] + windows
    this.identity = identityOf(known.pieces, options.features)
    const numbers = new Map<string, number>()
    this.trackNumbers = Int32Array.from(pairs, ({ track: { id } }) => {
      if (!numbers.has(id)) numbers.set(id, numbers.size)
      return numbers.get(id)!
    })
  }

  /** Steps in which each pair is seen once, on the average. */
  get stepsPerEpoch(): number {
    return this.order.stepsPerEpoch
  }

  /** Chunks that a batch is read in. */
  get chunks(): number {
    const { batch, chunk } = this.options.recipe.data
    return Math.ceil(batch / chunk)
  }

  /**
   * A batch or, where `data.chunk` is smaller, a chunk of it. Loads ahead what comes next: chunks, then passes, then steps.
   * @throws AntiphonError `usage` where there are fewer pairs than a batch holds
   */
  async batch(step: number, { chunk = 0, pass = 0 }: PartOptions = {}): Promise<Batch> {
    const began = performance.now()
    const { workers, ahead = workers + 1 } = this.options
    const places = [{ step, chunk, pass }]
    for (let i = 0; i < ahead; i++) places.push(this.after(places[i]))
    const wanted = new Set(places.map(nameOf))
    for (const name of this.ahead.keys()) if (!wanted.has(name)) this.ahead.delete(name)
    for (const place of places) {
      const name = nameOf(place)
      if (!this.ahead.has(name)) this.ahead.set(name, this.start(place))
    }
    const first = nameOf(places[0])
    const { rows, loading } = this.ahead.get(first)!
    this.ahead.delete(first)
    const loaded = await loading
    const waited = performance.now() - began
    this.waited += waited
    return { ...rows, ...loaded, waited }
  }

  /** Which pairs are in a batch. */
  indices(step: number): Int32Array {
    return this.order.batch(step).map((index) => this.usable[index])
  }

  /**
   * All chunks of all pieces, a hop apart, unchanged, in the order of `windowOffsets`; so many rows at once, the last time
   * fewer.
   * @param options.from the first row. @default 0
   */
  async *wholeTracks({
    size,
    from: first = 0,
  }: {
    size: number
    from?: number
  }): AsyncGenerator<TrackChunks, void, void> {
    const rows = this.known.pieces.flatMap((piece) =>
      Array.from({ length: piece.windows }, (_, window) => rowAt(piece, { window })),
    )
    const pending: Promise<Loaded>[] = []
    const ask = (from: number): void => {
      if (from >= rows.length) return
      const loaded = this.pool.load({
        audio: audioRows(this.known, rows.slice(from, from + size)),
        texts: [],
      })
      loaded.catch(() => undefined)
      pending.push(loaded)
    }
    for (let i = 0; i <= this.options.workers; i++) ask(first + i * size)
    for (let from = first; from < rows.length; from += size) {
      const { audio } = await pending.shift()!
      ask(from + (this.options.workers + 1) * size)
      yield { from, audio: audio! }
    }
  }

  /** Ends the threads, once they are done with what they have. */
  async close(): Promise<void> {
    await this.pool.close()
  }

  private get order(): Epochs | MixedEpochs {
    const { pairs, recipe, shares } = this.options
    const { seed, data } = recipe
    const ofSource = (source: number): Int32Array =>
      Int32Array.from(this.usable.keys()).filter((at) => (pairs[this.usable[at]].source ?? 0) === source)
    this.epochs ??= shares
      ? new MixedEpochs({
          shares: shares.map((share, source) => ({ ...share, members: ofSource(source) })),
          size: data.batch,
          seed,
        })
      : new Epochs({ count: this.usable.length, size: data.batch, seed })
    return this.epochs
  }

  private after({ step, chunk, pass }: Place): Place {
    if (chunk + 1 < this.chunks) return { step, chunk: chunk + 1, pass }
    if (pass + 1 < (this.options.passes ?? 1)) return { step, chunk: 0, pass: pass + 1 }
    return { step: step + 1, chunk: 0, pass: 0 }
  }

  /** Decides everything of a part, and has it loaded. */
  private start({ step, chunk }: Place): Part {
    const { recipe, windowsOnly = false } = this.options
    const from = chunk * recipe.data.chunk
    const all = this.indices(step)
    const indices = all.slice(from, from + recipe.data.chunk)
    const context = { ...this.options, pieces: this.known, windowOffsets: this.windowOffsets }
    const { request, windows } = decideRows(context, { step, all, from, to: from + indices.length })
    const onGrid = windowsOnly || this.known.featureShape !== undefined
    const loading = this.pool.load(request)
    loading.catch(() => undefined) // it is awaited in its turn
    const tracks = indices.map((pair) => this.trackNumbers[pair])
    return {
      rows: { step, from, indices, tracks, ...(onGrid && { windows }), texts: request.texts },
      loading,
    }
  }
}

const nameOf = ({ step, chunk, pass }: Place): string => `${step}/${pass}/${chunk}`
