import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Random } from './random.js'

// Computed with Python's integers by the published algorithms: xmur3('apples') gives a, b and c, d = 1, 12 draws are dropped.
const APPLES = [2519047496, 2039783553, 4056616490, 4191981211]

test('the stream of a seed is sfc32 from an xmur3 hash', () => {
  const drawn = (seed: string | number): number[] => {
    const rng = new Random(seed)
    return Array.from({ length: 4 }, () => Math.round(rng.next() * 2 ** 32))
  }
  assert.deepEqual(drawn('apples'), APPLES)
  assert.deepEqual(drawn(1), drawn('1'))
  assert.notDeepEqual(drawn(1), drawn(2))
})

test('a fork is a stream of its own', () => {
  const one = new Random('x')
  const fork = one.fork('a')
  const first = fork.next()
  one.next()
  assert.equal(new Random('x').fork('a').next(), first)
  assert.notEqual(new Random('x').fork('b').next(), first)
})

test('draws lie in their ranges and about where they should', () => {
  const rng = new Random('ranges')
  const counts = [0, 0, 0, 0, 0]
  let [sum, squares] = [0, 0]
  const n = 20_000
  for (let i = 0; i < n; i++) {
    counts[rng.int(0, 4)]++
    const x = rng.gauss()
    sum += x
    squares += x * x
    assert.ok(Math.abs(x) <= 3.5)
  }
  for (const count of counts) assert.ok(Math.abs(count - n / 5) < 4 * Math.sqrt((n * 4) / 25))
  assert.ok(Math.abs(sum / n) < 0.03)
  assert.ok(Math.abs(squares / n - 1) < 0.04)
  const shuffled = rng.shuffle([1, 2, 3, 4, 5, 6, 7])
  assert.deepEqual(
    [...shuffled].sort((a, b) => a - b),
    [1, 2, 3, 4, 5, 6, 7],
  )
  assert.throws(() => rng.pick([]), RangeError)
})
