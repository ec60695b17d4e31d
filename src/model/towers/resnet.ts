import { z } from 'zod'
import {
  add,
  attention,
  avgPool,
  concat,
  conv2d,
  mean,
  relu,
  reshape,
  squeeze,
  slice,
  transpose,
  unsqueeze,
  type Dimension,
  type Tensor,
} from '../../graph/index.js'
import { normal, zeros } from '../initializer.js'
import type { Scope } from '../scope.js'
import type { AudioEncoder } from './encoder.js'
import { dense } from './layers.js'
import { SPECTROGRAM_OPTIONS, spectrogram } from './spectrogram.js'

const size = z.int().positive()

/** Sizes of CLIP's ModifiedResNet; the defaults are those of its RN50. */
export const RESNET_OPTIONS = SPECTROGRAM_OPTIONS.extend({
  /** Channels behind the stem; they double from stage to stage. */
  width: size.multipleOf(2).default(64),
  /** Bottlenecks of each stage. */
  layers: z.array(size).min(1).default([3, 4, 6, 3]),
  /** Of the attention pool. */
  heads: size.default(32),
  /** Length of the vectors. */
  output: size.default(1024),
  n_mels: size.default(128),
})
export type ResnetOptions = z.infer<typeof RESNET_OPTIONS>

const EXPANSION = 4

/**
 * CLIP's ModifiedResNet (Radford et al. 2021, section 2.4) over a log-mel spectrogram, as in MusCALL (Manco et al. 2022):
 * a stem of three convolutions, average pools in place of strided convolutions, and attention pooling.
 * Features [batch, frames, mels] to [batch, output], in CLIP's names.
 */
export function resnet(features: Tensor, scope: Scope, options: ResnetOptions): Tensor {
  const { output, heads } = options
  return attentionPool(resnetStages(features, scope, options).at(-1)!, scope.within('attnpool.'), {
    output,
    heads,
  })
}

/** What leaves the stem and each stage, [batch, channels, mels / 4 …, frames / 4 …]. */
export function resnetStages(features: Tensor, scope: Scope, { width, layers }: ResnetOptions): Tensor[] {
  let x = unsqueeze(transpose(features), 1)
  for (const [i, channels] of [width / 2, width / 2, width].entries()) {
    x = convolve(x, `conv${i + 1}`, channels, scope, { kernel: 3, stride: i === 0 ? 2 : 1 })
    x = relu(scope.batchNorm(x, `bn${i + 1}`))
  }
  x = avgPool(x, { kernel: 2 })
  const stages = [x]
  for (const [stage, count] of layers.entries())
    for (let block = 0; block < count; block++) {
      const stride = stage > 0 && block === 0 ? 2 : 1
      x = bottleneck(x, scope.within(`layer${stage + 1}.${block}.`), width * 2 ** stage, stride)
      stages[stage + 1] = x
    }
  return stages
}

/** He et al. 2016, with the stride as an average pool in front of the last convolution. */
function bottleneck(x: Tensor, scope: Scope, planes: number, stride: number): Tensor {
  const pooled = (y: Tensor): Tensor => (stride > 1 ? avgPool(y, { kernel: stride }) : y)
  const channels = planes * EXPANSION
  let y = relu(scope.batchNorm(convolve(x, 'conv1', planes, scope), 'bn1'))
  y = relu(scope.batchNorm(convolve(y, 'conv2', planes, scope, { kernel: 3 }), 'bn2'))
  scope.parameter('bn3.weight', [channels], zeros) // so each block begins as its shortcut
  y = scope.batchNorm(convolve(pooled(y), 'conv3', channels, scope), 'bn3')
  if (stride === 1 && x.shape[1] === channels) return relu(add(y, x))
  const shortcut = convolve(pooled(x), 'downsample.0', channels, scope)
  return relu(add(y, scope.batchNorm(shortcut, 'downsample.1')))
}

/** Attention whose only query is the mean of all places; the mean is also the first among keys and values. */
function attentionPool(
  x: Tensor,
  scope: Scope,
  { heads, output }: { heads: number; output: number },
): Tensor {
  const [batch, width, rows, columns] = x.shape as [Dimension, number, number, number]
  const init = normal(width ** -0.5)
  const places = transpose(reshape(x, [batch, width, rows * columns]))
  const tokens = concat([mean(places, { axis: 1, keepDims: true }), places], { axis: 1 })
  const located = add(tokens, scope.parameter('positional_embedding', [rows * columns + 1, width], init))
  const first = slice(located, { axis: 1, end: 1 })
  const { output: pooled } = attention(
    dense(first, 'q_proj', width, scope, { init }),
    dense(located, 'k_proj', width, scope, { init }),
    dense(located, 'v_proj', width, scope, { init }),
    { heads },
  )
  return dense(squeeze(pooled, 1), 'c_proj', output, scope, { init })
}

function convolve(
  x: Tensor,
  name: string,
  channels: number,
  scope: Scope,
  { kernel = 1, stride = 1 }: { kernel?: number; stride?: number } = {},
): Tensor {
  const weight = scope.parameter(`${name}.weight`, [channels, x.shape[1] as number, kernel, kernel])
  return conv2d(x, weight, { stride, padding: (kernel - 1) / 2 })
}

export function resnetEncoder(options: ResnetOptions): AudioEncoder {
  return {
    width: options.output,
    sampleRate: options.sample_rate,
    features: (waveform) => spectrogram(waveform, options),
    encode: (features, scope) => resnet(features, scope, options),
  }
}
