import {
  add,
  amax,
  amin,
  cast,
  concat,
  integerMatmul,
  mul,
  pad,
  reshape,
  slice,
  sum,
  transpose,
  type Tensor,
} from '../../graph/index.js'
import { asBytes } from './bytes.js'

/** Products of so many frames are made at a time: those of a front of 400 filters stay in a core's cache. Measured best. */
const FRAMES_AT_A_TIME = 8

export interface QuantizedFilters {
  /** int8 [filters, 1, rows, columns] */
  readonly codes: Tensor
  /** [filters] */
  readonly scales: Tensor
  /** Rows of zeros above and below the image. */
  readonly padding: readonly [number, number]
}

/**
 * The strongest response of each filter along the width: a convolution over an image [batch, 1, height, width] and the maximum over its
 * columns, [batch, filters, height, 1], as integer products of bytes. Each image has its own scale, from its own numbers, and integers add
 * up alike in any order: a vector doesn't depend on its batch.
 *
 * ONNX Runtime's ConvInteger takes 4 times as long as the convolution of floats; the windows written out, and one matrix product,
 * a third to a half. The maximum is taken of the integers, because a filter's scale is positive: it costs one pass, not five.
 */
export function strongestResponse(image: Tensor, { codes, scales, padding }: QuantizedFilters): Tensor {
  const [filters, , rows, columns] = codes.shape as number[]
  const [batch, , , width] = image.shape
  const [before, after] = padding
  const plane = reshape(image, [batch, image.shape[2], width])
  const padded = pad(plane, { axes: [{ axis: 1, before, after }] })
  const whole = { axis: [1, 2], keepDims: true }
  const { bytes, lowest, step } = asBytes(padded, amin(padded, whole), amax(padded, whole))
  const windows = columns === 1 ? windowsInTime(bytes, rows) : windowsOf(bytes, rows, columns)
  const kernel = transpose(reshape(codes, [filters, rows * columns]))
  const height = windows.shape[1] as number
  const best: Tensor[] = []
  for (let start = 0; start < height; start += FRAMES_AT_A_TIME) {
    const part = slice(windows, { axis: 1, start, end: Math.min(height, start + FRAMES_AT_A_TIME) })
    best.push(amax(integerMatmul(part, kernel), { axis: 2 }))
  }
  // Σ w (lowest + step · byte) = lowest Σ w + step Σ w byte, with w = scale · code.
  const strongest = mul(mul(cast(concat(best, { axis: 1 }), 'float32'), scales), step)
  const sums = mul(sum(cast(reshape(codes, [filters, rows * columns]), 'float32'), { axis: 1 }), scales)
  const response = add(strongest, mul(lowest, sums)) // [batch, height, filters]
  return reshape(transpose(response), [batch, filters, height, 1])
}

/** Windows of rows x columns of an image [batch, height, width]: [batch, rows of windows, columns of windows, rows · columns]. */
function windowsOf(image: Tensor, rows: number, columns: number): Tensor {
  const [batch, height, width] = image.shape as number[]
  const [down, across] = [height - rows + 1, width - columns + 1]
  const tall = reshape(image, [batch, height, 1, width])
  const bands = slices(tall, 1, rows, down, 2) // [batch, down, rows, width]
  const windows = slices(reshape(bands, [batch, down, 1, rows, width]), 4, across, columns, 2)
  return reshape(windows, [batch, down, across, rows * columns])
}

/** The same for windows of one column: the image on its side has them in one piece each. */
function windowsInTime(image: Tensor, rows: number): Tensor {
  const [batch, height, width] = image.shape as number[]
  return slices(reshape(transpose(image), [batch, 1, width, height]), 3, height - rows + 1, rows, 1)
}

/** `count` slices of an axis, each `length` long and one further than the last, side by side along the axis `side`. */
function slices(x: Tensor, axis: number, count: number, length: number, side: number): Tensor {
  const parts = Array.from({ length: count }, (_, start) => slice(x, { axis, start, end: start + length }))
  return concat(parts, { axis: side })
}
