import { concat, pad, reshape, slice, transpose } from '../arrangement.js'
import { add } from '../elementwise.js'
import { arrayOf, knownSize, type GraphNode, type Tensor } from '../graph.js'
import { indexSelect } from '../lookup.js'
import type { OperatorName } from '../operators.js'
import { sum } from '../reduction.js'
import { firstInput, single, unbroadcast, type Rule } from './rule.js'

export const ARRANGEMENT_RULES: Partial<Record<OperatorName, Rule>> = {
  Reshape: single((g, x) => reshape(g, x.shape)),
  Expand: single((g, x) => unbroadcast(g, x)),
  Transpose: single((g, _x, _y, { attributes }) => {
    const order = attributes['perm'] as number[]
    const { source } = g
    // The gradient may be a transpose itself, in the same order back: then there is nothing to do.
    if (source.kind === 'node' && source.node.op === 'Transpose') {
      const made = source.node.attributes['perm'] as number[]
      if (made.every((axis, i) => order[i] === axis)) return source.node.inputs[0]!
    }
    return transpose(
      g,
      order.map((_, axis) => order.indexOf(axis)),
    )
  }),
  Concat: (g, { inputs, attributes }) => {
    const axis = attributes['axis'] as number
    let start = 0
    return inputs.map((part) => {
      const from = start
      start += knownSize('concat', part!, axis)
      const end = start
      return () => slice(g, { axis, start: from, end })
    })
  },
  Slice: single((g, _x, _y, node) => placeSlice(g, node)),
  Pad: single((g, x, _, { attributes }) => {
    const pads = attributes['pads'] as number[]
    const fold = FOLDS[attributes['mode'] as keyof typeof FOLDS]
    return x.shape.reduce<Tensor>((y, _, axis) => {
      const before = pads[axis]
      const after = pads[axis + x.rank]
      return before + after === 0 ? y : fold(y, { axis, before, after, size: knownSize('pad', x, axis) })
    }, g)
  }),
}

export interface Range {
  readonly axis: number
  readonly start: number
  readonly end: number
  readonly step: number
}

/** What a Slice node takes of each axis it cuts, counted from the front. */
export function rangesOf(node: GraphNode): Range[] {
  const x = firstInput(node)
  const { axes, starts, ends, steps } = node.attributes as Record<string, number[]>
  return axes.map((axis, i) => {
    const size = knownSize('slice', x, axis)
    const fromFront = (place: number): number => Math.min(size, place < 0 ? Math.max(0, size + place) : place)
    return { axis, start: fromFront(starts[i]), end: fromFront(ends[i]), step: steps[i] }
  })
}

/** The gradient of a slice among zeros. */
export function placeSlice(g: Tensor, node: GraphNode): Tensor {
  const x = firstInput(node)
  return rangesOf(node).reduce((y, { axis, start, step }) => {
    const spread = step === 1 ? y : spreadOut(y, axis, step)
    const length = knownSize('slice', spread, axis)
    const size = knownSize('slice', x, axis)
    const cut = start + length > size ? slice(spread, { axis, end: size - start }) : spread
    return place(cut, axis, start, size)
  }, g)
}

/** Zeros after each element of an axis: a b -> a 0 0 b 0 0. */
function spreadOut(x: Tensor, axis: number, step: number): Tensor {
  const size = knownSize('slice', x, axis)
  const cells = reshape(x, [...x.shape.slice(0, axis + 1), 1, ...x.shape.slice(axis + 1)])
  const wide = pad(cells, { axes: [{ axis: axis + 1, after: step - 1 }] })
  return reshape(wide, x.shape.with(axis, size * step))
}

function place(x: Tensor, axis: number, start: number, size: number): Tensor {
  const length = knownSize('place', x, axis)
  return pad(x, { axes: [{ axis, before: start, after: size - start - length }] })
}

interface Padded {
  readonly axis: number
  readonly before: number
  readonly after: number
  readonly size: number
}

/** How the gradient of the padding returns to the elements that it repeats, by ONNX's names of the modes. */
const FOLDS = {
  constant: core,
  edge: (g: Tensor, padded: Padded) =>
    fold(g, padded, (part) => sum(part, { axis: padded.axis, keepDims: true }), {
      first: 0,
      last: padded.size - 1,
    }),
  reflect: (g: Tensor, padded: Padded) =>
    fold(g, padded, (part) => reversed(part, padded.axis), {
      first: 1,
      last: padded.size - 1 - padded.after,
    }),
  wrap: (g: Tensor, padded: Padded) =>
    fold(g, padded, (part) => part, { first: padded.size - padded.before, last: 0 }),
}

function core(g: Tensor, { axis, before, size }: Padded): Tensor {
  return slice(g, { axis, start: before, end: before + size })
}

/** The core, plus what came from the padding in front (to lie from `first` on) and behind (from `last` on). */
function fold(
  g: Tensor,
  padded: Padded,
  turn: (part: Tensor) => Tensor,
  { first, last }: { first: number; last: number },
): Tensor {
  const { axis, before, after, size } = padded
  let y = core(g, padded)
  if (before > 0) y = add(y, place(turn(slice(g, { axis, end: before })), axis, first, size))
  if (after > 0) y = add(y, place(turn(slice(g, { axis, start: before + size })), axis, last, size))
  return y
}

export function reversed(x: Tensor, axis: number): Tensor {
  const size = knownSize('reverse', x, axis)
  const order = arrayOf(
    'int32',
    Array.from({ length: size }, (_, i) => size - 1 - i),
  )
  return size === 1 ? x : indexSelect(x, x.graph.constant(order, [size]), { axis })
}

/**
 * Gradients of slices that cut one axis into parts: joined, they are the whole gradient. Undefined where they overlap,
 * leave something out, or cut several axes.
 */
export function joinSlices(
  parts: readonly { readonly gradient: Tensor; readonly node: GraphNode }[],
): Tensor | undefined {
  const cuts = parts.map(({ gradient, node }) => ({ gradient, ranges: rangesOf(node), x: firstInput(node) }))
  const [
    {
      x,
      ranges: [{ axis }],
    },
  ] = cuts
  const simple = cuts.every(
    ({ ranges }) => ranges.length === 1 && ranges[0].axis === axis && ranges[0].step === 1,
  )
  if (!simple || cuts.length < 2) return undefined
  cuts.sort((a, b) => a.ranges[0].start - b.ranges[0].start)
  let reach = 0
  for (const {
    ranges: [range],
  } of cuts) {
    if (range.start !== reach) return undefined
    reach = range.end
  }
  if (reach !== x.shape[axis]) return undefined
  return concat(
    cuts.map(({ gradient }) => gradient),
    { axis },
  )
}
