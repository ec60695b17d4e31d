import { Random } from '../../random/index.js'
import { AntiphonError } from '../../errors/index.js'
import { floatToHalf, type Program, type Value } from '../../graph/index.js'
import type { Tokenizer } from '../../text/index.js'
import { mix, type Mix } from '../mix.js'
import { specAugment, type SpecAugment } from '../spec-augment.js'
import { repeatUntilFull, type Cut } from '../windows.js'
import { readHalves, readSamples } from './samples.js'

/** A chunk of a cached waveform, and what is done to it. */
export interface WaveformRow {
  readonly file: string
  readonly cut: Cut
  readonly mix?: Mix
  readonly background?: { readonly file: string; readonly cut: Cut }
  /** Of noise and masks; without it the chunk stays as it is. */
  readonly seed?: string
}

/** Kept features of one chunk. */
export interface FeatureRow {
  readonly file: string
  /** Which chunk of the file. */
  readonly window: number
  /** Of the masks; without it the features stay as they are. */
  readonly seed?: string
}

export type AudioRows =
  | { readonly kind: 'waveforms'; readonly rows: readonly WaveformRow[] }
  | { readonly kind: 'features'; readonly rows: readonly FeatureRow[]; readonly shape: readonly number[] }

/** Part of a batch, all of it decided: loading it draws nothing but what the rows' seeds say. */
export interface LoadRequest {
  readonly audio?: AudioRows
  /** Another view of each row of the audio. */
  readonly second?: AudioRows
  readonly texts: readonly string[]
}

export interface Loaded {
  readonly audio?: Value<Float32Array>
  /** Another view of the same tracks, for self-supervision. */
  readonly second?: Value<Float32Array>
  readonly inputIds: Value<Int32Array>
  readonly attentionMask: Value<Int32Array>
}

export interface LoaderOptions {
  /** Length of a chunk. */
  readonly samples: number
  /** From `waveform` [1, samples] to `features`; without it the audio of a batch are waveforms. */
  readonly features?: Program
  readonly specAugment: SpecAugment
  readonly tokenizer?: Tokenizer
  readonly maxTokens: number
}

/** What a worker thread does: reads, mixes, computes features, blanks out, tokenizes. */
export class Loader {
  constructor(private readonly options: LoaderOptions) {}

  async load({ audio, second, texts }: LoadRequest): Promise<Loaded> {
    return {
      ...(audio && { audio: await this.sound(audio) }),
      ...(second && { second: await this.sound(second) }),
      ...this.tokens(texts),
    }
  }

  private async sound(audio: AudioRows): Promise<Value<Float32Array>> {
    return audio.kind === 'waveforms' ? this.waveforms(audio.rows) : this.kept(audio)
  }

  /** The features of one chunk in half precision, to be kept. */
  async features(waveform: Float32Array): Promise<{ numbers: Uint16Array; shape: number[] }> {
    const { data, shape } = await this.run(waveform)
    return { numbers: Uint16Array.from(data, floatToHalf), shape: shape.slice(1) }
  }

  private async waveforms(rows: readonly WaveformRow[]): Promise<Value<Float32Array>> {
    const { samples, features } = this.options
    let all: Float32Array | undefined
    let rowShape: readonly number[] = [samples]
    const background = new Float32Array(samples)
    for (const [index, row] of rows.entries()) {
      // Without features the chunk is made where it belongs.
      all ??= features ? undefined : new Float32Array(rows.length * samples)
      const chunk = features
        ? new Float32Array(samples)
        : all!.subarray(index * samples, (index + 1) * samples)
      readCut(row.file, row.cut, chunk)
      if (row.mix) {
        if (row.background) readCut(row.background.file, row.background.cut, background)
        const random = new Random(`${row.seed ?? ''}/noise`)
        mix(chunk, row.mix, { background: row.background && background, random })
      }
      if (!features) continue
      const { data, shape } = await this.run(chunk)
      rowShape = shape.slice(1)
      this.blankOut(data, rowShape, row.seed)
      all ??= new Float32Array(rows.length * data.length)
      all.set(data, index * data.length)
    }
    return { data: all ?? new Float32Array(0), shape: [rows.length, ...rowShape] }
  }

  private kept({ rows, shape }: AudioRows & { kind: 'features' }): Value<Float32Array> {
    const size = shape.reduce((a, b) => a * b, 1)
    const all = new Float32Array(rows.length * size)
    for (const [index, { file, window, seed }] of rows.entries()) {
      const row = all.subarray(index * size, (index + 1) * size)
      readHalves(file, window * size, row)
      this.blankOut(row, shape, seed)
    }
    return { data: all, shape: [rows.length, ...shape] }
  }

  /** One chunk at a time, as when serving: a chunk's features don't depend on its neighbours. */
  private async run(waveform: Float32Array): Promise<Value<Float32Array>> {
    const { features } = await this.options.features!.run({
      waveform: { data: waveform, shape: [1, waveform.length] },
    })
    return features as Value<Float32Array>
  }

  /** The last two axes are frames and mels; what lies before them, such as patches, is blanked out each by itself. */
  private blankOut(features: Float32Array, shape: readonly number[], seed: string | undefined): void {
    const { specAugment: masks } = this.options
    if (seed === undefined || (masks.time_masks === 0 && masks.mel_masks === 0)) return
    if (shape.length < 2)
      throw new AntiphonError(
        'usage',
        `spec_augment needs features of frames and mels, not [${shape.join(', ')}]`,
      )
    const [frames, mels] = shape.slice(-2)
    const random = new Random(`${seed}/masks`)
    for (let at = 0; at < features.length; at += frames * mels)
      specAugment(features.subarray(at, at + frames * mels), { frames, mels }, masks, random)
  }

  /** Every text has `maxTokens` places: a training program has one shape. */
  private tokens(texts: readonly string[]): Pick<Loaded, 'inputIds' | 'attentionMask'> {
    const { tokenizer, maxTokens } = this.options
    const shape = tokenizer ? [texts.length, maxTokens] : [0, maxTokens]
    const ids = new Int32Array(shape[0] * maxTokens).fill(tokenizer?.padId ?? 0)
    const mask = new Int32Array(ids.length)
    if (tokenizer)
      for (const [row, text] of texts.entries()) {
        const tokens = tokenizer.encode(text)
        ids.set(tokens, row * maxTokens)
        mask.fill(1, row * maxTokens, row * maxTokens + tokens.length)
      }
    return { inputIds: { data: ids, shape }, attentionMask: { data: mask, shape } }
  }
}

function readCut(file: string, { from, length }: Cut, chunk: Float32Array): void {
  readSamples(file, from, chunk.subarray(0, length))
  repeatUntilFull(chunk, length)
}
