import { z } from 'zod'
import { AntiphonError } from '../../errors/index.js'
import {
  add,
  concat,
  expand,
  gelu,
  reshape,
  slice,
  squeeze,
  transpose,
  unsqueeze,
  type Dimension,
  type Tensor,
} from '../../graph/index.js'
import { normal } from '../initializer.js'
import type { Scope } from '../scope.js'
import type { AudioEncoder } from './encoder.js'
import { dense, normalize } from './layers.js'
import { packedAttention } from './packed-attention.js'
import { residualBlock } from './residual-block.js'
import { decibelSpectrogram, SPECTROGRAM_OPTIONS } from './spectrogram.js'

const size = z.int().positive()

/**
 * The Music Tagging Transformer (Won et al. 2021, "Semi-supervised music tagging transformer") as it is in TTMR (Doh et al.
 * 2023), whose sizes are the defaults: https://github.com/seungheondoh/music-text-representation, there `MusicTransformer`
 * behind `ResFrontEnd`, and so are the names. Won et al. have `conv_ndim` 16, three `pools`, [2, 2], [2, 2], [2, 1], at
 * 22,050 Hz with a hop of 512.
 */
export const MUSIC_TRANSFORMER_OPTIONS = SPECTROGRAM_OPTIONS.extend({
  n_fft: size.multipleOf(2).default(1024),
  hop_length: size.default(160),
  n_mels: size.default(128),
  /** Channels of the convolutions. */
  conv_ndim: size.default(128),
  /** Max pools of mels and frames: a residual block each. */
  pools: z
    .array(z.tuple([size, size]))
    .min(1)
    .default([
      [2, 2],
      [2, 2],
      [2, 2],
      [2, 2],
    ]),
  attention_ndim: size.default(256),
  attention_nheads: size.default(8),
  attention_nlayers: size.default(4),
  /** Places that have a vector of their own, the class token's aside: the longest chunk, in frames behind the pools. */
  attention_max_len: size.default(512),
  dropout: z.number().min(0).lt(1).default(0.1),
})
export type MusicTransformerOptions = z.infer<typeof MUSIC_TRANSFORMER_OPTIONS>

const EPSILON = 1e-5 // PyTorch's default

// Of BERT and vision transformers. Published code draws positions and class token with a deviation of 1, beside which
// what is heard is small at first.
const PLACES = normal(0.02)

/**
 * Log-mel [batch, frames, n_mels] to [batch, attention_ndim]: residual convolutions, whose columns over mels and channels are
 * tokens, a class token in front, and pre-norm blocks; the class token, normalised.
 */
export function musicTransformer(features: Tensor, scope: Scope, options: MusicTransformerOptions): Tensor {
  const { attention_ndim: width, attention_max_len: most } = options
  const heard = frontend(features, scope.within('frontend.'), options)
  const [batch, count] = heard.shape
  if (typeof count !== 'number' || count > most)
    throw new AntiphonError(
      'shape',
      `music_transformer: ${count} tokens of ${features.toString()}, but attention_max_len is ${most}`,
    )
  const first = expand(scope.parameter('cls_token', [width], PLACES), [batch, 1, width])
  const places = scope.parameter('pos_embedding', [1, most + 1, width], PLACES)
  const tokens = add(concat([first, heard], { axis: 1 }), slice(places, { axis: 1, end: count + 1 }))
  let x = scope.dropout(tokens, options.dropout)
  for (let index = 0; index < options.attention_nlayers; index++)
    x = block(x, scope.within(`transformer.layers.${index}.`), options)
  return normalize(squeeze(slice(x, { axis: 1, end: 1 }), 1), 'mlp_head.0', scope, EPSILON)
}

/** Tokens [batch, frames behind the pools, attention_ndim]. */
function frontend(features: Tensor, scope: Scope, options: MusicTransformerOptions): Tensor {
  let x = scope.batchNorm(unsqueeze(transpose(features), 1), 'input_bn')
  for (const [index, pool] of options.pools.entries())
    x = residualBlock(x, options.conv_ndim, scope.within(`layer${index + 1}.`), { pool })
  const [batch, channels, mels, frames] = x.shape as [Dimension, number, number, number]
  const columns = reshape(transpose(x, [0, 3, 1, 2]), [batch, frames, channels * mels])
  return dense(columns, 'fc', options.attention_ndim, scope)
}

function block(x: Tensor, scope: Scope, options: MusicTransformerOptions): Tensor {
  const { attention_ndim: width, attention_nheads: heads, dropout } = options
  const [attend, feed] = [scope.within('0.fn.'), scope.within('1.fn.')]
  const context = packedAttention(normalize(x, 'norm', attend, EPSILON), {
    weight: attend.parameter('fn.to_qkv.weight', [3 * width, width]),
    heads,
  })
  const y = add(x, scope.dropout(dense(context, 'fn.to_out.0', width, attend), dropout))
  const inner = gelu(dense(normalize(y, 'norm', feed, EPSILON), 'fn.net.0', 4 * width, feed))
  const outer = dense(scope.dropout(inner, dropout), 'fn.net.3', width, feed)
  return add(y, scope.dropout(outer, dropout))
}

export function musicTransformerEncoder(options: MusicTransformerOptions): AudioEncoder {
  const { attention_ndim: width, attention_nheads: heads } = options
  if (width % heads !== 0)
    throw new AntiphonError(
      'usage',
      `music_transformer: an attention_ndim of ${width} does not divide into ${heads} attention_nheads`,
    )
  return {
    width,
    sampleRate: options.sample_rate,
    features: (waveform) => decibelSpectrogram(waveform, options),
    encode: (features, scope) => musicTransformer(features, scope, options),
  }
}
