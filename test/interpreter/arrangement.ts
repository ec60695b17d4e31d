import { logSumExp } from './elementwise.js'
import { at, broadcast, made, type Operation } from './numbers.js'

const ranges = (attributes: Readonly<Record<string, any>>) =>
  (attributes['axes'] as number[]).map((axis, i) => ({
    axis,
    start: attributes['starts'][i] as number,
    end: attributes['ends'][i] as number,
    step: attributes['steps'][i] as number,
  }))

/** The element that stands at a place of a padded axis, or undefined for a constant. */
function padded(place: number, size: number, mode: string): number | undefined {
  if (place >= 0 && place < size) return place
  if (mode === 'constant') return undefined
  if (mode === 'edge') return place < 0 ? 0 : size - 1
  if (mode === 'wrap') return (place + size) % size
  return place < 0 ? -place : 2 * (size - 1) - place // reflect
}

/** Negative ones count from the end. */
const element = (index: number, size: number): number => (index < 0 ? index + size : index)

const reduction =
  (f: (values: Float64Array) => number): Operation =>
  ([x], { attributes }, shape) => {
    const axes = attributes['axes'] as number[]
    const groups = new Map<string, number[]>()
    made(x.shape, (index) => {
      const key = index.filter((_, axis) => !axes.includes(axis)).join()
      let group = groups.get(key)
      if (!group) groups.set(key, (group = []))
      group.push(at(x, index))
      return 0
    })
    return {
      shape,
      data: Float64Array.from([...groups.values()].map((group) => f(Float64Array.from(group)))),
    }
  }

const total = (values: Float64Array): number => values.reduce((a, b) => a + b, 0)

export const ARRANGEMENT: Record<string, Operation> = {
  Concat: (parts, { attributes }, shape) => {
    const axis = attributes['axis'] as number
    return made(shape, (index) => {
      let place = index[axis]
      let part = 0
      while (place >= parts[part].shape[axis]) place -= parts[part++].shape[axis]
      return at(parts[part], index.with(axis, place))
    })
  },
  Expand: ([x], _, shape) => ({ shape, data: broadcast(x, shape) }),
  Gather: ([x, ids], { attributes }, shape) => {
    const axis = attributes['axis'] as number
    const behind = axis + ids.shape.length
    return made(shape, (index) => {
      const id = element(at(ids, index.slice(axis, behind)), x.shape[axis])
      return at(x, [...index.slice(0, axis), id, ...index.slice(behind)])
    })
  },
  GatherElements: ([x, ids], { attributes }, shape) => {
    const axis = attributes['axis'] as number
    return made(shape, (index) => at(x, index.with(axis, element(at(ids, index), x.shape[axis]))))
  },
  Pad: ([x], { attributes }, shape) => {
    const { pads, mode, value } = attributes as { pads: number[]; mode: string; value: number }
    return made(shape, (index) => {
      const from = index.map((place, axis) => padded(place - pads[axis], x.shape[axis], mode))
      return from.includes(undefined) ? value : at(x, from as number[])
    })
  },
  ReduceL2: reduction((values) => Math.hypot(...values)),
  ReduceLogSumExp: reduction(logSumExp),
  ReduceMax: reduction((values) => Math.max(...values)),
  ReduceMean: reduction((values) => total(values) / values.length),
  ReduceMin: reduction((values) => Math.min(...values)),
  ReduceSum: reduction(total),
  Reshape: ([x], _, shape) => ({ shape, data: x.data }),
  Slice: ([x], { attributes }, shape) => {
    const cuts = ranges(attributes)
    return made(shape, (index) => {
      const from = [...index]
      for (const { axis, start, step } of cuts) {
        const size = x.shape[axis]
        const first = Math.min(size, start < 0 ? Math.max(0, size + start) : start)
        from[axis] = first + index[axis] * step
      }
      return at(x, from)
    })
  },
  Transpose: ([x], { attributes }, shape) => {
    const order = attributes['perm'] as number[]
    return made(shape, (index) => {
      const from: number[] = []
      order.forEach((axis, i) => (from[axis] = index[i]))
      return at(x, from)
    })
  },
}
