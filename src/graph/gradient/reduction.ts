import { expand, reshape } from '../arrangement.js'
import { cast, div, equal, exp, maximum, mul, sub } from '../elementwise.js'
import { knownSize, type GraphNode, type Tensor } from '../graph.js'
import type { OperatorName } from '../operators.js'
import { sum } from '../reduction.js'
import { single, type Rule } from './rule.js'

const SMALLEST_NORMAL = 1.17549435e-38 // of float32

export const REDUCTION_RULES: Partial<Record<OperatorName, Rule>> = {
  ReduceSum: single((g, x, _, node) => expand(kept(g, x, node), x.shape)),
  ReduceMean: single((g, x, _, node) => {
    const count = axesOf(node).reduce((n, axis) => n * knownSize('mean', x, axis), 1)
    return expand(kept(mul(g, 1 / count), x, node), x.shape)
  }),
  // The largest (or smallest) elements share the gradient equally, as in PyTorch.
  ReduceMax: single(toExtremes),
  ReduceMin: single(toExtremes),
  ReduceLogSumExp: single((g, x, y, node) => mul(kept(g, x, node), exp(sub(x, kept(y, x, node))))),
  // A vector of zeros has no direction: its gradient is 0, as in PyTorch.
  ReduceL2: single((g, x, y, node) => mul(kept(div(g, maximum(y, SMALLEST_NORMAL)), x, node), x)),
}

function toExtremes(g: Tensor, x: Tensor, y: Tensor, node: GraphNode): Tensor {
  const extreme = cast(equal(x, kept(y, x, node)), 'float32')
  const count = sum(extreme, { axis: axesOf(node), keepDims: true })
  return mul(div(kept(g, x, node), count), extreme)
}

function axesOf({ attributes }: GraphNode): number[] {
  return attributes['axes'] as number[]
}

/** What was reduced of x, with the reduced axes back at length 1. */
function kept(reduced: Tensor, x: Tensor, node: GraphNode): Tensor {
  const axes = axesOf(node)
  return reshape(
    reduced,
    x.shape.map((d, axis) => (axes.includes(axis) ? 1 : d)),
  )
}
