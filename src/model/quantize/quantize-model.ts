import type { NamedTensor } from '../../graph/index.js'
import type { ModelSource } from '../make.js'
import { quantizeGraph, scalesName } from './quantize-graph.js'
import { quantizeRows } from './rows.js'

/** Smaller ones are norms and biases: they weigh nothing, and their errors are felt everywhere. */
const SMALLEST_MATRIX = 4096

/**
 * A matrix whose rows lose more than this stays as it is: some of its columns are much larger than the others. Rows of normally
 * distributed numbers lose 0.007. In bridge the two dense layers lose 0.03, because the norm before them is folded into their columns;
 * with them in 8 bits a vector lost more than by all other layers together.
 */
const MOST_ERROR = 0.02

/** A model with its matrices in 8 bits, a scale for each output channel; a space of its own. */
export function quantizeModel(source: ModelSource): ModelSource {
  const chosen = new Set<string>()
  const weights = new Map<string, NamedTensor>()
  const codesOf = new Map<string, NamedTensor>()
  for (const [name, weight] of source.weights) {
    const size = weight.shape.reduce((a, b) => a * b, 1)
    const isMatrix = weight.shape.length >= 2 && size >= SMALLEST_MATRIX
    if (!isMatrix || (weight.dtype !== 'F32' && weight.dtype !== 'F16')) {
      weights.set(name, weight)
      continue
    }
    const { codes, scales, error } = quantizeRows(weight)
    if (error > MOST_ERROR) {
      weights.set(name, weight)
      continue
    }
    chosen.add(name)
    codesOf.set(name, codes)
    weights.set(scalesName(name), scales)
  }
  return {
    ...source,
    weights: new Map([...weights, ...codesOf]), // floats first, so that they lie on whole words
    audio: quantizeGraph(source.audio, chosen),
    text: quantizeGraph(source.text, chosen),
    ...(source.items && { items: { ...source.items, audio: quantizeGraph(source.items.audio, chosen) } }),
  }
}
