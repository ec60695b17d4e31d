import { z } from 'zod'
import {
  add,
  conv2d,
  embedding,
  expand,
  mean,
  pad,
  reshape,
  resize,
  slice,
  transpose,
  unsqueeze,
  type Dimension,
  type Tensor,
} from '../../graph/index.js'
import { AntiphonError } from '../../errors/index.js'
import { clapLogMel } from '../clap/front-end.js'
import type { Scope } from '../scope.js'
import { CLAP_PROJECTION_OPTIONS, clapProjection } from './clap-projection.js'
import type { AudioEncoder } from './encoder.js'
import { fusedPatches, fusionViews, VIEWS } from './feature-fusion.js'
import { ACTIVATIONS, dense, normalize } from './layers.js'
import { preNormBlock } from './pre-norm-block.js'
import { selfAttention } from './self-attention.js'
import {
  fromWindows,
  regionBias,
  relativePositions,
  toWindows,
  windowCount,
  type Windows,
} from './windows.js'

const size = z.int().positive()
const share = z.number().min(0).lt(1)

/**
 * Sizes of HTS-AT (Chen et al. 2022), the audio tower of CLAP, under the names of a published `config.json`
 * (`audio_config`) and `preprocessor_config.json`; the defaults are those of `laion/clap-htsat-unfused`.
 */
export const HTSAT_OPTIONS = z.strictObject({
  /** Side of the square image that the spectrogram is folded into. */
  spec_size: size.default(256),
  num_mel_bins: size.default(64),
  patch_size: size.default(4),
  patch_stride: z.tuple([size, size]).default([4, 4]),
  patch_embeds_hidden_size: size.default(96),
  depths: z.array(size).min(1).default([2, 2, 6, 2]),
  num_attention_heads: z.array(size).min(1).default([4, 8, 16, 32]),
  window_size: size.default(8),
  mlp_ratio: z.number().positive().default(4),
  hidden_act: z.enum(ACTIVATIONS).default('gelu'),
  hidden_dropout_prob: share.default(0.1),
  attention_probs_dropout_prob: share.default(0),
  layer_norm_eps: z.number().positive().default(1e-5),
  qkv_bias: z.literal(true).default(true),
  /** Hears chunks longer than `max_length_s` too, from four distances; has CLAP's other mel filters. */
  enable_fusion: z.boolean().default(false),
  fusion_type: z.null().default(null),
  /** Of the attention that joins the views: channels are fewer by this factor. */
  aff_block_r: size.default(4),
  enable_patch_layer_norm: z.literal(true).default(true),
  ...CLAP_PROJECTION_OPTIONS,
  /** Hz */
  sampling_rate: size.default(48_000),
  fft_window_size: size.default(1024),
  hop_length: size.default(480),
  frequency_min: z.number().nonnegative().default(50),
  frequency_max: z.number().positive().default(14_000),
  max_length_s: z.number().positive().default(10),
})
export type HtsatOptions = z.infer<typeof HTSAT_OPTIONS>

const EPSILON = 1e-5 // PyTorch's default, of the norms that are not in a block

/**
 * Waveforms [batch, samples] of known length to log-mel [batch, frames, mels] of `max_length_s`: shorter ones are repeated
 * as often as they fit whole, then silence (CLAP's `repeatpad`). With fusion, longer ones to four views one after the
 * other, [batch, 4 frames, mels].
 */
export function htsatFeatures(waveform: Tensor, options: HtsatOptions): Tensor {
  const heard = samplesOf(options)
  const [batch, length] = waveform.shape
  if (typeof length !== 'number' || (length > heard && !options.enable_fusion))
    throw new AntiphonError(
      'shape',
      `htsat hears ${heard} samples at most without enable_fusion, got ${waveform.toString()}`,
    )
  if (length > heard) {
    const logs = decibels(waveform, options)
    const frames = framesOf(options)
    return logs.shape[1] === frames ? logs : fusionViews(logs, frames)
  }
  const repeats = Math.floor(heard / length)
  const repeated = reshape(expand(unsqueeze(waveform, 1), [batch, repeats, length]), [
    batch,
    repeats * length,
  ])
  return decibels(pad(repeated, { axes: [{ axis: 1, after: heard - repeats * length }] }), options)
}

