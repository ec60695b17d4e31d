import { equal, stopGradient, where } from './elementwise.js'
import { unsqueeze } from './arrangement.js'
import { axisOf, type Tensor } from './graph.js'
import { shapeError } from './shape-error.js'

/**
 * Rows of weight [rows, width] for integer ids of any shape: [...ids, width].
 * The row of `paddingId` takes no gradient.
 */
export function embedding(weight: Tensor, ids: Tensor, { paddingId }: { paddingId?: number } = {}): Tensor {
  if (weight.rank !== 2) throw shapeError('embedding', `weight ${weight.toString()} must be [rows, width]`)
  checkIndex('embedding', ids)
  const shape = [...ids.shape, weight.shape[1]]
  const rows = weight.graph.apply('Gather', [weight, ids], { axis: 0 }, [{ shape, dtype: weight.dtype }])[0]
  return paddingId === undefined
    ? rows
    : where(unsqueeze(equal(ids, paddingId), -1), stopGradient(rows), rows)
}

/** Elements picked along one axis, each place its own: y[i, j, k] = x[i, index[i, j, k], k] for axis 1. */
export function gather(x: Tensor, index: Tensor, { axis }: { axis: number }): Tensor {
  const at = axisOf('gather', x, axis)
  checkIndex('gather', index)
  if (index.rank !== x.rank || index.shape.some((d, i) => i !== at && d !== x.shape[i]))
    throw shapeError('gather', `index ${index.toString()} differs from ${x.toString()} beside axis ${axis}`)
  return x.graph.apply('GatherElements', [x, index], { axis: at }, [
    { shape: index.shape, dtype: x.dtype },
  ])[0]
}

/** Whole slices picked along one axis: x[:, index] for axis 1. */
export function indexSelect(x: Tensor, index: Tensor, { axis }: { axis: number }): Tensor {
  const at = axisOf('indexSelect', x, axis)
  checkIndex('indexSelect', index)
  if (index.rank !== 1) throw shapeError('indexSelect', `index ${index.toString()} must have one axis`)
  const shape = x.shape.with(at, index.shape[0])
  return x.graph.apply('Gather', [x, index], { axis: at }, [{ shape, dtype: x.dtype }])[0]
}

/** Running sum along one axis, this element included. */
export function cumulativeSum(x: Tensor, { axis }: { axis: number }): Tensor {
  return x.graph.apply('CumSum', [x], { axis: axisOf('cumulativeSum', x, axis) }, [x])[0]
}

function checkIndex(op: string, index: Tensor): void {
  if (index.dtype !== 'int32' && index.dtype !== 'int64')
    throw shapeError(op, `${index.toString()} must hold int32 or int64`)
}
