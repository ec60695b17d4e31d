import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import * as fc from 'fast-check'
import { checkTrials, distinct, numbers, triedOperators, type Inputs } from '../../../test/gradient-check.js'
import * as g from '../index.js'
import { CONVOLUTION_RULES } from './convolution.js'
import { POOLING_RULES } from './pooling.js'

const lengths = fc.constantFrom(3, 7, 11, 13)
const batches = fc.integer({ min: 1, max: 3 })

interface Axis {
  readonly size: number
  readonly kernel: number
  readonly stride: number
  readonly dilation: number
  readonly before: number
  readonly after: number
}

/** One axis of a convolution: windows that don't reach its end, and padding that is wider than the kernel, among them. */
const axisWith = (kernels: fc.Arbitrary<number>): fc.Arbitrary<Axis> =>
  fc
    .record({
      size: lengths,
      kernel: kernels,
      stride: fc.integer({ min: 1, max: 4 }),
      dilation: fc.integer({ min: 1, max: 3 }),
      before: fc.nat(4),
      after: fc.nat(4),
    })
    .filter(({ size, kernel, dilation, before, after }) => (kernel - 1) * dilation < size + before + after)

/** How channels are grouped: all together, in some groups, each for itself, each with two filters. */
const channels = fc.constantFrom(
  { groups: 1, inputs: 3, filters: 2 },
  { groups: 1, inputs: 1, filters: 3 },
  { groups: 1, inputs: 11, filters: 2 },
  { groups: 1, inputs: 3, filters: 1 },
  { groups: 2, inputs: 4, filters: 6 },
  { groups: 2, inputs: 4, filters: 2 },
  { groups: 7, inputs: 7, filters: 7 },
  { groups: 3, inputs: 3, filters: 6 },
)

const convolution2d = (kernels: fc.Arbitrary<number>, runs: number) =>
  checkTrials(
    fc.record({ batch: batches, channels, height: axisWith(kernels), width: axisWith(kernels) }),
    ({ batch, channels: { groups, inputs, filters }, height, width }, random) => ({
      inputs: {
        x: numbers([batch, inputs, height.size, width.size], random),
        weight: numbers([filters, inputs / groups, height.kernel, width.kernel], random),
        bias: numbers([filters], random),
      },
      build: ({ x, weight, bias }: Inputs) =>
        g.conv2d(x, weight, {
          bias,
          groups,
          stride: [height.stride, width.stride],
          dilation: [height.dilation, width.dilation],
          padding: [height.before, width.before, height.after, width.after],
        }),
    }),
    runs,
  )

test('the gradients of convolutions of images', () => convolution2d(fc.integer({ min: 1, max: 4 }), 40))
test('the gradients of convolutions with large kernels', () =>
  convolution2d(fc.integer({ min: 5, max: 7 }), 15))

test('the gradients of convolutions with stride 1, padding narrower and wider than the kernel', async () => {
  const kernels = fc.constantFrom(1, 2, 3, 6)
  const side = fc.nat(4)
  await checkTrials(
    fc.record({
      batch: batches,
      channels,
      height: kernels,
      width: kernels,
      padding: fc.tuple(side, side, side, side),
    }),
    ({ batch, channels: { groups, inputs, filters }, height, width, padding }, random) => ({
      inputs: {
        x: numbers([batch, inputs, 11, 7], random),
        weight: numbers([filters, inputs / groups, height, width], random),
      },
      build: ({ x, weight }: Inputs) => g.conv2d(x, weight, { groups, padding }),
    }),
    25,
  )
})

test('the gradients of convolutions of signals', async () => {
  await checkTrials(
    fc.record({ batch: batches, channels, axis: axisWith(fc.constantFrom(1, 2, 3, 5, 26, 31)) }),
    ({ batch, channels: { groups, inputs, filters }, axis }, random) => ({
      inputs: {
        x: numbers([batch, inputs, axis.size], random),
        weight: numbers([filters, inputs / groups, axis.kernel], random),
      },
      build: ({ x, weight }: Inputs) =>
        g.conv1d(x, weight, {
          groups,
          stride: axis.stride,
          dilation: axis.dilation,
          padding: [axis.before, axis.after],
        }),
    }),
    20,
  )
  // More places than a product each is worth.
  await checkTrials(
    fc.record({
      stride: batches,
      dilation: fc.integer({ min: 1, max: 2 }),
      padding: fc.nat(40),
      size: lengths,
    }),
    ({ stride, dilation, padding, size }, random) => ({
      inputs: { x: numbers([2, 3, size + 60], random), weight: numbers([5, 3, 29], random) },
      build: ({ x, weight }: Inputs) => g.conv1d(x, weight, { stride, dilation, padding }),
    }),
    12,
  )
})