function decibels(waveform: Tensor, options: HtsatOptions): Tensor {
  return clapLogMel(waveform, {
    sampleRate: options.sampling_rate,
    nFft: options.fft_window_size,
    hopLength: options.hop_length,
    nMels: options.num_mel_bins,
    fMin: options.frequency_min,
    fMax: options.frequency_max,
    truncation: options.enable_fusion ? 'fusion' : 'rand_trunc',
  })
}

/** Is shown each intermediate result by name. */
export type Observer = (name: string, tensor: Tensor) => void

/** Features to [batch, width of the last stage]: a Swin transformer (Liu et al. 2021) over the folded spectrogram. */
export function htsat(
  features: Tensor,
  scope: Scope,
  options: HtsatOptions,
  observe: Observer = () => undefined,
): Tensor {
  const { depths } = options
  const images = folded(scope.batchNorm(transpose(features), 'batch_norm'), options)
  observe('image', images)
  let { x, rows, columns } = patches(images, scope.within('patch_embed.'), options)
  observe('patch_embed', x)
  for (const [stage, depth] of depths.entries()) {
    const layer = scope.within(`layers.${stage}.`)
    for (let index = 0; index < depth; index++) {
      const windows = windowsOf(rows, columns, options.window_size, index % 2 === 1)
      const heads = options.num_attention_heads[stage]
      x = swinBlock(x, windows, heads, layer.within(`blocks.${index}.`), options)
      observe(`stage${stage + 1}_block${index + 1}`, x)
    }
    if (stage < depths.length - 1) {
      x = merged(x, rows, columns, layer.within('downsample.'))
      rows /= 2
      columns /= 2
    }
    observe(`stage${stage + 1}`, x)
  }
  const normal = normalize(x, 'norm', scope, EPSILON)
  observe('norm', normal)
  return mean(normal, { axis: 1 })
}

/**
 * Normalised log-mel [batch, mels, frames] of one view or four, each stretched in time, cut in quarters and these laid
 * below each other: [batch, views, side, side].
 */
function folded(x: Tensor, options: HtsatOptions): Tensor {
  const { spec_size: side, num_mel_bins: mels, enable_fusion: fused } = options
  const [batch, , all] = x.shape as [Dimension, number, number]
  const views = fused && all === VIEWS * framesOf(options) ? VIEWS : 1
  const [parts, frames] = [side / mels, all / views]
  if (!Number.isInteger(parts) || typeof all !== 'number' || frames > side * parts)
    throw new AntiphonError(
      'shape',
      `htsat can't fold log-mel ${x.toString()} (batch, mels, frames) into ${side} x ${side}`,
    )
  const one = transpose(reshape(x, [batch, mels, views, frames]), [0, 2, 1, 3])
  const stretched = resize(one, { size: [mels, side * parts], mode: 'bicubic', alignCorners: true })
  const quarters = transpose(reshape(stretched, [batch, views, mels, parts, side]), [0, 1, 3, 2, 4])
  return reshape(quarters, [batch, views, side, side])
}

function patches(
  images: Tensor,
  scope: Scope,
  options: HtsatOptions,
): { x: Tensor; rows: number; columns: number } {
  const { patch_size: patch, patch_stride: stride, patch_embeds_hidden_size: width } = options
  const padding = stride.map((step) => Math.floor((patch - step) / 2)) as [number, number]
  const whole = conv2d(
    slice(images, { axis: 1, end: 1 }),
    scope.parameter('proj.weight', [width, 1, patch, patch]),
    { bias: scope.parameter('proj.bias', [width]), stride, padding },
  )
  const fusion = { width, patch, stride, padding, reduction: options.aff_block_r }
  const grid = images.shape[1] === 1 ? whole : fusedPatches(images, whole, scope, fusion)
  const [batch, , rows, columns] = grid.shape as [Dimension, number, number, number]
  const places = transpose(reshape(grid, [batch, width, rows * columns]))
  return { x: normalize(places, 'norm', scope, EPSILON), rows, columns }
}

