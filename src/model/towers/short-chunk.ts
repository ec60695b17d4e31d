import { z } from 'zod'
import { amax, maxPool, relu, transpose, unsqueeze, type Tensor } from '../../graph/index.js'
import type { Scope } from '../scope.js'
import type { AudioEncoder } from './encoder.js'
import { dense } from './layers.js'
import { convolve3x3, residualBlock } from './residual-block.js'
import { decibelSpectrogram, SPECTROGRAM_OPTIONS } from './spectrogram.js'

const size = z.int().positive()

/**
 * The short-chunk CNN of Won et al. 2020, "Evaluation of CNN-based automatic music tagging models", in the names of its code,
 * https://github.com/minzwon/sota-music-tagging-models; the defaults are those of the one with residual connections.
 */
export const SHORT_CHUNK_OPTIONS = SPECTROGRAM_OPTIONS.extend({
  n_mels: size.default(128),
  /** Channels of the first layer; four times as many are the length of the vectors. */
  width: size.default(128),
  /** Blocks of convolutions with strides and a shortcut; else one convolution and a max pool each, as in Won et al. 2021. */
  residual: z.boolean().default(true),
  /** Behind the last layer. */
  dropout: z.number().min(0).lt(1).default(0.5),
})
export type ShortChunkOptions = z.infer<typeof SHORT_CHUNK_OPTIONS>

/** Channels of the seven layers, in widths; each halves mels and frames. */
const LAYERS = [1, 1, 2, 2, 2, 2, 4]

/**
 * Log-mel [batch, frames, n_mels] to [batch, 4 width], the layer before the tags: the largest over time and what is left of
 * the mels. The network sees 3.69 s in the paper; longer chunks only make that largest one of more places.
 */
export function shortChunk(features: Tensor, scope: Scope, options: ShortChunkOptions): Tensor {
  let x = scope.batchNorm(unsqueeze(transpose(features), 1), 'spec_bn')
  for (const [index, widths] of LAYERS.entries()) {
    const layer = scope.within(`layer${index + 1}.`)
    const channels = widths * options.width
    x = options.residual
      ? residualBlock(x, channels, layer, { stride: 2 })
      : maxPool(relu(layer.batchNorm(convolve3x3(x, 'conv', channels, layer), 'bn')), { kernel: 2 })
  }
  const heard = amax(x, { axis: [2, 3] })
  const y = relu(scope.batchNorm(dense(heard, 'dense1', heard.shape[1] as number, scope), 'bn'))
  return scope.dropout(y, options.dropout)
}

export function shortChunkEncoder(options: ShortChunkOptions): AudioEncoder {
  return {
    width: LAYERS.at(-1)! * options.width,
    sampleRate: options.sample_rate,
    features: (waveform) => decibelSpectrogram(waveform, options),
    encode: (features, scope) => shortChunk(features, scope, options),
  }
}
