import { floorQuotient, sum, type Dimension } from './dimension.js'
import { knownSize, type Tensor } from './graph.js'
import { shapeError } from './shape-error.js'

export type Pair = number | readonly [number, number]

/**
 * Zeros around the image: one number for all sides, [vertical, horizontal], or [top, left, bottom, right].
 * 'same' is TensorFlow's SAME: ceil(size / stride) outputs, the odd row or column behind.
 */
export type Padding = Pair | readonly [number, number, number, number] | 'same'

export interface ConvolutionOptions {
  readonly bias?: Tensor
  /** @default 1 */
  readonly stride?: Pair
  /** @default 0 */
  readonly padding?: Padding
  /** @default 1 */
  readonly dilation?: Pair
  /** Channels are split into this many groups that don't see each other. @default 1 */
  readonly groups?: number
}

/** Cross-correlation of x [batch, in, height, width] with weight [out, in/groups, height, width]. */
export function conv2d(x: Tensor, weight: Tensor, options: ConvolutionOptions = {}): Tensor {
  const { stride = 1, padding = 0, dilation = 1 } = options
  const strides = pair(stride)
  const dilations = pair(dilation)
  return convolve('conv2d', 2, x, weight, { ...options, strides, dilations, padding })
}

export interface Convolution1dOptions {
  readonly bias?: Tensor
  /** @default 1 */
  readonly stride?: number
  /** Zeros on both sides, or [before, after]. @default 0 */
  readonly padding?: number | readonly [number, number] | 'same'
  /** @default 1 */
  readonly dilation?: number
  /** @default 1 */
  readonly groups?: number
}

/** Cross-correlation of x [batch, in, length] with weight [out, in/groups, length]. */
export function conv1d(x: Tensor, weight: Tensor, options: Convolution1dOptions = {}): Tensor {
  const { stride = 1, padding = 0, dilation = 1 } = options
  return convolve('conv1d', 1, x, weight, { ...options, strides: [stride], dilations: [dilation], padding })
}

interface ResolvedOptions {
  readonly bias?: Tensor
  readonly strides: readonly number[]
  readonly dilations: readonly number[]
  readonly padding: Padding
  readonly groups?: number
}

function convolve(op: string, axes: number, x: Tensor, weight: Tensor, options: ResolvedOptions): Tensor {
  const { bias, strides, dilations, padding, groups = 1 } = options
  if (x.rank !== axes + 2 || weight.rank !== axes + 2)
    throw shapeError(op, `input ${x.toString()} and weight ${weight.toString()} must have ${axes + 2} axes`)
  const channels = knownSize(op, x, 1)
  const filters = knownSize(op, weight, 0)
  if (knownSize(op, weight, 1) * groups !== channels || filters % groups !== 0)
    throw shapeError(
      op,
      `weight ${weight.toString()} does not fit input ${x.toString()} with ${groups} group${groups === 1 ? '' : 's'}`,
    )
  if (bias && (bias.rank !== 1 || bias.shape[0] !== filters))
    throw shapeError(op, `bias ${bias.toString()} is not one number for each of ${filters} filters`)
  const kernel = strides.map((_, i) => knownSize(op, weight, i + 2))
  const spans = kernel.map((size, i) => (size - 1) * dilations[i] + 1)
  const pads = resolvePadding(op, padding, x, spans, strides)
  const lengths = strides.map((stride, i) =>
    windowCount(op, x, i + 2, { span: spans[i], stride, padding: pads[i] + pads[i + axes] }),
  )
  return x.graph.apply(
    'Conv',
    bias ? [x, weight, bias] : [x, weight],
    { kernel_shape: kernel, strides, dilations, pads, group: groups },
    [{ shape: [x.shape[0], filters, ...lengths], dtype: x.dtype }],
  )[0]
}

export function pair(value: Pair): readonly [number, number] {
  return typeof value === 'number' ? [value, value] : value
}

/** Padding as ONNX wants it: the beginnings of all axes, then the ends. */
export function resolvePadding(
  op: string,
  padding: Padding,
  x: Tensor,
  spans: readonly number[],
  strides: readonly number[],
): number[] {
  if (padding === 'same') {
    const totals = spans.map((span, i) => {
      if (strides[i] === 1) return span - 1
      const size = knownSize(op, x, i + 2)
      return Math.max((Math.ceil(size / strides[i]) - 1) * strides[i] + span - size, 0)
    })
    return [...totals.map((total) => Math.floor(total / 2)), ...totals.map((total) => Math.ceil(total / 2))]
  }
  const pads =
    typeof padding === 'number'
      ? Array.from({ length: 2 * spans.length }, () => padding)
      : spans.length === 2 && padding.length === 2
        ? [...padding, ...padding]
        : [...padding]
  if (pads.length !== 2 * spans.length || pads.some((size) => !Number.isInteger(size) || size < 0))
    throw shapeError(op, `padding [${pads.join(', ')}] is not ${2 * spans.length} whole numbers`)
  return pads
}

/** How many windows of `span` elements, `stride` apart, fit an axis with its padding. */
export function windowCount(
  op: string,
  x: Tensor,
  axis: number,
  { span, stride, padding }: { span: number; stride: number; padding: number },
): Dimension {
  const room = sum(x.shape[axis], padding - span)
  if (typeof room === 'number' && room < 0)
    throw shapeError(
      op,
      `a window of ${span} does not fit axis ${axis} of ${x.toString()} with padding ${padding}`,
    )
  return sum(floorQuotient(room, stride), 1)
}