/** Of both axes: length, kernel, stride, dilation; behind the last window of each lie elements that no window reaches. */
const UNREACHED = [
  { size: [14, 20], kernel: [6, 7], stride: [3, 4], dilation: [1, 2] },
  { size: [18, 12], kernel: [7, 6], stride: [4, 3], dilation: [2, 1] },
  { size: [12, 11], kernel: [3, 2], stride: [4, 3], dilation: [2, 3] },
  { size: [13, 10], kernel: [1, 3], stride: [5, 4], dilation: [1, 1] },
] as const

test('the gradients of convolutions whose windows leave out the end', async () => {
  for (const { size, kernel, stride, dilation } of UNREACHED)
    await checkTrials(
      fc.record({ channels, padding: fc.constantFrom(0, 4) }),
      ({ channels: { groups, inputs, filters }, padding }, random) => ({
        inputs: {
          x: numbers([2, inputs, ...size], random),
          weight: numbers([filters, inputs / groups, ...kernel], random),
        },
        build: ({ x, weight }: Inputs) => g.conv2d(x, weight, { groups, stride, dilation, padding }),
      }),
      4,
    )
  await checkTrials(
    fc.constant([62, 29]),
    ([size, kernel], random) => ({
      inputs: { x: numbers([2, 3, size], random), weight: numbers([5, 3, kernel], random) },
      build: ({ x, weight }: Inputs) => g.conv1d(x, weight, { stride: 4 }),
    }),
    1,
  )
})

test("the gradients of convolutions with TensorFlow's SAME padding", async () => {
  await checkTrials(
    fc.record({ height: lengths, width: lengths, stride: batches, kernel: fc.integer({ min: 1, max: 6 }) }),
    ({ height, width, stride, kernel }, random) => ({
      inputs: {
        x: numbers([2, 3, height, width], random),
        weight: numbers([2, 3, kernel, kernel], random),
      },
      build: ({ x, weight }: Inputs) => g.conv2d(x, weight, { stride, padding: 'same' }),
    }),
    12,
  )
})

test('the gradients of the best match of wide kernels, by spectra', async () => {
  await checkTrials(
    fc.record({ batch: batches, rows: batches, columns: lengths, width: lengths, padding: fc.nat(2) }),
    ({ batch, rows, columns, width, padding }, random) => ({
      inputs: {
        x: numbers([batch, 1, 5, width + columns], random),
        weight: numbers([3, 1, rows, columns], random),
        bias: numbers([3], random),
      },
      build: ({ x, weight, bias }: Inputs) => g.wideConv2dMax(x, weight, { bias, padding: [padding, 1] }),
    }),
    6,
  )
})

const poolAxis = fc
  .record({
    size: lengths,
    kernel: fc.integer({ min: 1, max: 5 }),
    stride: fc.integer({ min: 1, max: 4 }),
    before: fc.nat(4),
    after: fc.nat(4),
  })
  .filter(
    ({ size, kernel, before, after }) => before < kernel && after < kernel && kernel <= size + before + after,
  )
const pools = fc.record({
  batch: batches,
  height: poolAxis,
  width: poolAxis,
  ceilMode: fc.boolean(),
  countPadding: fc.boolean(),
})

for (const [name, pool] of Object.entries({ 'largest values': g.maxPool, means: g.avgPool }))
  test(`the gradient of ${name} of windows`, async () => {
    await checkTrials(
      pools,
      ({ batch, height, width, ceilMode, countPadding }, random) => ({
        inputs: { x: distinct([batch, 3, height.size, width.size], random) },
        build: ({ x }) =>
          pool(x, {
            kernel: [height.kernel, width.kernel],
            stride: [height.stride, width.stride],
            padding: [height.before, width.before, height.after, width.after],
            ceilMode,
            countPadding,
          }),
      }),
      40,
    )
    await checkTrials(
      fc.record({ batch: batches, axis: poolAxis, ceilMode: fc.boolean() }),
      ({ batch, axis, ceilMode }, random) => ({
        inputs: { x: distinct([batch, 7, axis.size], random) },
        build: ({ x }) =>
          pool(x, { kernel: axis.kernel, stride: axis.stride, padding: [axis.before, axis.after], ceilMode }),
      }),
      15,
    )
  })

test('the gradient of means of cells and of resizing', async () => {
  await checkTrials(fc.record({ height: lengths, width: lengths }), ({ height, width }, random) => ({
    inputs: { x: numbers([2, 3, 11, 7], random) },
    build: ({ x }) =>
      g.mul(
        g.adaptiveAvgPool(x, { size: [height, width] }),
        g.resize(x, { size: [height, width], mode: 'bicubic' }),
      ),
  }))
})

after(() => {
  const rules = Object.keys({ ...CONVOLUTION_RULES, ...POOLING_RULES })
  assert.deepEqual(
    rules.filter((rule) => !triedOperators.has(rule)),
    [],
    'rules that no trial reached',
  )
})
