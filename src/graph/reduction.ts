import { div, maximum, mul, square, sub, cast } from './elementwise.js'
import { unsqueeze } from './arrangement.js'
import { axisOf, type Tensor } from './graph.js'
import type { OperatorName } from './operators.js'
import { shapeError } from './shape-error.js'

export interface ReductionOptions {
  /** @default all axes */
  readonly axis?: number | readonly number[]
  /** Keep reduced axes with length 1. @default false */
  readonly keepDims?: boolean
}

export const mean = (x: Tensor, options: ReductionOptions = {}): Tensor =>
  reduce('mean', 'ReduceMean', x, options)
export const sum = (x: Tensor, options: ReductionOptions = {}): Tensor =>
  reduce('sum', 'ReduceSum', x, options)
export const amax = (x: Tensor, options: ReductionOptions = {}): Tensor =>
  reduce('amax', 'ReduceMax', x, options)
export const amin = (x: Tensor, options: ReductionOptions = {}): Tensor =>
  reduce('amin', 'ReduceMin', x, options)
/** ln of the sum of e^x, without overflow. */
export const logSumExp = (x: Tensor, options: ReductionOptions = {}): Tensor =>
  reduce('logSumExp', 'ReduceLogSumExp', x, options)
/** Euclidean length. */
export const norm = (x: Tensor, options: ReductionOptions = {}): Tensor =>
  reduce('norm', 'ReduceL2', x, options)

/** Biased variance: the mean squared distance from the mean. */
export function variance(x: Tensor, options: ReductionOptions = {}): Tensor {
  return mean(square(sub(x, mean(x, { ...options, keepDims: true }))), options)
}

/** x / max(‖x‖, epsilon) along one axis. */
export function l2Normalize(
  x: Tensor,
  { axis = -1, epsilon = 1e-12 }: { axis?: number; epsilon?: number } = {},
): Tensor {
  return div(x, maximum(norm(x, { axis, keepDims: true }), epsilon))
}

/** Mean over axis 1 of x [batch, tokens, …] where mask [batch, tokens] is 1; rows without any 1 give 0. */
export function maskedMean(x: Tensor, mask: Tensor): Tensor {
  if (mask.rank !== 2 || x.rank < 2 || mask.shape[0] !== x.shape[0] || mask.shape[1] !== x.shape[1])
    throw shapeError('maskedMean', `mask ${mask.toString()} is not the first two axes of ${x.toString()}`)
  let weights = cast(mask, x.dtype)
  for (let axis = 2; axis < x.rank; axis++) weights = unsqueeze(weights, -1)
  return div(sum(mul(x, weights), { axis: 1 }), maximum(sum(weights, { axis: 1 }), 1e-9))
}

function reduce(
  name: string,
  op: OperatorName,
  x: Tensor,
  { axis, keepDims = false }: ReductionOptions,
): Tensor {
  const given = axis === undefined ? x.shape.map((_, i) => i) : typeof axis === 'number' ? [axis] : axis
  const axes = [...new Set(given.map((i) => axisOf(name, x, i)))].sort((a, b) => a - b)
  if (axes.length === 0) return x
  const shape = keepDims
    ? x.shape.map((d, i) => (axes.includes(i) ? 1 : d))
    : x.shape.filter((_, i) => !axes.includes(i))
  return x.graph.apply(op, [x], { axes, keepdims: keepDims ? 1 : 0 }, [{ shape, dtype: x.dtype }])[0]
}
