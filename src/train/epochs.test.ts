import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Epochs } from './epochs.js'

const SIZES = fc
  .record({ size: fc.integer({ min: 2, max: 11 }), more: fc.nat(40), seed: fc.nat(99) })
  .map(({ size, more, seed }) => ({ size, count: size + more, seed }))

test('no batch has a pair twice, and a batch follows from the seed and its step alone', () => {
  fc.assert(
    fc.property(SIZES, fc.nat(60), (options, step) => {
      const inOrder = new Epochs(options)
      for (let before = 0; before < step; before++) inOrder.batch(before)
      const batch = inOrder.batch(step)
      assert.deepEqual(new Epochs(options).batch(step), batch)
      assert.equal(new Set(batch).size, options.size)
      assert.ok(batch.every((pair) => pair >= 0 && pair < options.count))
    }),
  )
})

test('an epoch has every pair once, the batch that it shares with the next among them', () => {
  const options = { count: 77, size: 11, seed: 3 }
  const uneven = { count: 80, size: 11, seed: 3 }
  for (const { count, size, seed } of [
    options,
    uneven,
    { count: 22, size: 11, seed: 5 },
    { count: 23, size: 11, seed: 5 },
  ]) {
    const epochs = new Epochs({ count, size, seed })
    const stream: number[] = []
    for (let step = 0; stream.length < 6 * count; step++) stream.push(...epochs.batch(step))
    for (let epoch = 0; epoch < 6; epoch++)
      assert.equal(
        new Set(stream.slice(epoch * count, (epoch + 1) * count)).size,
        count,
        `${count}, epoch ${epoch}`,
      )
    assert.notDeepEqual(stream.slice(0, count), stream.slice(count, 2 * count))
  }
})

test('each pair is as likely at each place', () => {
  const seen = new Float64Array(7 * 3)
  const runs = 3000
  for (let seed = 0; seed < runs; seed++)
    for (const [row, pair] of new Epochs({ count: 7, size: 3, seed }).batch(2).entries())
      seen[row * 7 + pair]++
  // Batch 2 begins in the first epoch and ends in the second: 4 standard deviations of a binomial.
  const expected = runs / 7
  for (const count of seen)
    assert.ok(Math.abs(count - expected) < 4 * Math.sqrt(expected * (6 / 7)), `${count}`)
})

test('fewer pairs than a batch are refused', () => {
  assert.throws(() => new Epochs({ count: 6, size: 7, seed: 1 }), {
    code: 'usage',
    message: /set data\.batch to 6 or less/,
  })
})
