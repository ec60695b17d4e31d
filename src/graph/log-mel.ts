import { transpose } from './arrangement.js'
import { add, log, maximum, mul, sqrt, sub, div, cast } from './elementwise.js'
import type { Tensor } from './graph.js'
import { matmul } from './matmul.js'
import { melFilterBank, type MelOptions } from './mel.js'
import { amax, mean, sum, variance } from './reduction.js'
import { shapeError } from './shape-error.js'
import { stftPower, type BinRange, type StftOptions } from './spectrum.js'

/** y = log(max(scale x, floor) + offset), by the natural logarithm, log10, or 10 log10 (decibel). */
export interface Compression {
  readonly kind: 'log' | 'log10' | 'decibel'
  /** @default 1 */
  readonly scale?: number
  readonly floor?: number
  /** @default 0 */
  readonly offset?: number
  /** Lifts what lies further than this below the loudest cell of the same example. In units of the result. */
  readonly topDecibels?: number
}

export interface LogMelOptions extends StftOptions, MelOptions {
  /** 2: filters sum power; 1: magnitude. @default 2 */
  readonly power?: 1 | 2
  /** Filters [nMels, nFft / 2 + 1] to use instead of computed ones, such as those that came with a model. */
  readonly bank?: Float32Array | Float64Array
  readonly compression: Compression
}

/**
 * Log-mel spectrogram [batch, frames, nMels] of a waveform [batch, samples], inside the program, so that training and
 * serving can't differ.
 */
export function logMel(waveform: Tensor, options: LogMelOptions): Tensor {
  const { nFft, nMels, power = 2, compression } = options
  const bins = nFft / 2 + 1
  const bank = options.bank ?? melFilterBank(options)
  if (bank.length !== nMels * bins)
    throw shapeError('logMel', `the bank has ${bank.length} weights, expected ${nMels} x ${bins}`)
  const heard = heardBins(bank, bins)
  const energy = stftPower(waveform, options, heard)
  const filters = new Float32Array(nMels * (heard[1] - heard[0]))
  for (let mel = 0; mel < nMels; mel++)
    filters.set(bank.subarray(mel * bins + heard[0], mel * bins + heard[1]), mel * (heard[1] - heard[0]))
  const weights = waveform.graph.constant(filters, [nMels, heard[1] - heard[0]])
  return transpose(compress(matmul(weights, power === 2 ? energy : sqrt(energy)), compression))
}

/** Compresses loudness as hearing does. */
export function compress(
  x: Tensor,
  { kind, scale = 1, floor, offset = 0, topDecibels }: Compression,
): Tensor {
  let y = scale === 1 ? x : mul(x, scale)
  if (floor !== undefined) y = maximum(y, floor)
  if (offset !== 0) y = add(y, offset)
  y = log(y)
  if (kind !== 'log') y = mul(y, (kind === 'decibel' ? 10 : 1) / Math.LN10)
  if (topDecibels === undefined) return y
  const axis = y.shape.map((_, i) => i).slice(1)
  return maximum(y, sub(amax(y, { axis, keepDims: true }), topDecibels))
}

/**
 * Waveforms [batch, samples] with mean 0 and variance 1, as Wav2Vec2 takes them. `mask` [batch, samples] is 1 on sound and
 * 0 on padding; padding comes out as 0.
 */
export function standardize(
  waveform: Tensor,
  { mask, epsilon = 1e-7 }: { mask?: Tensor; epsilon?: number } = {},
): Tensor {
  if (!mask) {
    const options = { axis: 1, keepDims: true }
    return div(sub(waveform, mean(waveform, options)), sqrt(add(variance(waveform, options), epsilon)))
  }
  if (mask.rank !== 2 || mask.shape[1] !== waveform.shape[1])
    throw shapeError('standardize', `mask ${mask.toString()} does not fit waveform ${waveform.toString()}`)
  const kept = cast(mask, waveform.dtype)
  const count = sum(kept, { axis: 1, keepDims: true })
  const average = (x: Tensor): Tensor => div(sum(x, { axis: 1, keepDims: true }), count)
  const centred = mul(sub(waveform, average(mul(waveform, kept))), kept)
  return div(centred, sqrt(add(average(mul(centred, centred)), epsilon)))
}

/** Bins that any filter weighs: the others need not be computed. */
function heardBins(bank: Float32Array | Float64Array, bins: number): BinRange {
  let first = bins
  let end = 0
  for (const [i, weight] of bank.entries())
    if (weight > 0) {
      first = Math.min(first, i % bins)
      end = Math.max(end, (i % bins) + 1)
    }
  return [first, end]
}
