import assert from 'node:assert/strict'
import { test } from 'node:test'
import { run } from '../../../test/gradient-check.js'
import { relativeDifference } from '../../../test/golden.js'
import * as g from '../index.js'

/** Where functions have a kink, a pole or no room left in single precision: numbers in, d Σ y / dx out. */
interface Edge {
  readonly x: readonly number[]
  readonly shape?: readonly number[]
  readonly build: (x: g.Tensor) => g.Tensor
  readonly slope: readonly number[]
  readonly value?: readonly number[]
}

const HUGE = 3e38 // near float32's end
const MASK = -1e30

const EDGES: Record<string, Edge> = {
  'relu at 0': { x: [0, -0, HUGE, -HUGE], build: g.relu, slope: [0, 0, 1, 0] },
  'abs at 0': { x: [0, -2, 2], build: g.abs, slope: [0, -1, 1] },
  'leaky relu at 0': { x: [0, HUGE], build: (x) => g.leakyRelu(x), slope: [0.01, 1] },
  'clip at its ends': {
    x: [-1, 1, -1.5, 1.5],
    build: (x) => g.clip(x, { min: -1, max: 1 }),
    slope: [1, 1, 0, 0],
  },
  'gelu far out': { x: [-1e20, -40, 0, 40, 1e20], build: (x) => g.gelu(x), slope: [0, 0, 0.5, 1, 1] },
  'gelu by tanh far out': {
    x: [-1e18, -1e13, -40, 0, 40, 1e13, 1e18],
    build: (x) => g.gelu(x, 'tanh'),
    slope: [0, 0, 0, 0.5, 1, 1, 1],
  },
  'quick gelu far out': { x: [-1e20, 0, 1e20], build: (x) => g.gelu(x, 'quick'), slope: [0, 0.5, 1] },
  'silu far out': { x: [-1e20, 0, 1e20], build: g.silu, slope: [0, 0.5, 1] },
  'sigmoid far out': { x: [-HUGE, 0, HUGE], build: g.sigmoid, slope: [0, 0.25, 0], value: [0, 0.5, 1] },
  'tanh far out': { x: [-HUGE, 0, HUGE], build: g.tanh, slope: [0, 1, 0] },
  'erf far out': { x: [-1e30, 0, 1e30], build: g.erf, slope: [0, 2 / Math.sqrt(Math.PI), 0] },
  'softplus far out': {
    x: [-HUGE, -200, 0, 200, HUGE],
    build: g.softplus,
    slope: [0, 0, 0.5, 1, 1],
    value: [0, 0, Math.LN2, 200, HUGE],
  },
  'log sigmoid far out': {
    x: [-HUGE, -200, 0, 200],
    build: g.logSigmoid,
    slope: [1, 1, 0.5, 0],
    value: [-HUGE, -200, -Math.LN2, 0],
  },
  'powers of 0': {
    x: [0, 0, 0, 0],
    build: (x) => g.pow(x, x.graph.constant(Float32Array.of(0, 1, 2, 3), [4])),
    slope: [0, 1, 0, 0],
    value: [1, 0, 0, 0],
  },
  'power 0 of a number': { x: [-2, 0, 2], build: (x) => g.pow(x, 0), slope: [0, 0, 0] },
  '0 and less to a power': {
    x: [0, 1, 2, 3],
    build: (x) => g.pow(x.graph.constant(Float32Array.of(0, 0, -2, -2), [4]), x),
    slope: [0, 0, 0, 0],
    value: [1, 0, 4, -8],
  },
  'the larger of equals': {
    x: [1, 1, 2],
    build: (x) => g.mul(g.maximum(x, x.graph.constant(Float32Array.of(1, 0, 3), [3])), 8),
    slope: [4, 8, 0],
  },
  'the smaller of equals': {
    x: [1, 1, 2],
    build: (x) => g.mul(g.minimum(x, x.graph.constant(Float32Array.of(1, 0, 3), [3])), 8),
    slope: [4, 0, 8],
  },
  'the larger of itself': { x: [1, -1], build: (x) => g.maximum(x, x), slope: [1, 1] },
  'the larger of equals that broadcast': {
    x: [1],
    shape: [],
    build: (x) => g.maximum(x, x.graph.constant(Float32Array.of(1, 0, 3, 1), [4])),
    slope: [2],
  },
  'equal maxima': { x: [2, 1, 2, 2, 0], build: (x) => g.mul(g.amax(x), 6), slope: [2, 0, 2, 2, 0] },
  'equal minima': { x: [2, 0, 2, 2, 0], build: (x) => g.mul(g.amin(x), 6), slope: [0, 3, 0, 0, 3] },
  'equal maxima of a window: the first': {
    x: [1, 1, 1, 1],
    shape: [1, 1, 4],
    build: (x) => g.maxPool(x, { kernel: 3, stride: 1 }),
    slope: [1, 1, 0, 0],
  },
  'maxima of masked windows': {
    x: [MASK, MASK, 3, MASK, MASK, MASK],
    shape: [1, 1, 6],
    build: (x) => g.maxPool(x, { kernel: 3, stride: 3, padding: 0 }),
    slope: [0, 0, 1, 1, 0, 0],
    value: [3, MASK],
  },
  'log-sum-exp of large numbers': {
    x: [1000, 1000, -1000],
    build: (x) => g.logSumExp(x),
    slope: [0.5, 0.5, 0],
    value: [1000 + Math.LN2],
  },
  'log-sum-exp beside masks': {
    x: [MASK, 0, MASK, 0, -1e9],
    build: (x) => g.logSumExp(x),
    slope: [0, 0.5, 0, 0.5, 0],
    value: [Math.LN2],
  },
  'log-sum-exp beside -infinity': {
    x: [0, 1],
    build: (x) => g.logSumExp(g.where(g.greater(x, 0.5), -Infinity, x)),
    slope: [1, 0],
    value: [0],
  },
  'softmax beside masks': {
    x: [MASK, 0, MASK, 0, -HUGE],
    build: (x) => g.mul(g.softmax(x), x.graph.constant(Float32Array.of(1, 2, 3, 4, 5), [5])),
    slope: [0, -0.5, 0, 0.5, 0],
    value: [0, 1, 0, 2, 0],
  },
  'log-softmax beside masks': {
    x: [MASK, 0, MASK, 0],
    build: (x) => g.slice(g.logSoftmax(x), { axis: 0, start: 1, end: 2 }),
    slope: [0, 0.5, 0, -0.5],
    value: [-Math.LN2],
  },
  'length of 0': { x: [0, 0, 0], build: (x) => g.norm(x), slope: [0, 0, 0] },
  'length of numbers whose squares are 0': { x: [1e-25, 1e-25], build: (x) => g.norm(x), slope: [0, 0] },
  'length of small numbers': { x: [3e-18, 4e-18], build: (x) => g.norm(x), slope: [0.6, 0.8] },
  'length of large numbers': { x: [3e18, 4e18], build: (x) => g.norm(x), slope: [0.6, 0.8] },
  'direction of 0, times the epsilon': {
    x: [0, 0],
    build: (x) => g.mul(g.l2Normalize(x), x.graph.constant(Float32Array.of(1e-12, 3e-12), [2])),
    slope: [1, 3],
    value: [0, 0],
  },
  'mean of nothing': {
    x: [1, 2],
    shape: [1, 2, 1],
    build: (x) => g.maskedMean(x, x.graph.constant(new Float32Array(2), [1, 2])),
    slope: [0, 0],
    value: [0],
  },
  'layer norm of equal numbers': {
    x: [2, 2, 2, 2],
    build: (x) => {
      const weight = x.graph.constant(Float32Array.of(1, 2, 3, 6), [4])
      return g.layerNorm(x, weight, g.mul(weight, 0), { epsilon: 0.25 })
    },
    slope: [-4, -2, 0, 6],
    value: [0, 0, 0, 0],
  },
  'attention where all keys are masked': {
    x: [1, 3],
    shape: [1, 1, 2, 1],
    build: (x) =>
      g.scaledDotProduct(g.stopGradient(x), g.stopGradient(x), x, {
        mask: x.graph.constant(new Float32Array(4), [2, 2]),
      }).output,
    slope: [1, 1],
    value: [2, 2],
  },
}

for (const [name, { x: data, shape = [data.length], build, slope, value }] of Object.entries(EDGES))
  test(`an edge: ${name}`, async () => {
    const graph = new g.Graph()
    const x = graph.input('x', shape)
    const y = build(x)
    const [dx] = g.gradients(g.sum(y), [x])
    const results = await run({ y, dx }, { x: { shape, data: Float32Array.from(data) } })
    const found = results.dx.data as Float32Array
    const scale = Math.max(...slope.map(Math.abs), 1e-30)
    const error = relativeDifference(
      found.map((s) => s / scale),
      slope.map((s) => s / scale),
    )
    assert.ok(error <= 1e-6, `the gradient is ${found.join(', ')}, expected ${slope.join(', ')}`)
    if (value)
      assert.ok(relativeDifference(results.y.data as Float32Array, value) <= 1e-6, `${results.y.data.join()}`)
  })
