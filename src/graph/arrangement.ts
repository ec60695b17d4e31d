import {
  exactQuotient,
  formatShape,
  product,
  sameShape,
  sum,
  type Dimension,
  type Shape,
} from './dimension.js'
import { axisOf, type Tensor } from './graph.js'
import { shapeError } from './shape-error.js'

/** Same elements in another shape; one dimension may be -1, computed from the rest. */
export function reshape(x: Tensor, shape: Shape): Tensor {
  const target = [...shape]
  const open = target.indexOf(-1)
  if (open >= 0) {
    const rest = target.filter((_, axis) => axis !== open)
    const size = rest.includes(-1) ? undefined : exactQuotient(product(x.shape), product(rest))
    if (size === undefined)
      throw shapeError('reshape', `${x.toString()} does not divide into ${formatShape(shape)}`)
    target[open] = size
  }
  if (product(target) !== product(x.shape))
    throw shapeError('reshape', `${x.toString()} has other elements than ${formatShape(shape)}`)
  if (sameShape(target, x.shape)) return x
  return x.graph.apply('Reshape', [x], { shape: target }, [{ shape: target, dtype: x.dtype }])[0]
}

/** Permutes axes: axis i of the result is axis `order[i]` of x. Without `order` the last two are swapped. */
export function transpose(x: Tensor, order?: readonly number[]): Tensor {
  if (!order && x.rank < 2) throw shapeError('transpose', `${x.toString()} has no two axes`)
  const axes = x.shape.map((_, axis) => axis)
  const perm = (order ?? [...axes.slice(0, -2), x.rank - 1, x.rank - 2]).map((axis) =>
    axisOf('transpose', x, axis),
  )
  if (perm.length !== x.rank || new Set(perm).size !== x.rank)
    throw shapeError(
      'transpose',
      `[${(order ?? []).join(', ')}] is not an order of the axes of ${x.toString()}`,
    )
  if (perm.every((axis, i) => axis === i)) return x
  return x.graph.apply('Transpose', [x], { perm }, [
    { shape: perm.map((axis) => x.shape[axis]), dtype: x.dtype },
  ])[0]
}

/** Repeats axes of length 1 (and missing leading axes) up to `shape`. */
export function expand(x: Tensor, shape: Shape): Tensor {
  const offset = shape.length - x.rank
  const fits = offset >= 0 && x.shape.every((d, axis) => d === 1 || d === shape[axis + offset])
  if (!fits) throw shapeError('expand', `${x.toString()} does not expand to ${formatShape(shape)}`)
  if (sameShape(x.shape, shape)) return x
  return x.graph.apply('Expand', [x], { shape: [...shape] }, [{ shape: [...shape], dtype: x.dtype }])[0]
}

/** Adds an axis of length 1 in front of `axis` (-1: at the end). */
export function unsqueeze(x: Tensor, axis: number): Tensor {
  const at = axis < 0 ? axis + x.rank + 1 : axis
  if (at < 0 || at > x.rank) throw shapeError('unsqueeze', `no place ${axis} in ${x.toString()}`)
  return reshape(x, [...x.shape.slice(0, at), 1, ...x.shape.slice(at)])
}

/** Drops an axis of length 1. */
export function squeeze(x: Tensor, axis: number): Tensor {
  const at = axisOf('squeeze', x, axis)
  if (x.shape[at] !== 1) throw shapeError('squeeze', `axis ${axis} of ${x.toString()} is not of length 1`)
  return reshape(x, x.shape.toSpliced(at, 1))
}

export interface SliceRange {
  readonly axis: number
  /** @default 0 */
  readonly start?: number
  /** Excluded; negative counts from the end. @default the end */
  readonly end?: number
  /** @default 1 */
  readonly step?: number
}

const TO_THE_END = 2 ** 31 - 1

/** Ranges of one or more axes, as Python's x[start:end:step]. */
export function slice(x: Tensor, ...ranges: readonly SliceRange[]): Tensor {
  const shape: Dimension[] = [...x.shape]
  const axes: number[] = []
  const starts: number[] = []
  const ends: number[] = []
  const steps: number[] = []
  for (const { axis, start = 0, end = TO_THE_END, step = 1 } of ranges) {
    const at = axisOf('slice', x, axis)
    if (axes.includes(at)) throw shapeError('slice', `axis ${axis} of ${x.toString()} is given twice`)
    if (!(Number.isInteger(step) && step > 0)) throw shapeError('slice', `step ${step}, expected 1 or more`)
    shape[at] = rangeLength(x, at, start, end, step)
    axes.push(at)
    starts.push(start)
    ends.push(end)
    steps.push(step)
  }
  if (sameShape(shape, x.shape)) return x
  return x.graph.apply('Slice', [x], { starts, ends, axes, steps }, [{ shape, dtype: x.dtype }])[0]
}

