import { expand, reshape } from '../arrangement.js'
import { cast, div, equal, exp, mul, sub, where } from '../elementwise.js'
import { knownSize, type GraphNode, type Tensor } from '../graph.js'
import type { OperatorName } from '../operators.js'
import { sum } from '../reduction.js'
import { single, type Rule } from './rule.js'

export const REDUCTION_RULES: Partial<Record<OperatorName, Rule>> = {
  ReduceSum: single((g, x, _, node) => expand(kept(g, x, node), x.shape)),
  ReduceMean: single((g, x, _, node) => {
    const count = axesOf(node).reduce((n, axis) => n * knownSize('mean', x, axis), 1)
    return expand(kept(mul(g, 1 / count), x, node), x.shape)
  }),
  // The largest (or smallest) elements share the gradient equally, as in PyTorch.
  ReduceMax: single(toExtremes),
  ReduceMin: single(toExtremes),
  // The softmax; what is left of large numbers after subtracting needs its own sum to make up 1.
  ReduceLogSumExp: single((g, x, y, node) => {
    const shares = exp(sub(x, kept(y, x, node)))
    const total = sum(shares, { axis: axesOf(node), keepDims: true })
    return mul(div(kept(g, x, node), total), shares)
  }),
  // A vector of zeros has no direction: its gradient is 0, as in PyTorch.
  ReduceL2: single((g, x, y, node) => {
    const perLength = where(equal(y, 0), 0, div(g, y))
    return mul(kept(perLength, x, node), x)
  }),
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
