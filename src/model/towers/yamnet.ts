import {
  compress,
  conv2d,
  matmul,
  mean,
  melFilterBank,
  relu,
  sigmoid,
  sqrt,
  stftPower,
  transpose,
  unsqueeze,
  type MelOptions,
  type StftOptions,
  type Tensor,
} from '../../graph/index.js'
import type { Scope } from '../scope.js'
import type { AudioEncoder } from './encoder.js'
import { dense } from './layers.js'
import { overPatches } from './patches.js'

/** https://github.com/tensorflow/models/tree/master/research/audioset/yamnet */
export const YAMNET = {
  /** Frames that the network sees at once: 0.96 s; patches overlap by half. */
  frames: 96,
  patchHop: 48,
  mels: 64,
  classes: 521,
  embedding: 1024,
} as const

const SPECTRUM: StftOptions = {
  nFft: 512,
  winLength: 400,
  windowPlacement: 'start',
  hopLength: 160,
  center: false,
}
const FILTERS: MelOptions = {
  sampleRate: 16_000,
  nFft: 512,
  nMels: YAMNET.mels,
  melScale: 'htk',
  triangles: 'mel',
  fMin: 125,
  fMax: 7500,
}
const FILTER_STEPS = 127 // the published 8-bit file stores the filters in steps of 1/127 of the tallest

const STEM_CHANNELS = 32
/** Stride and channels of each depthwise separable layer: MobileNet v1 (Howard et al. 2017). */
const LAYERS: readonly (readonly [stride: number, channels: number])[] = [
  [1, 64],
  [2, 128],
  [1, 128],
  [2, 256],
  [1, 256],
  [2, 512],
  [1, 512],
  [1, 512],
  [1, 512],
  [1, 512],
  [1, 512],
  [2, 1024],
  [1, 1024],
]

/** Waveforms [batch, samples] at 16 kHz to log-mel [batch, frames, 64]: ln(filters |STFT| + 0.001). */
export function yamnetLogMel(waveform: Tensor): Tensor {
  const exact = melFilterBank(FILTERS)
  const step = Math.max(...exact) / FILTER_STEPS
  const filters = waveform.graph.constant(
    exact.map((weight) => Math.round(weight / step) * step),
    [YAMNET.mels, FILTERS.nFft / 2 + 1],
  )
  const mel = matmul(filters, sqrt(stftPower(waveform, SPECTRUM)))
  return transpose(compress(mel, { kind: 'log', offset: 0.001 }))
}

export interface YamnetOutputs {
  /** Probabilities of AudioSet's classes, [batch, 521]. */
  readonly scores: Tensor
  /** [batch, 1024] */
  readonly embeddings: Tensor
}

/** Patches of log-mel [batch, 96, 64] to scores; the batch norms are folded into the weights. */
export function yamnet(patches: Tensor, scope: Scope): YamnetOutputs {
  const embeddings = yamnetEmbeddings(patches, scope)
  return { scores: sigmoid(dense(embeddings, 'classifier', YAMNET.classes, scope)), embeddings }
}

/** The network without its classifier: patches of log-mel [batch, 96, 64] to [batch, 1024]. */
export function yamnetEmbeddings(patches: Tensor, scope: Scope): Tensor {
  let channels = STEM_CHANNELS
  let x = conv2d(unsqueeze(patches, 1), scope.parameter('conv1.weight', [channels, 1, 3, 3]), {
    bias: scope.parameter('conv1.bias', [channels]),
    stride: 2,
    padding: 'same',
  })
  for (const [index, [stride, out]] of LAYERS.entries()) {
    const layer = scope.within(`layer${index + 2}.`)
    x = conv2d(relu(x), layer.parameter('depthwise.weight', [channels, 1, 3, 3]), {
      bias: layer.parameter('depthwise.bias', [channels]),
      stride,
      padding: 'same',
      groups: channels,
    })
    x = conv2d(relu(x), layer.parameter('pointwise.weight', [out, channels, 1, 1]), {
      bias: layer.parameter('pointwise.bias', [out]),
    })
    channels = out
  }
  return mean(relu(x), { axis: [2, 3] })
}

/** The mean over patches of 0.96 s, half overlapping, as published. */
export const YAMNET_ENCODER: AudioEncoder = {
  width: YAMNET.embedding,
  sampleRate: FILTERS.sampleRate,
  features: yamnetLogMel,
  encode(features, scope) {
    const patches = overPatches(features, { length: YAMNET.frames, hop: YAMNET.patchHop })
    return patches.mean(yamnetEmbeddings(patches.all, scope))
  },
}
