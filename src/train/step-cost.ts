import { multiplyAdds } from '../graph/index.js'
import { stepGraph, type StepDesign } from './step.js'

/**
 * Floating-point operations of a step for each pair, forward and back: those of matrix products and convolutions, by their
 * shapes. Front ends and frozen towers, whose outputs are computed once and kept, are not among them; what a large batch computes
 * again is.
 */
export function flopsPerPair(design: StepDesign): number {
  const { data } = design.recipe
  const { outputs } = stepGraph(design)
  const once = multiplyAdds(Object.values(outputs))
  const again = data.chunk < data.batch ? multiplyAdds([outputs['loss']]) : 0
  return (2 * (once + again)) / data.batch
}
