import assert from 'node:assert/strict'
import test from 'node:test'
import { Random } from '../random/index.js'
import { createCountKernel, MAX_COUNTED } from './count-kernel.js'

test('counts above and level with a threshold, from any place to any other', () => {
  const random = new Random('count')
  const kernel = createCountKernel(5000)
  for (let at = 0; at < 5000; at++)
    kernel.numbers[at] = random.int(-9, 9) / 7 + (random.chance(0.1) ? NaN : 0)
  for (let round = 0; round < 300; round++) {
    const from = random.int(0, 4996)
    const to = from + 4 * random.int(0, Math.floor((5000 - from) / 4))
    const threshold = Math.fround(random.int(-10, 10) / 7) * (random.chance(0.1) ? -0 : 1)
    const row = kernel.numbers.subarray(from, to)
    const above = row.filter((value) => value > threshold).length
    const equal = row.filter((value) => value === threshold).length
    assert.equal(kernel.count(from, to, threshold), above * 65_536 + equal)
  }
})

test('as many as are allowed, all above or all level', () => {
  const most = MAX_COUNTED - (MAX_COUNTED % 4)
  const kernel = createCountKernel(most)
  kernel.numbers.fill(0.5)
  assert.equal(kernel.count(0, most, 0.25) >>> 16, most)
  assert.equal(kernel.count(0, most, 0.5), most)
  assert.equal(kernel.count(0, most, 0.75), 0)
})
