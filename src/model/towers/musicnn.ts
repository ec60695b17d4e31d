import {
  add,
  amax,
  concat,
  conv1d,
  conv2d,
  logMel,
  mean,
  relu,
  reshape,
  sigmoid,
  squeeze,
  stack,
  transpose,
  unsqueeze,
  type LogMelOptions,
  type Tensor,
} from '../../graph/index.js'
import type { Scope } from '../scope.js'
import type { AudioEncoder } from './encoder.js'
import { dense } from './layers.js'
import { overPatches } from './patches.js'

/** Pons & Serra 2019, https://github.com/jordipons/musicnn: the sizes of the published networks. */
export const MUSICNN = {
  /** Frames that the network sees at once: 3 s. */
  frames: 187,
  mels: 96,
  tags: 50,
  penultimate: 200,
  batchNormEpsilon: 1e-3, // TensorFlow's default
  batchNormMomentum: 0.01, // TensorFlow's default, 0.99 of the old
  timbral: { filters: 204, heights: [38, 67], frames: 7 },
  temporal: { filters: 51, frames: [128, 64, 32] },
  midend: { layers: 3, filters: 64, frames: 7 },
} as const

/** The five convolutions that look at the spectrogram: kernels in frames and mels. */
export const BRANCHES: readonly { name: string; filters: number; kernel: readonly [number, number] }[] = [
  ...MUSICNN.timbral.heights.map((height, i) => ({
    name: `timbral${i}`,
    filters: MUSICNN.timbral.filters,
    kernel: [MUSICNN.timbral.frames, height] as const,
  })),
  ...MUSICNN.temporal.frames.map((frames, i) => ({
    name: `temporal${i}`,
    filters: MUSICNN.temporal.filters,
    kernel: [frames, 1] as const,
  })),
]

/** librosa's mel spectrogram with its defaults, compressed as musicnn does. */
export const MUSICNN_LOG_MEL: LogMelOptions = {
  sampleRate: 16_000,
  nFft: 512,
  hopLength: 256,
  center: true,
  padMode: 'constant',
  window: 'periodic',
  nMels: MUSICNN.mels,
  melScale: 'slaney',
  norm: 'slaney',
  compression: { kind: 'log10', scale: 10_000, offset: 1 },
}

/** Waveforms [batch, samples] at 16 kHz to log-mel [batch, frames, 96]. */
export function musicnnLogMel(waveform: Tensor): Tensor {
  return logMel(waveform, MUSICNN_LOG_MEL)
}

export interface MusicnnOutputs {
  /** Probabilities, [batch, 50]. */
  readonly tags: Tensor
  /** The layer before them, [batch, 200]. */
  readonly penultimate: Tensor
}

/** Patches of log-mel [batch, 187, 96] to tags, layer for layer as published. */
export function musicnn(patches: Tensor, scope: Scope): MusicnnOutputs {
  const { tags } = MUSICNN
  const penultimate = musicnnPenultimate(patches, scope)
  return { tags: sigmoid(dense(penultimate, 'backend.tags', tags, scope)), penultimate }
}

/** The network without its last layer: patches of log-mel [batch, 187, 96] to [batch, 200]. */
export function musicnnPenultimate(patches: Tensor, scope: Scope): Tensor {
  const { penultimate } = MUSICNN
  const { layers, filters, frames } = MUSICNN.midend
  const normalize = (x: Tensor, name: string): Tensor =>
    scope.batchNorm(x, name, { epsilon: MUSICNN.batchNormEpsilon, momentum: MUSICNN.batchNormMomentum })
  const image = normalize(unsqueeze(patches, 1), 'input_norm') // [batch, 1, frames, mels]

  const branches = BRANCHES.map(({ name, filters, kernel }) => {
    const sides = kernel[0] - 1
    const y = conv2d(image, scope.parameter(`frontend.${name}.conv.weight`, [filters, 1, ...kernel]), {
      bias: scope.parameter(`frontend.${name}.conv.bias`, [filters]),
      padding: [Math.floor(sides / 2), 0, Math.ceil(sides / 2), 0], // in time only
    })
    return amax(normalize(relu(y), `frontend.${name}.norm`), { axis: 3 })
  })
  const front = concat(branches, { axis: 1 }) // [batch, 561, frames]

  const maps = [front]
  for (let layer = 0; layer < layers; layer++) {
    const x = maps[layer]
    const channels = x.shape[1] as number
    // Published as an image of one channel, [filters, 1, frames, channels], over which the kernel reaches whole.
    const weight = scope.parameter(`midend.${layer}.conv.weight`, [filters, 1, frames, channels])
    const y = conv1d(x, transpose(squeeze(weight, 1)), {
      bias: scope.parameter(`midend.${layer}.conv.bias`, [filters]),
      padding: 3,
    })
    const z = normalize(relu(y), `midend.${layer}.norm`)
    maps.push(layer === 0 ? z : add(z, x))
  }

  const all = concat(maps, { axis: 1 }) // [batch, 753, frames]
  const pooled = stack([amax(all, { axis: 2 }), mean(all, { axis: 2 })], { axis: 2 })
  const width = 2 * (all.shape[1] as number)
  const x = normalize(reshape(pooled, [pooled.shape[0], width]), 'backend.pool_norm')
  return normalize(relu(dense(x, 'backend.dense', penultimate, scope)), 'backend.dense_norm')
}

/** The mean over patches of 3 s, as the published network reads a track; what is left at the end is not heard. */
export const MUSICNN_ENCODER: AudioEncoder = {
  width: MUSICNN.penultimate,
  sampleRate: MUSICNN_LOG_MEL.sampleRate,
  features: musicnnLogMel,
  encode(features, scope) {
    const patches = overPatches(features, { length: MUSICNN.frames, hop: MUSICNN.frames })
    return patches.mean(musicnnPenultimate(patches.all, scope))
  },
}
