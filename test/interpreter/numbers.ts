import type { GraphNode } from '../../src/graph/index.js'

/** Numbers of a tensor in double precision, row by row. */
export interface Numbers {
  readonly shape: readonly number[]
  readonly data: Float64Array
}

/** What an operator makes of its inputs: its first output, whose shape is known. */
export type Operation = (inputs: readonly Numbers[], node: GraphNode, shape: readonly number[]) => Numbers

export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, d) => size * d, 1)

/** Numbers by their index; the index array is reused. */
export function made(shape: readonly number[], value: (index: readonly number[]) => number): Numbers {
  const data = new Float64Array(sizeOf(shape))
  const index = shape.map(() => 0)
  for (let i = 0; i < data.length; i++) {
    data[i] = value(index)
    for (let axis = shape.length - 1; axis >= 0 && ++index[axis] === shape[axis]; axis--) index[axis] = 0
  }
  return { shape, data }
}

export function stridesOf(shape: readonly number[]): number[] {
  const strides = shape.map(() => 1)
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1] * shape[axis + 1]
  return strides
}

export function at({ shape, data }: Numbers, index: readonly number[]): number {
  let place = 0
  for (let axis = 0; axis < shape.length; axis++) place = place * shape[axis] + index[axis]
  return data[place]
}

const broadcasts = new Map<string, Int32Array>()

/** The same numbers repeated to `shape`, as numpy broadcasts. */
export function broadcast(x: Numbers, shape: readonly number[]): Float64Array {
  if (x.data.length === sizeOf(shape)) return x.data
  const key = `${x.shape.join()} ${shape.join()}`
  let places = broadcasts.get(key)
  if (!places) {
    const missing = shape.length - x.shape.length
    const strides = stridesOf(x.shape)
    const place = (index: readonly number[]): number =>
      strides.reduce(
        (sum, stride, axis) => sum + (x.shape[axis] === 1 ? 0 : stride * index[axis + missing]),
        0,
      )
    places = Int32Array.from(made(shape, place).data)
    broadcasts.set(key, places)
  }
  return Float64Array.from(places, (place) => x.data[place])
}
