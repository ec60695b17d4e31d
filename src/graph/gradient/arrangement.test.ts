import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import * as fc from 'fast-check'
import {
  checkTrials,
  distinct,
  numbers,
  positive,
  triedOperators,
  whole,
  type Inputs,
} from '../../../test/gradient-check.js'
import * as g from '../index.js'
import { ARRANGEMENT_RULES } from './arrangement.js'
import { LOOKUP_RULES } from './lookup.js'
import { REDUCTION_RULES } from './reduction.js'

const sizes = fc.constantFrom(1, 2, 3, 7, 11)
const shapes = fc.array(sizes, { minLength: 1, maxLength: 4 })

/** A shape and one of its axes. */
const axes = shapes.chain((shape) => fc.record({ shape: fc.constant(shape), axis: fc.nat(shape.length - 1) }))

test('the gradient of transposing to any order', async () => {
  const orders = shapes.chain((shape) => {
    const axis = shape.map((_, i) => i)
    return fc.record({
      shape: fc.constant(shape),
      order: fc.shuffledSubarray(axis, { minLength: axis.length }),
    })
  })
  await checkTrials(
    orders,
    ({ shape, order }, random) => ({
      inputs: { x: numbers(shape, random) },
      build: ({ x }) => g.transpose(g.square(x), order),
    }),
    15,
  )
})

test('the gradient of other shapes, repeated axes and axes of length 1', async () => {
  await checkTrials(
    axes,
    ({ shape, axis }, random) => ({
      inputs: { x: numbers(shape, random) },
      build: ({ x }) => {
        const wide = g.expand(g.unsqueeze(x, axis), [2, ...shape.toSpliced(axis, 0, 3)])
        const column = g.reshape(g.square(x), [-1, 1])
        return g.mul(
          g.reshape(wide, [6, column.shape[0], 1]),
          g.squeeze(g.expand(column, [1, ...column.shape]), 0),
        )
      },
    }),
    15,
  )
})

/** Any range that takes something, as Python's x[start:end:step]; ends beyond both edges too. */
const range = (size: number) =>
  fc
    .record({
      start: fc.integer({ min: -size - 2, max: size - 1 }),
      end: fc.option(fc.integer({ min: -size, max: size + 3 }), { nil: undefined }),
      step: fc.integer({ min: 1, max: 4 }),
    })
    .filter(({ start, end }) => Array.from({ length: size }).slice(start, end).length > 0)

test('the gradient of any slice', async () => {
  const slices = shapes.chain((shape) =>
    fc.record({
      shape: fc.constant(shape),
      ranges: fc.tuple(...shape.map((size, axis) => range(size).map((cut) => ({ axis, ...cut })))),
    }),
  )
  await checkTrials(
    slices,
    ({ shape, ranges }, random) => ({
      inputs: { x: numbers(shape, random) },
      build: ({ x }) => g.slice(g.square(x), ...ranges),
    }),
    25,
  )
})

test('the gradients of several slices of one tensor, whatever they take', async () => {
  const cuts = axes.chain(({ shape, axis }) =>
    fc.record({
      shape: fc.constant(shape),
      axis: fc.constant(axis),
      ranges: fc.array(range(shape[axis]), { minLength: 2, maxLength: 4 }),
    }),
  )
  await checkTrials(
    cuts,
    ({ shape, axis, ranges }, random) => ({
      inputs: { x: numbers(shape, random) },
      build: ({ x }) =>
        g.concat(
          ranges.map((cut, i) => g.mul(g.slice(x, { axis, ...cut }), i + 1)),
          { axis },
        ),
    }),
    20,
  )
})

test('the gradients of slices that tile an axis, overlap, leave gaps, or cut two axes', async () => {
  const patterns: Record<string, g.SliceRange[][]> = {
    tiles: [[{ axis: 1, end: 4 }], [{ axis: 1, start: 4, end: -2 }], [{ axis: 1, start: -2 }]],
    'tiles in another order': [
      [{ axis: 1, start: 9 }],
      [{ axis: 1, end: 2 }],
      [{ axis: 1, start: 2, end: 9 }],
    ],
    overlap: [[{ axis: 1, end: 6 }], [{ axis: 1, start: 5 }]],
    'all but the last': [[{ axis: 1, end: 4 }], [{ axis: 1, start: 4, end: 10 }]],
    'all but the first': [[{ axis: 1, start: 1, end: 4 }], [{ axis: 1, start: 4 }]],
    'a gap': [[{ axis: 1, end: 4 }], [{ axis: 1, start: 5 }]],
    'even and odd': [[{ axis: 1, step: 2 }], [{ axis: 1, start: 1, step: 2 }]],
    twice: [[{ axis: 1, end: 4 }], [{ axis: 1, end: 4 }], [{ axis: 1, start: 4 }]],
    'two axes': [[{ axis: 1, end: 4 }], [{ axis: 0, start: 2 }]],
    'two axes at once': [
      [
        { axis: 1, end: 4 },
        { axis: 0, end: 3 },
      ],
      [
        { axis: 1, start: 4 },
        { axis: 0, start: 3 },
      ],
    ],
  }
  await checkTrials(
    fc.constantFrom(...Object.keys(patterns)),
    (name, random) => ({
      inputs: { x: numbers([7, 11], random) },
      build: ({ x }) => {
        const parts = patterns[name].map((ranges, i) => g.reshape(g.mul(g.slice(x, ...ranges), i + 1), [-1]))
        return g.concat([...parts, g.reshape(g.square(x), [-1])], { axis: 0 })
      },
    }),
    40,
  )
})