function rangeLength(x: Tensor, axis: number, start: number, end: number, step: number): Dimension {
  const size = x.shape[axis]
  if (typeof size === 'number') {
    const first = Math.min(size, start < 0 ? Math.max(0, size + start) : start)
    const last = Math.min(size, end < 0 ? size + end : end)
    if (last <= first)
      throw shapeError(
        'slice',
        `${start}:${end === TO_THE_END ? '' : end} of axis ${axis} of ${x.toString()} is empty`,
      )
    return Math.ceil((last - first) / step)
  }
  if (start >= 0 && end !== TO_THE_END && end >= 0) {
    if (end <= start) throw shapeError('slice', `${start}:${end} of axis ${axis} of ${x.toString()} is empty`)
    return Math.ceil((end - start) / step) // the axis is trusted to be long enough
  }
  const open = end === TO_THE_END ? 0 : end
  const span = start < 0 ? open - start : sum(size, open - start)
  if (typeof span === 'number') return Math.ceil(span / step)
  return step === 1 ? span : `ceil(${span}/${step})`
}

/** Joins along one axis. */
export function concat(parts: readonly Tensor[], { axis }: { axis: number }): Tensor {
  const [first] = parts
  if (!first) throw shapeError('concat', 'nothing to join')
  const at = axisOf('concat', first, axis)
  let size: Dimension = 0
  for (const part of parts) {
    const fits =
      part.rank === first.rank &&
      part.dtype === first.dtype &&
      part.shape.every((d, i) => i === at || d === first.shape[i])
    if (!fits) throw shapeError('concat', `${parts.map(String).join(', ')} don't join along axis ${axis}`)
    size = sum(size, part.shape[at])
  }
  if (parts.length === 1) return first
  const shape = first.shape.with(at, size)
  return first.graph.apply('Concat', parts, { axis: at }, [{ shape, dtype: first.dtype }])[0]
}

/** Joins along a new axis. */
export function stack(parts: readonly Tensor[], { axis }: { axis: number }): Tensor {
  return concat(
    parts.map((part) => unsqueeze(part, axis)),
    { axis },
  )
}

/** Splits an axis into parts of the given sizes. */
export function split(x: Tensor, sizes: readonly number[], { axis }: { axis: number }): Tensor[] {
  const at = axisOf('split', x, axis)
  const total = sizes.reduce((a, b) => a + b, 0)
  if (x.shape[at] !== total)
    throw shapeError('split', `[${sizes.join(', ')}] is not the whole of axis ${axis} of ${x.toString()}`)
  let start = 0
  return sizes.map((size) => slice(x, { axis: at, start, end: (start += size) }))
}

/** Shifts along axes; what leaves at one end comes in at the other. */
export function roll(x: Tensor, shifts: readonly { readonly axis: number; readonly by: number }[]): Tensor {
  return shifts.reduce((y, { axis, by }) => {
    const at = axisOf('roll', y, axis)
    const size = y.shape[at]
    const shift = typeof size === 'number' ? ((by % size) + size) % size : by
    if (shift === 0) return y
    return concat([slice(y, { axis: at, start: -shift }), slice(y, { axis: at, end: -shift })], { axis: at })
  }, x)
}

export interface PadOptions {
  /** Which axes, with how many elements before and after. */
  readonly axes: readonly { readonly axis: number; readonly before?: number; readonly after?: number }[]
  /** `reflect` leaves the edge out, `replicate` repeats it, `circular` goes on at the other end. @default 'constant' */
  readonly mode?: 'constant' | 'reflect' | 'replicate' | 'circular'
  /** For `constant`. @default 0 */
  readonly value?: number
}

const ONNX_PAD_MODES = { constant: 'constant', reflect: 'reflect', replicate: 'edge', circular: 'wrap' }

export function pad(x: Tensor, { axes, mode = 'constant', value = 0 }: PadOptions): Tensor {
  const before = x.shape.map(() => 0)
  const after = x.shape.map(() => 0)
  for (const { axis, before: first = 0, after: last = 0 } of axes) {
    const at = axisOf('pad', x, axis)
    const size = x.shape[at]
    const most = mode === 'reflect' ? -1 : mode === 'circular' ? 0 : Infinity
    if (first < 0 || last < 0 || (typeof size === 'number' && Math.max(first, last) > size + most))
      throw shapeError(
        'pad',
        `${first} before and ${last} after don't fit axis ${axis} of ${x.toString()}, mode ${mode}`,
      )
    before[at] = first
    after[at] = last
  }
  const shape = x.shape.map((d, axis) => sum(d, before[axis] + after[axis]))
  if (sameShape(shape, x.shape)) return x
  const attributes = { pads: [...before, ...after], mode: ONNX_PAD_MODES[mode] }
  return x.graph.apply('Pad', [x], mode === 'constant' ? { ...attributes, value } : attributes, [
    { shape, dtype: x.dtype },
  ])[0]
}
