import type { GraphNode } from '../../src/graph/index.js'
import { at, broadcast, made, sizeOf, stridesOf, type Numbers, type Operation } from './numbers.js'

const turned = (x: Numbers): Numbers => made([x.shape[1], x.shape[0]], ([i, j]) => at(x, [j, i]))

function matmul(a: Numbers, b: Numbers, shape: readonly number[]): Numbers {
  const leading = shape.slice(0, -2)
  const [rows, inner] = a.shape.slice(-2)
  const columns = b.shape.at(-1)!
  const x = broadcast(a, [...leading, rows, inner])
  const y = broadcast(b, [...leading, inner, columns])
  const data = new Float64Array(sizeOf(shape))
  for (let stack = 0, i = 0; stack < sizeOf(leading); stack++)
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++, i++)
        for (let k = 0; k < inner; k++)
          data[i] += x[(stack * rows + row) * inner + k] * y[(stack * inner + k) * columns + column]
  return { shape, data }
}

/** One window over the axes behind batch and channels: the places it lies on, and those of the kernel that lie there. */
interface Window {
  readonly places: Int32Array
  readonly kernel: Int32Array
}

const known = new WeakMap<GraphNode, Window[]>()

/** Windows of all cells, row by row; places of the padding are left out. */
function windowsOf(node: GraphNode, image: readonly number[], cells: readonly number[]): Window[] {
  const found = known.get(node)
  if (found) return found
  const { kernel_shape, strides, pads, dilations } = node.attributes as unknown as Record<string, number[]>
  const windows: Window[] = []
  made(cells, (cell) => {
    const places: number[] = []
    const kernel: number[] = []
    let n = 0
    made(kernel_shape, (offset) => {
      const place = offset.map((k, i) => cell[i] * strides[i] - pads[i] + k * (dilations?.[i] ?? 1))
      if (place.every((p, i) => p >= 0 && p < image[i])) {
        places.push(place.reduce((flat, p, i) => flat * image[i] + p, 0))
        kernel.push(n)
      }
      return n++
    })
    windows.push({ places: Int32Array.from(places), kernel: Int32Array.from(kernel) })
    return 0
  })
  known.set(node, windows)
  return windows
}

/** For each cell of each channel: what `f` makes of the numbers in its window. */
const pool =
  (
    f: (values: Float64Array, node: GraphNode, cell: number[], image: readonly number[]) => number,
  ): Operation =>
  ([x], node, shape) => {
    const image = x.shape.slice(2)
    const cells = shape.slice(2)
    const windows = windowsOf(node, image, cells)
    const area = sizeOf(image)
    const strides = stridesOf(cells)
    const data = Float64Array.from({ length: sizeOf(shape) }, (_, i) => {
      const n = i % windows.length
      const first = Math.floor(i / windows.length) * area
      const values = Float64Array.from(windows[n].places, (place) => x.data[first + place])
      const cell = strides.map((stride, axis) => Math.floor(n / stride) % cells[axis])
      return f(values, node, cell, image)
    })
    return { shape, data }
  }

/** Statistics over axes: (x - mean) / √(variance + epsilon). */
function standardized(line: Float64Array, epsilon: number): Float64Array {
  const mean = line.reduce((a, b) => a + b, 0) / line.length
  const variance = line.reduce((sum, value) => sum + (value - mean) ** 2, 0) / line.length
  return line.map((value) => (value - mean) / Math.sqrt(variance + epsilon))
}

export const PRODUCTS: Record<string, Operation> = {
  MatMul: ([a, b], _, shape) => matmul(a, b, shape),
  Gemm: ([a, b, c], { attributes }, shape) => {
    const product = matmul(
      attributes['transA'] === 1 ? turned(a) : a,
      attributes['transB'] === 1 ? turned(b) : b,
      shape,
    )
    if (!c) return product
    const offset = broadcast(c, shape)
    return { shape, data: product.data.map((value, i) => value + offset[i]) }
  },
  Conv: ([x, weight, bias], node, shape) => {
    const [filters, channels, ...kernel] = weight.shape
    const perGroup = filters / (node.attributes['group'] as number)
    const windows = windowsOf(node, x.shape.slice(2), shape.slice(2))
    const [area, taps] = [sizeOf(x.shape.slice(2)), sizeOf(kernel)]
    const data = Float64Array.from({ length: sizeOf(shape) }, (_, i) => {
      const { places, kernel } = windows[i % windows.length]
      const row = Math.floor(i / windows.length)
      const [batch, filter] = [Math.floor(row / filters), row % filters]
      const first = batch * x.shape[1] + Math.floor(filter / perGroup) * channels
      let sum = bias ? bias.data[filter] : 0
      for (let c = 0; c < channels; c++)
        for (let k = 0; k < places.length; k++)
          sum +=
            x.data[(first + c) * area + places[k]] * weight.data[(filter * channels + c) * taps + kernel[k]]
      return sum
    })
    return { shape, data }
  },
  MaxPool: pool((values) => Math.max(...values)),
  AveragePool: pool((values, { attributes }, cell, image) => {
    const sum = values.reduce((a, b) => a + b, 0)
    if (attributes['count_include_pad'] === 0) return sum / values.length
    // A window that hangs over the padding's end is cut off there.
    const { kernel_shape, strides, pads } = attributes as unknown as Record<string, number[]>
    const lengths = cell.map((place, i) => {
      const start = place * strides[i] - pads[i]
      return Math.min(start + kernel_shape[i], image[i] + pads[i + kernel_shape.length]) - start
    })
    return sum / sizeOf(lengths)
  }),
  BatchNormalization: ([x, weight, bias, mean, variance], { attributes }) =>
    made(x.shape, (index) => {
      const c = index[1]
      const deviation = Math.sqrt(variance.data[c] + (attributes['epsilon'] as number))
      return ((at(x, index) - mean.data[c]) / deviation) * weight.data[c] + bias.data[c]
    }),
  LayerNormalization: ([x, weight, bias], { attributes }) => {
    const width = weight.data.length
    const data = new Float64Array(x.data.length)
    for (let start = 0; start < data.length; start += width) {
      const line = standardized(x.data.slice(start, start + width), attributes['epsilon'] as number)
      data.set(
        line.map((value, i) => value * weight.data[i] + bias.data[i]),
        start,
      )
    }
    return { shape: x.shape, data }
  },
}