test('the gradient of joined tensors, one of them twice', async () => {
  const parts = axes.chain(({ shape, axis }) =>
    fc.record({ shape: fc.constant(shape), axis: fc.constant(axis), other: sizes }),
  )
  await checkTrials(parts, ({ shape, axis, other }, random) => ({
    inputs: { a: numbers(shape, random), b: numbers(shape.with(axis, other), random) },
    build: ({ a, b }: Inputs) => {
      const joined = g.concat([a, b, a], { axis })
      const rolled = g.roll(joined, [{ axis, by: 2 }])
      return g.mul(g.stack([joined, rolled], { axis: -1 }), 0.5)
    },
  }))
})

for (const mode of ['constant', 'reflect', 'replicate', 'circular'] as const)
  test(`the gradient of padding several axes: ${mode}`, async () => {
    const paddings = shapes.chain((shape) => {
      const most = (size: number) => (mode === 'reflect' ? size - 1 : mode === 'circular' ? size : size + 2)
      const sides = shape.map((size, axis) =>
        fc.record({ axis: fc.constant(axis), before: fc.nat(most(size)), after: fc.nat(most(size)) }),
      )
      return fc.record({ shape: fc.constant(shape), axes: fc.tuple(...sides) })
    })
    await checkTrials(
      paddings,
      ({ shape, axes }, random) => ({
        inputs: { x: numbers(shape, random) },
        build: ({ x }) => g.pad(g.square(x), { axes, mode, value: 0.5 }),
      }),
      15,
    )
  })

const reductions = {
  sum: g.sum,
  mean: g.mean,
  amax: g.amax,
  amin: g.amin,
  logSumExp: g.logSumExp,
  norm: g.norm,
  variance: g.variance,
}
for (const [name, reduce] of Object.entries(reductions))
  test(`the gradient of a reduction: ${name}`, async () => {
    const some = shapes.chain((shape) =>
      fc.record({
        shape: fc.constant(shape),
        axis: fc.subarray(
          shape.map((_, i) => i),
          { minLength: 1 },
        ),
        keepDims: fc.boolean(),
      }),
    )
    await checkTrials(
      some,
      ({ shape, axis, keepDims }, random) => ({
        inputs: { x: distinct(shape, random) },
        build: ({ x }) => {
          const y = reduce(x, { axis, keepDims })
          return g.mul(y, y)
        },
      }),
      12,
    )
  })

test('the gradient of unit vectors and of means by a mask', async () => {
  await checkTrials(axes, ({ shape, axis }, random) => ({
    inputs: { x: positive(shape, random) },
    build: ({ x }) => g.l2Normalize(x, { axis }),
  }))
  await checkTrials(fc.record({ batch: sizes, tokens: sizes }), ({ batch, tokens }, random) => ({
    inputs: { x: numbers([batch, tokens, 7], random), mask: whole([batch, tokens], [0, 2], random) },
    build: ({ x, mask }: Inputs) => g.maskedMean(x, mask),
  }))
})

test('the gradient of picked slices: any axis, repeated ids, ids that count from the end', async () => {
  await checkTrials(
    fc.tuple(axes, sizes),
    ([{ shape, axis }, count], random) => ({
      inputs: { x: numbers(shape, random), ids: whole([count], [-shape[axis], shape[axis]], random) },
      build: ({ x, ids }: Inputs) => g.indexSelect(g.square(x), ids, { axis }),
    }),
    15,
  )
})

test('the gradient of an embedding: ids of any shape, a row of padding that takes none', async () => {
  await checkTrials(
    fc.record({ rows: sizes, width: sizes, ids: fc.array(sizes, { maxLength: 3 }) }),
    ({ rows, width, ids }, random) => ({
      inputs: { weight: numbers([rows, width], random), ids: whole(ids, [0, rows], random) },
      build: ({ weight, ids }: Inputs) => g.embedding(weight, ids),
    }),
    15,
  )
  await checkTrials(fc.record({ rows: sizes, width: sizes }), ({ rows, width }, random) => ({
    inputs: { weight: numbers([rows + 1, width], random), ids: whole([7, 11], [1, rows + 1], random) },
    build: ({ weight, ids }: Inputs) => g.embedding(weight, ids, { paddingId: 0 }),
  }))
})

test('the gradient of elements picked along any axis, some of them often', async () => {
  await checkTrials(
    fc.tuple(axes, sizes),
    ([{ shape, axis }, count], random) => ({
      inputs: {
        x: numbers(shape, random),
        index: whole(shape.with(axis, count), [-shape[axis], shape[axis]], random),
      },
      build: ({ x, index }: Inputs) => g.gather(g.square(x), index, { axis }),
    }),
    15,
  )
})

test('the gradient of running sums', async () => {
  await checkTrials(axes, ({ shape, axis }, random) => ({
    inputs: { x: numbers(shape, random) },
    build: ({ x }) => g.cumulativeSum(g.square(x), { axis }),
  }))
})

after(() => {
  const rules = Object.keys({ ...ARRANGEMENT_RULES, ...LOOKUP_RULES, ...REDUCTION_RULES })
  assert.deepEqual(
    rules.filter((rule) => !triedOperators.has(rule)),
    [],
    'rules that no trial reached',
  )
})
