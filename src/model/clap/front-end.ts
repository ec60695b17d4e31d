import {
  expand,
  Graph,
  l2Normalize,
  less,
  logMel,
  slice,
  toOnnx,
  unsqueeze,
  type Tensor,
} from '../../graph/index.js'

/** How CLAP (Wu et al. 2023) sees a chunk. */
export interface ClapFrontEnd {
  /** Length of a chunk. */
  readonly samples: number
  /** Hz, as all frequencies here. */
  readonly sampleRate: number
  readonly nFft: number
  readonly hopLength: number
  readonly nMels: number
  readonly fMin: number
  readonly fMax: number
  /** `fusion` models look at long clips from four distances, and have mel filters of their own. */
  readonly truncation: 'rand_trunc' | 'fusion'
}

const QUIETEST_POWER = 1e-10 // the floor of transformers' power_to_db: -100 dB

/** Log-mel in decibels, [batch, frames, mels], of chunks [batch, samples]. */
export function clapLogMel(waveform: Tensor, how: Omit<ClapFrontEnd, 'samples'>): Tensor {
  const fusion = how.truncation === 'fusion'
  return logMel(waveform, {
    ...how,
    melScale: fusion ? 'htk' : 'slaney',
    norm: fusion ? null : 'slaney',
    compression: { kind: 'decibel', floor: QUIETEST_POWER },
  })
}

/** The same as [batch, views, frames, mels]: one view, or four equal ones for `fusion`. */
export function clapFeatures(waveform: Tensor, how: ClapFrontEnd): Tensor {
  const mel = unsqueeze(clapLogMel(waveform, how), 1)
  const [batch, , frames, mels] = mel.shape
  return how.truncation === 'fusion' ? expand(mel, [batch, 4, frames, mels]) : mel
}

/**
 * The program before the audio tower, from `waveform` to the inputs of transformers' ClapModel. `is_longer` is false: a chunk is
 * never longer than what the model sees. (transformers marks one short clip of every batch as long, which is for training.)
 */
export function clapFrontEndProgram(how: ClapFrontEnd): Uint8Array {
  const graph = new Graph()
  const waveform = graph.input('waveform', ['batch', how.samples])
  const first = slice(waveform, { axis: 1, end: 1 })
  return toOnnx({
    outputs: { input_features: clapFeatures(waveform, how), is_longer: less(first, first) },
  })
}

/** The program behind a tower, from its projection, of the given name, to the unit vector `embedding`. */
export function unitNormProgram(name: string, dim: number): Uint8Array {
  return toOnnx({ outputs: { embedding: l2Normalize(new Graph().input(name, ['batch', dim])) } })
}
