import { z } from 'zod'
import { conv1d, div, logMel, maxPool, mean, relu, sub, transpose, type Tensor } from '../../graph/index.js'
import { heUniform } from '../initializer.js'
import type { Scope } from '../scope.js'
import type { AudioEncoder } from './encoder.js'

const size = z.int().positive()

/**
 * The audio model of Choi et al. 2019, "Zero-shot learning for audio-based music classification and tagging"; layers and
 * spectrogram are those of the authors' code, https://github.com/kunimi00/ZSL_music_tagging.
 */
export const CONV1D_OPTIONS = z.strictObject({
  /** Hz */
  sample_rate: size.default(22_050),
  n_fft: size.multipleOf(2).default(1024),
  hop_length: size.default(512),
  n_mels: size.default(128),
  /** Mean and standard deviation of the compressed spectrograms; those of the Million Song Dataset. */
  mean: z.number().default(0.2262),
  std: z.number().positive().default(0.2579),
  /** Channels of the hidden layers. */
  width: size.default(128),
  /** Length of the vectors. */
  output: size.default(100),
  /** Batch norm behind each hidden convolution, which the paper's network has not. */
  batch_norm: z.boolean().default(false),
})
export type Conv1dOptions = z.infer<typeof CONV1D_OPTIONS>

/** Hidden layers: frames of the kernel, and of the max pool behind it. */
const LAYERS = [
  { kernel: 4, pool: 4 },
  { kernel: 4, pool: 4 },
  { kernel: 4, pool: 4 },
  { kernel: 2, pool: 2 },
]

/** Waveforms [batch, samples] to log-mel [batch, frames, n_mels]: log10(1 + 10 magnitude), standardised. */
function features(waveform: Tensor, options: Conv1dOptions): Tensor {
  const logs = logMel(waveform, {
    sampleRate: options.sample_rate,
    nFft: options.n_fft,
    hopLength: options.hop_length,
    nMels: options.n_mels,
    melScale: 'slaney',
    norm: 'slaney',
    power: 1,
    compression: { kind: 'log10', scale: 10, offset: 1 },
  })
  return div(sub(logs, options.mean), options.std)
}

/** Convolutions over time, mels being the channels: log-mel [batch, frames, n_mels] to [batch, output], the mean over time. */
function encode(spectrogram: Tensor, scope: Scope, { width, output, batch_norm }: Conv1dOptions): Tensor {
  const convolve = (x: Tensor, layer: number, channels: number, kernel: number): Tensor =>
    conv1d(x, scope.parameter(`conv_${layer}.weight`, [channels, x.shape[1] as number, kernel], heUniform), {
      bias: scope.parameter(`conv_${layer}.bias`, [channels]),
      padding: 'same',
    })
  let x = transpose(spectrogram)
  for (const [index, { kernel, pool }] of LAYERS.entries()) {
    const y = convolve(x, index + 1, width, kernel)
    x = maxPool(relu(batch_norm ? scope.batchNorm(y, `bn_${index + 1}`) : y), { kernel: pool })
  }
  return mean(convolve(x, LAYERS.length + 1, output, 1), { axis: 2 })
}

export function conv1dEncoder(options: Conv1dOptions): AudioEncoder {
  return {
    width: options.output,
    sampleRate: options.sample_rate,
    features: (waveform) => features(waveform, options),
    encode: (spectrogram, scope) => encode(spectrogram, scope, options),
  }
}
