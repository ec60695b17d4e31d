import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clipByGlobalNorm, globalNorm, WeightAverage } from '../index.js'

const gradients = () =>
  new Map(
    [7, 11, 1].map((size, k) => [
      `g${k}`,
      Float32Array.from({ length: size }, (_, i) => Math.sin(i + k) + 0.1),
    ]),
  )

/** What the formula says, in double precision. */
const slowNorm = (arrays: Map<string, Float32Array>) =>
  Math.hypot(...[...arrays.values()].flatMap((array) => [...array]))

test('the norm is that of all numbers together', () => {
  assert.ok(Math.abs(globalNorm(gradients()) - slowNorm(gradients())) < 1e-12)
  assert.equal(globalNorm(new Map()), 0)
})

test('clipping scales to the norm asked for, and only down', () => {
  const clipped = gradients()
  assert.equal(clipByGlobalNorm(clipped, 0.5), globalNorm(gradients()))
  assert.ok(Math.abs(slowNorm(clipped) - 0.5) < 1e-6)
  assert.ok(
    Math.abs(
      clipped.get('g1')![3] / clipped.get('g0')![2] - gradients().get('g1')![3] / gradients().get('g0')![2],
    ) < 1e-6,
  )
  const small = gradients()
  clipByGlobalNorm(small, 100)
  assert.deepEqual(small, gradients())
})

test('a norm that is not finite is returned, and nothing scaled', () => {
  for (const bad of [NaN, Infinity]) {
    const broken = gradients()
    broken.get('g1')![4] = bad
    const norm = clipByGlobalNorm(broken, 0.5)
    assert.ok(!Number.isFinite(norm))
    assert.deepEqual(broken.get('g0'), gradients().get('g0'))
  }
})

test('weight average: follows the formula, goes on from what was saved', () => {
  const data = Float32Array.of(1, -2, 3)
  const average = new WeightAverage(new Map([['w', data]]), 0.9)
  let expected = [1, -2, 3]
  let saved: Map<string, Float32Array> | undefined
  for (let k = 1; k <= 7; k++) {
    data[k % 3] += 0.1 * k
    average.update()
    expected = expected.map((value, i) => 0.9 * value + 0.1 * data[i])
    if (k === 4) saved = new Map([['w', average.weights.get('w')!.slice()]])
  }
  for (const [i, value] of average.weights.get('w')!.entries())
    assert.ok(Math.abs(value - expected[i]) < 1e-6)

  const other = new WeightAverage(new Map([['w', data]]), 0.9)
  other.load(saved!)
  assert.deepEqual(other.weights, saved)
  assert.throws(() => other.load(new Map()), /has no numbers of "w", expected 3/)
  assert.throws(() => other.load(new Map([...saved!, ['v', data]])), /has 3 numbers of "v", expected none/)
})