/** Every second block shifts its windows by half; an image that is one window does not. */
function windowsOf(rows: number, columns: number, window: number, shifts: boolean): Windows {
  const size = Math.min(rows, columns, window)
  if (rows % size !== 0 || columns % size !== 0)
    throw new AntiphonError('shape', `htsat: windows of ${size} don't fill ${rows} x ${columns} places`)
  const shift = shifts && Math.min(rows, columns) > window ? Math.floor(window / 2) : 0
  return { rows, columns, size, shift }
}

function swinBlock(x: Tensor, windows: Windows, heads: number, scope: Scope, options: HtsatOptions): Tensor {
  const width = x.shape[2] as number
  const attend = (normal: Tensor): Tensor => {
    const cut = toWindows(normal, windows)
    const context = selfAttention(cut, 'attention.self', scope, {
      heads,
      bias: scoreBias(x.shape[0], windows, heads, scope),
      dropout: options.attention_probs_dropout_prob,
    })
    return fromWindows(context, windows)
  }
  return preNormBlock(x, attend, scope, {
    intermediate: Math.floor(options.mlp_ratio * width),
    epsilon: options.layer_norm_eps,
    activation: options.hidden_act,
    dropout: options.hidden_dropout_prob,
    attendedDropout: options.attention_probs_dropout_prob,
  })
}

/** By relative position, [heads, size², size²], and for shifted windows by region too, [batch · windows, heads, size², size²]. */
function scoreBias(batch: Dimension, windows: Windows, heads: number, scope: Scope): Tensor {
  const { size, shift } = windows
  const places = size * size
  const table = scope.parameter('attention.self.relative_position_bias_table', [(2 * size - 1) ** 2, heads])
  const { graph } = table
  const index = graph.constant(relativePositions(size), [places * places])
  const byPosition = reshape(transpose(embedding(table, index)), [heads, places, places])
  if (shift === 0) return byPosition
  const count = windowCount(windows)
  const byRegion = graph.constant(regionBias(windows), [count, 1, places, places])
  const all = add(byPosition, byRegion)
  return reshape(expand(all, [batch, count, heads, places, places]), [-1, heads, places, places])
}

/** Squares of four places become one of twice the width: [batch, places, width] to [batch, places / 4, 2 width]. */
function merged(x: Tensor, rows: number, columns: number, scope: Scope): Tensor {
  const [batch, , width] = x.shape as [Dimension, number, number]
  const cut = reshape(x, [batch, rows / 2, 2, columns / 2, 2, width])
  const places = (rows / 2) * (columns / 2)
  const squares = reshape(transpose(cut, [0, 1, 3, 4, 2, 5]), [batch, places, 4 * width])
  return dense(normalize(squares, 'norm', scope, EPSILON), 'reduction', 2 * width, scope, { bias: false })
}

/** Frames of what the network hears at once. */
const framesOf = (options: HtsatOptions): number => Math.floor(samplesOf(options) / options.hop_length) + 1

const samplesOf = (options: HtsatOptions): number => Math.floor(options.max_length_s * options.sampling_rate)

export function htsatEncoder(options: HtsatOptions): AudioEncoder {
  const { depths, num_attention_heads: heads, patch_embeds_hidden_size: first } = options
  if (heads.length !== depths.length)
    throw new AntiphonError(
      'usage',
      `htsat: ${heads.length} num_attention_heads for ${depths.length} depths, expected one for each stage`,
    )
  return {
    width: options.projection_dim ?? first * 2 ** (depths.length - 1),
    sampleRate: options.sampling_rate,
    ...(!options.enable_fusion && { samples: samplesOf(options) }),
    features: (waveform) => htsatFeatures(waveform, options),
    encode: (features, scope) =>
      clapProjection(htsat(features, scope, options), 'audio_projection', scope, options),
  }
}
