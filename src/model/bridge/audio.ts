import {
  l2Normalize,
  linear,
  mean,
  pow,
  reshape,
  slice,
  stack,
  type Graph,
  type Tensor,
} from '../../graph/index.js'
import { MUSICNN, musicnnLogMel } from '../towers/musicnn.js'
import { parameters } from '../towers/parameters.js'
import { taggers } from './taggers.js'

/** musicnn as trained on the Million Song Dataset, and on MagnaTagATune. */
const TAGGERS = 2

export interface BridgeAudio {
  /** Length of the waveform of one chunk. */
  readonly samples: number
  /** First frames of the patches. */
  readonly patchStarts: readonly number[]
  readonly gamma: number
  readonly dim: number
}

/** A chunk's waveform to its vector: two taggers, and one linear layer whose columns are the tags' text vectors. */
export function bridgeAudio(graph: Graph, { samples, patchStarts, gamma, dim }: BridgeAudio): Tensor {
  const waveform = graph.input('waveform', ['batch', samples])
  const logMel = musicnnLogMel(waveform)
  const heard = stack(
    patchStarts.map((start) => slice(logMel, { axis: 1, start, end: start + MUSICNN.frames })),
    { axis: 1 },
  ) // [batch, patches, frames, mels]
  const patches = reshape(heard, [-1, MUSICNN.frames, MUSICNN.mels])
  const count = TAGGERS * MUSICNN.tags
  const tags = taggers(patches, TAGGERS, parameters(graph, 'audio.'))
  const averaged = mean(reshape(tags, ['batch', patchStarts.length, count]), { axis: 1 })
  const weights = gamma === 1 ? averaged : pow(averaged, gamma)
  return l2Normalize(linear(weights, graph.parameter('audio.tags.weight', [dim, count])))
}
