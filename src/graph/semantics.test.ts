import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { maxAbsDifference } from '../../test/golden.js'
import * as g from './index.js'
import { nodeRuntime } from './node.js'

/** Plain arrays with shapes: the slow twin of everything here. */
interface Plain {
  readonly shape: readonly number[]
  readonly data: Float32Array
}

const sizes = fc.constantFrom<number[]>(1, 2, 3, 7, 11)
const shapes = fc.array(sizes, { minLength: 1, maxLength: 4 })
const RUNS = { numRuns: 30 }

function plain(shape: readonly number[], seed: number): Plain {
  const data = Float32Array.from({ length: count(shape) }, (_, i) => Math.sin(i * 0.7 + seed))
  return { shape, data }
}

const count = (shape: readonly number[]) => shape.reduce((size, d) => size * d, 1)

/** Every index of a shape, in order. */
function* indices(shape: readonly number[]): Generator<number[]> {
  for (let i = 0; i < count(shape); i++) {
    const index: number[] = []
    let rest = i
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index.unshift(rest % shape[axis])
      rest = Math.floor(rest / shape[axis])
    }
    yield index
  }
}

const at = ({ shape, data }: Plain, index: readonly number[]) =>
  data[
    index
      .slice(index.length - shape.length)
      .reduce((i, k, axis) => i * shape[axis] + (shape[axis] === 1 ? 0 : k), 0)
  ]

function made(shape: readonly number[], value: (index: number[]) => number): Plain {
  return { shape, data: Float32Array.from([...indices(shape)].map(value)) }
}

/** Runs `build` on the arrays, once with all shapes known and once with the first axis of the first one free. */
async function same(arrays: Plain[], build: (...x: g.Tensor[]) => g.Tensor, expected: Plain, free = true) {
  const runtime = await nodeRuntime()
  for (const isFree of free ? [false, true] : [false]) {
    const graph = new g.Graph()
    const inputs = arrays.map(({ shape }, i) =>
      graph.input(
        `x${i}`,
        shape.map((d, axis) => (isFree && i === 0 && axis === 0 ? 'batch' : d)),
      ),
    )
    const y = build(...inputs)
    const program = await g.compile(runtime, { outputs: { y } })
    const result = (await program.run(Object.fromEntries(arrays.map(({ data }, i) => [`x${i}`, data])))).y
    await program.close()
    assert.deepEqual(result.shape, expected.shape)
    if (!isFree) assert.deepEqual(y.shape, expected.shape)
    assert.ok(maxAbsDifference(result.data as Float32Array, expected.data) <= 1e-5)
  }
}

test('functions of two tensors broadcast as numpy does', async () => {
  // Two operands of one shape, each with some axes of length 1 and some leading axes left out.
  const pairs = shapes.chain((shape) => {
    const ones = fc.array(fc.boolean(), { minLength: shape.length, maxLength: shape.length })
    const operand = fc
      .tuple(fc.nat(shape.length - 1), ones)
      .map(([cut, one]) => shape.map((d, i) => (one[i] ? 1 : d)).slice(cut))
    return fc.record({ a: operand, b: operand })
  })
  await fc.assert(
    fc.asyncProperty(pairs, async ({ a, b }) => {
      const rank = Math.max(a.length, b.length)
      const shape = Array.from({ length: rank }, (_, i) =>
        Math.max(a[a.length - rank + i] ?? 1, b[b.length - rank + i] ?? 1),
      )
      const [x, y] = [plain(a, 1), plain(b, 2)]
      const expected = made(shape, (index) => at(x, index) - 2 * at(y, index))
      await same([x, y], (p, q) => g.sub(p, g.mul(q, 2)), expected, false)
    }),
    RUNS,
  )
})

test('slices are those of Python', async () => {
  const slices = fc.tuple(
    shapes,
    fc.integer({ min: -11, max: 11 }),
    fc.integer({ min: -11, max: 15 }),
    fc.integer({ min: 1, max: 3 }),
  )
  await fc.assert(
    fc.asyncProperty(slices, async ([shape, start, end, step]) => {
      const axis = shape.length - 1
      const kept = Array.from({ length: shape[axis] }, (_, i) => i)
        .slice(start, end)
        .filter((_, i) => i % step === 0)
      const x = plain(shape, 3)
      const build = (t: g.Tensor) => g.slice(t, { axis, start, end, step })
      if (kept.length === 0) {
        const graph = new g.Graph()
        assert.throws(() => build(graph.input('x', shape)), { code: 'shape' })
        return
      }
      const expected = made(shape.with(axis, kept.length), (index) =>
        at(x, index.with(axis, kept[index[axis]])),
      )
      await same([x], build, expected, axis > 0)
    }),
    RUNS,
  )
})

