import type { AudioSpec } from '../audio/index.js'

/** Where a chunk lies in a waveform; what is shorter than a chunk is repeated until it is full. */
export interface Cut {
  /** Samples. */
  readonly from: number
  readonly length: number
}

export const chunkSamples = ({ sampleRate, chunkSeconds }: AudioSpec): number =>
  Math.max(1, Math.round(chunkSeconds * sampleRate))

/** The chunks that `chunks` of src/audio makes of so many samples, without the samples. */
export function windows(samples: number, spec: AudioSpec): Cut[] {
  const size = chunkSamples(spec)
  const hop = Math.max(1, Math.round(spec.hopSeconds * spec.sampleRate))
  const minRest = Math.max(1, Math.round(spec.minRestSeconds * spec.sampleRate))
  const cuts: Cut[] = []
  let from = 0
  for (; from + size <= samples; from += hop) cuts.push({ from, length: size })
  const covered = cuts.length > 0 ? from - hop + size : 0
  const rest = samples - Math.max(covered, from)
  if (rest > 0 && (rest >= minRest || covered === 0)) cuts.push({ from, length: samples - from })
  return cuts
}

/** A chunk's worth of samples from a place that `uniform`, in [0, 1), says. */
export function cutAt(uniform: number, samples: number, size: number): Cut {
  if (samples <= size) return { from: 0, length: samples }
  return { from: Math.floor(uniform * (samples - size + 1)), length: size }
}

/** Fills the rest of a chunk with what stands at its beginning, over and over. */
export function repeatUntilFull(chunk: Float32Array, filled: number): void {
  for (let at = filled; at < chunk.length; at += filled)
    chunk.copyWithin(at, 0, Math.min(filled, chunk.length - at))
}
