import { transpose } from './arrangement.js'
import { resolvePadding, windowCount, type Padding } from './convolution.js'
import { floorQuotient, sum, type Dimension } from './dimension.js'
import { knownSize, type Tensor } from './graph.js'
import { matmul } from './matmul.js'
import { mean } from './reduction.js'
import { shapeError } from './shape-error.js'

/** Sizes along the pooled axes: one number for all, or one each. */
export type Extent = number | readonly number[]

export interface PoolOptions {
  readonly kernel: Extent
  /** @default the kernel */
  readonly stride?: Extent
  /** @default 0 */
  readonly padding?: Padding
  /** Also windows that begin inside the input but hang over its end, as PyTorch's ceil_mode. @default false */
  readonly ceilMode?: boolean
}

/** Largest value of each window of x [batch, channels, length] or [batch, channels, height, width]; padding never wins. */
export function maxPool(x: Tensor, options: PoolOptions): Tensor {
  const { shape, attributes } = poolGeometry('maxPool', x, options)
  // The places of the maxima are there for the gradient.
  return x.graph.apply('MaxPool', [x], attributes, [
    { shape, dtype: x.dtype },
    { shape, dtype: 'int64' },
  ])[0]
}

/** Mean of each window. Zeros of the padding count unless `countPadding` is false. */
export function avgPool(x: Tensor, options: PoolOptions & { readonly countPadding?: boolean }): Tensor {
  const { shape, attributes } = poolGeometry('avgPool', x, options)
  const count_include_pad = options.countPadding === false ? 0 : 1
  return x.graph.apply('AveragePool', [x], { ...attributes, count_include_pad }, [
    { shape, dtype: x.dtype },
  ])[0]
}

/** Cell i of an axis of n elements pooled to m is the mean of elements floor(i n / m) to ceil((i + 1) n / m) - 1. */
export function adaptiveAvgPool(x: Tensor, { size }: { size: Extent }): Tensor {
  const axes = pooledAxes('adaptiveAvgPool', x)
  const sizes = extents('adaptiveAvgPool', size, axes.length)
  if (sizes.every((length) => length === 1)) return mean(x, { axis: axes, keepDims: true })
  return axes.reduce((y, axis, i) => {
    const length = knownSize('adaptiveAvgPool', y, axis)
    return length === sizes[i] ? y : mixAxis(y, axis, averagingMatrix(length, sizes[i]), sizes[i])
  }, x)
}

/** Replaces an axis by `size` weighted sums of its elements; weights [length, size] row by row. */
export function mixAxis(x: Tensor, axis: number, weights: Float32Array, size: number): Tensor {
  const matrix = x.graph.constant(weights, [weights.length / size, size])
  if (axis === x.rank - 1) return matmul(x, matrix)
  if (axis === x.rank - 2) return matmul(transpose(matrix), x)
  const order = x.shape.map((_, i) => i)
  order.splice(axis, 1)
  order.push(axis)
  const inverse = order.map((_, i) => order.indexOf(i))
  return transpose(matmul(transpose(x, order), matrix), inverse)
}

function averagingMatrix(length: number, size: number): Float32Array {
  const weights = new Float32Array(length * size)
  for (let cell = 0; cell < size; cell++) {
    const first = Math.floor((cell * length) / size)
    const end = Math.ceil(((cell + 1) * length) / size)
    for (let i = first; i < end; i++) weights[i * size + cell] = 1 / (end - first)
  }
  return weights
}

function poolGeometry(op: string, x: Tensor, options: PoolOptions) {
  const { kernel, stride = kernel, padding = 0, ceilMode = false } = options
  const axes = pooledAxes(op, x)
  const kernel_shape = extents(op, kernel, axes.length)
  const strides = extents(op, stride, axes.length)
  const pads = resolvePadding(op, padding, x, kernel_shape, strides)
  const most = [...kernel_shape, ...kernel_shape]
  if (pads.some((size, i) => size >= most[i]))
    throw shapeError(
      op,
      `padding [${pads.join(', ')}] is as large as the kernel [${kernel_shape.join(', ')}]`,
    )
  const lengths = axes.map((axis, i): Dimension => {
    const window = { span: kernel_shape[i], stride: strides[i], padding: pads[i] + pads[i + axes.length] }
    const whole = windowCount(op, x, axis, window)
    if (!ceilMode) return whole
    const size = knownSize(op, x, axis)
    const reach = size + window.padding - window.span
    const hanging = Math.ceil(reach / window.stride)
    // A window that would begin in the padding behind the input is left out.
    return hanging * window.stride < size + pads[i]
      ? hanging + 1
      : sum(floorQuotient(reach, window.stride), 1)
  })
  return {
    shape: [...x.shape.slice(0, 2), ...lengths],
    attributes: { kernel_shape, strides, pads, ceil_mode: ceilMode ? 1 : 0 },
  }
}

function pooledAxes(op: string, x: Tensor): number[] {
  if (x.rank !== 3 && x.rank !== 4)
    throw shapeError(
      op,
      `input ${x.toString()} must be [batch, channels, length] or [batch, channels, height, width]`,
    )
  return x.rank === 3 ? [2] : [2, 3]
}

function extents(op: string, extent: Extent, axes: number): number[] {
  const sizes = typeof extent === 'number' ? Array.from({ length: axes }, () => extent) : [...extent]
  if (sizes.length !== axes || sizes.some((size) => !Number.isInteger(size) || size < 1))
    throw shapeError(op, `[${sizes.join(', ')}] is not ${axes} whole numbers`)
  return sizes
}