test('reductions leave out or keep the axes they are given', async () => {
  const cases = fc.tuple(
    shapes,
    fc.array(fc.nat(3)),
    fc.boolean(),
    fc.constantFrom('mean', 'sum', 'amax', 'amin'),
  )
  await fc.assert(
    fc.asyncProperty(cases, async ([shape, some, keepDims, name]) => {
      const axis = [...new Set(some.map((i) => i % shape.length))]
      fc.pre(axis.length > 0)
      const x = plain(shape, 5)
      const reduced = shape.map((d, i) => (axis.includes(i) ? 1 : d))
      const groups = new Map<string, number[]>()
      for (const index of indices(shape)) {
        const key = index.filter((_, i) => !axis.includes(i)).join()
        groups.set(key, [...(groups.get(key) ?? []), at(x, index)])
      }
      const total = (values: number[]) => values.reduce((a, b) => a + b, 0)
      const how = {
        sum: total,
        mean: (v: number[]) => total(v) / v.length,
        amax: (v: number[]) => Math.max(...v),
        amin: (v: number[]) => Math.min(...v),
      }[name]
      const whole = made(reduced, (index) =>
        how(groups.get(index.filter((_, i) => !axis.includes(i)).join())!),
      )
      const expected = keepDims
        ? whole
        : { data: whole.data, shape: shape.filter((_, i) => !axis.includes(i)) }
      const reduce = g[name as 'mean']
      await same([x], (t) => reduce(t, { axis, keepDims }), expected)
    }),
    RUNS,
  )
})

test('transposing, tiling by expand, joining and padding', async () => {
  const x = plain([7, 3, 11], 1)
  await same(
    [x],
    (t) => g.transpose(t, [2, 0, 1]),
    made([11, 7, 3], ([a, b, c]) => at(x, [b, c, a])),
  )
  const one = plain([7, 1, 11], 2)
  await same(
    [one],
    (t) => g.expand(t, [t.shape[0], 3, 11]),
    made([7, 3, 11], ([a, , c]) => at(one, [a, 0, c])),
  )
  await same(
    [x, one],
    (s, t) => g.concat([t, s], { axis: 1 }),
    made([7, 4, 11], ([a, b, c]) => (b === 0 ? at(one, [a, 0, c]) : at(x, [a, b - 1, c]))),
    false,
  )
  await same(
    [x],
    (t) =>
      g.pad(t, {
        axes: [
          { axis: 2, before: 2 },
          { axis: 1, after: 1 },
        ],
        value: 9,
      }),
    made([7, 4, 13], ([a, b, c]) => (b === 3 || c < 2 ? 9 : at(x, [a, b, c - 2]))),
  )
})

test('comparisons choose, running sums run, limits limit', async () => {
  const x = plain([7, 11], 1)
  await same(
    [x],
    (t) => g.where(g.less(t, 0.1), g.mul(t, t), 5),
    made([7, 11], (i) => (at(x, i) < Math.fround(0.1) ? at(x, i) ** 2 : 5)),
  )
  await same(
    [x],
    (t) => g.clip(t, { max: 0.5 }),
    made([7, 11], (i) => Math.min(0.5, at(x, i))),
  )
  await same(
    [x],
    (t) => g.clip(t, { min: -0.2, max: 0.5 }),
    made([7, 11], (i) => Math.max(-0.2, Math.min(0.5, at(x, i)))),
  )
  await same(
    [x],
    (t) => g.cumulativeSum(t, { axis: 1 }),
    made([7, 11], ([a, b]) => Array.from({ length: b + 1 }, (_, k) => at(x, [a, k])).reduce((p, q) => p + q)),
  )
  await same(
    [x],
    (t) => g.pow(g.abs(t), 1.5),
    made([7, 11], (i) => Math.abs(at(x, i)) ** 1.5),
  )
})

test('comparisons hold at equality where their names say so', async () => {
  // Small whole numbers, so that a third of the pairs are equal.
  const whole = (seed: number) => made([7, 11], ([a, b]) => (a * 5 + b * seed) % 3)
  const [x, y] = [whole(1), whole(2)]
  const pairs = [...indices([7, 11])].map((i) => Math.sign(at(x, i) - at(y, i)))
  for (const order of [-1, 0, 1]) assert.ok(pairs.filter((sign) => sign === order).length > 10)
  for (const [compare, holds] of [
    [g.equal, (a: number, b: number) => a === b],
    [g.less, (a: number, b: number) => a < b],
    [g.lessOrEqual, (a: number, b: number) => a <= b],
    [g.greater, (a: number, b: number) => a > b],
    [g.greaterOrEqual, (a: number, b: number) => a >= b],
  ] as const)
    await same(
      [x, y],
      (p, q) => g.where(compare(p, q), 3, -7),
      made([7, 11], (i) => (holds(at(x, i), at(y, i)) ? 3 : -7)),
      false,
    )
})

test('erf is the integral of the bell curve', async () => {
  const x = made([7, 11], ([a, b]) => (a * 11 + b) / 12 - 3.1)
  // Maclaurin series of 2/√π ∫ e^(-t²) dt: converges everywhere, and to 1e-9 in doubles over this range.
  const erf = (z: number) => {
    let term = z
    let sum = 0
    for (let n = 0; n < 80; n++) {
      sum += term / (2 * n + 1)
      term *= -(z * z) / (n + 1)
    }
    return (2 / Math.sqrt(Math.PI)) * sum
  }
  await same(
    [x],
    g.erf,
    made([7, 11], (i) => erf(at(x, i))),
  )
})

