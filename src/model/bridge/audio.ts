import {
  l2Normalize,
  linear,
  mean,
  reshape,
  slice,
  stack,
  type Graph,
  type Tensor,
} from '../../graph/index.js'
import { MUSICNN, musicnnLogMel } from '../towers/musicnn.js'
import { servingScope } from '../scope.js'
import { taggers } from './taggers.js'
import type { Weighting } from './weighting.js'

/** musicnn as trained on the Million Song Dataset, and on MagnaTagATune. */
const TAGGERS = 2

export interface BridgeAudio {
  /** Length of the waveform of one chunk. */
  readonly samples: number
  readonly weighting: Weighting
  readonly dim: number
  /** How wide filters are applied: see `taggers`. */
  readonly wide?: 'spectra' | 'direct'
}

/** A chunk's waveform to its vector: two taggers, and one linear layer whose columns are the tags' text vectors. */
export function bridgeAudio(graph: Graph, { samples, weighting, dim, wide }: BridgeAudio): Tensor {
  const { patchStarts } = weighting
  const waveform = graph.input('waveform', ['batch', samples])
  const logMel = musicnnLogMel(waveform)
  const heard = stack(
    patchStarts.map((start) => slice(logMel, { axis: 1, start, end: start + MUSICNN.frames })),
    { axis: 1 },
  ) // [batch, patches, frames, mels]
  const patches = reshape(heard, [-1, MUSICNN.frames, MUSICNN.mels])
  const count = TAGGERS * MUSICNN.tags
  const tags = taggers(patches, TAGGERS, servingScope(graph, 'audio.'), wide)
  const averaged = mean(reshape(tags, ['batch', patchStarts.length, count]), { axis: 1 })
  return l2Normalize(linear(averaged, graph.parameter('audio.tags.weight', [dim, count])))
}