test('attention of given heads: scaled scores, a bias, a mask, then a mean of the values by softmax', async () => {
  const [heads, queries, keys, width] = [2, 3, 7, 5]
  const q = plain([1, heads, queries, width], 1)
  const k = plain([1, heads, keys, width], 2)
  const v = plain([1, heads, keys, 4], 3)
  const bias = plain([1, heads, queries, keys], 4)
  const mask = made([queries, keys], ([row, column]) => (column <= row + 2 ? 1 : 0))
  for (const { scale, biased, masked } of [
    { scale: undefined, biased: false, masked: false },
    { scale: 0.3, biased: true, masked: false },
    { scale: undefined, biased: true, masked: true },
  ]) {
    const weights = made([1, heads, queries, keys], ([, h, row, column]) => {
      const scores = Array.from({ length: keys }, (_, j) => {
        if (masked && at(mask, [row, j]) === 0) return -Infinity
        let dot = 0
        for (let d = 0; d < width; d++) dot += at(q, [0, h, row, d]) * at(k, [0, h, j, d])
        return dot * (scale ?? 1 / Math.sqrt(width)) + (biased ? at(bias, [0, h, row, j]) : 0)
      })
      const total = scores.reduce((sum, score) => sum + Math.exp(score), 0)
      return Math.exp(scores[column]) / total
    })
    const output = made([1, heads, queries, 4], ([, h, row, d]) =>
      Array.from({ length: keys }, (_, j) => at(weights, [0, h, row, j]) * at(v, [0, h, j, d])).reduce(
        (a, b) => a + b,
      ),
    )
    const build = (...[query, key, value, b, m]: g.Tensor[]) =>
      g.scaledDotProduct(query, key, value, {
        scale,
        bias: biased ? b : undefined,
        mask: masked ? m : undefined,
      })
    const fed = [q, k, v, ...(biased ? [bias] : []), ...(masked ? [mask] : [])]
    await same(fed, (...x) => build(...x).output, output, false)
    await same(
      fed.toSpliced(2, 1),
      (query, key, b, m) => build(query, key, key, b, m).attention,
      weights,
      false,
    )
  }
})

test('two free axes: heads are split and merged, rows are mapped, a token is put in front', async () => {
  const graph = new g.Graph()
  const x = graph.input('x', ['batch', 'tokens', 12])
  const weight = graph.constant(
    Float32Array.from({ length: 144 }, (_, i) => (i % 13 === 0 ? 1 : 0)),
    [12, 12],
  )
  const cls = graph.constant(new Float32Array(12).fill(3), [1, 1, 12])
  const outputs = {
    heads: g.splitHeads(x, 4),
    back: g.mergeHeads(g.splitHeads(x, 4)),
    mapped: g.linear(x, weight),
    rows: g.reshape(x, [g.reshape(x, [-1, 12]).shape[0], 12]),
    fronted: g.concat([g.expand(cls, ['batch', 1, 12]), x], { axis: 1 }),
  }
  assert.deepEqual(outputs.fronted.shape, ['batch', '(tokens+1)', 12])
  assert.deepEqual(outputs.rows.shape, ['batch*tokens', 12])
  const program = await g.compile(await nodeRuntime(), { outputs })
  const { shape, data } = plain([3, 7, 12], 1)
  const results = await program.run({ x: { data, shape } })
  assert.deepEqual(results.heads.shape, [3, 4, 7, 3])
  assert.deepEqual(results.rows.shape, [21, 12])
  assert.deepEqual(results.fronted.shape, [3, 8, 12])
  for (const name of ['back', 'mapped', 'rows'] as const) assert.deepEqual(results[name].data, data)
  const heads = made([3, 4, 7, 3], ([b, h, t, d]) => data[(b * 7 + t) * 12 + h * 3 + d])
  assert.deepEqual(results.heads.data, heads.data)
})

test("TensorFlow's SAME padding: the odd row and column lie behind", async () => {
  for (const [size, kernel, stride] of [
    [11, 3, 2],
    [7, 4, 1],
    [8, 3, 2],
    [7, 2, 3],
  ]) {
    const x = plain([1, 1, size, size], 1)
    const w = plain([1, 1, kernel, kernel], 2)
    const length = Math.ceil(size / stride)
    const before = Math.floor(Math.max((length - 1) * stride + kernel - size, 0) / 2)
    const expected = made([1, 1, length, length], ([, , i, j]) => {
      let sum = 0
      for (let p = 0; p < kernel; p++)
        for (let q = 0; q < kernel; q++) {
          const [row, column] = [i * stride + p - before, j * stride + q - before]
          if (row >= 0 && column >= 0 && row < size && column < size)
            sum += x.data[row * size + column] * w.data[p * kernel + q]
        }
      return sum
    })
    await same([x, w], (a, b) => g.conv2d(a, b, { stride, padding: 'same' }), expected)
  }
})
