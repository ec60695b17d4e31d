import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { MixedEpochs } from './mixed-epochs.js'

const members = (from: number, count: number): Int32Array =>
  Int32Array.from({ length: count }, (_, i) => from + i)

test('each batch has its share of each source and no pair twice, and a source comes round evenly', () => {
  const arbitrary = fc.record({
    weights: fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 5 }),
    size: fc.integer({ min: 5, max: 40 }),
    seed: fc.nat(99),
  })
  fc.assert(
    fc.property(arbitrary, ({ weights, size, seed }) => {
      const total = weights.reduce((sum, weight) => sum + weight, 0)
      const counts = weights.map((_, i) => size + 3 * i)
      const starts = counts.map((_, i) => counts.slice(0, i).reduce((sum, n) => sum + n, 0))
      const shares = weights.map((weight, i) => ({
        name: String(i),
        share: weight / total,
        members: members(starts[i], counts[i]),
      }))
      const epochs = new MixedEpochs({ shares, size, seed })
      const seen = new Map<number, number>()
      for (let step = 0; step < 30; step++) {
        const batch = epochs.batch(step)
        assert.equal(batch.length, size)
        assert.equal(new Set(batch).size, size)
        assert.deepEqual(new MixedEpochs({ shares, size, seed }).batch(step), batch)
        for (const [i, { share }] of shares.entries()) {
          const rows = batch.filter((pair) => pair >= starts[i] && pair < starts[i] + counts[i])
          const off = Math.abs(rows.length - share * size)
          assert.ok(off < 1 || rows.length === 1 || weights.some((w) => (w / total) * size < 1), `${off}`)
          assert.ok(rows.length >= 1)
          for (const pair of rows) seen.set(pair, (seen.get(pair) ?? 0) + 1)
        }
      }
      for (const [i, { members: own }] of shares.entries()) {
        const times = [...own].map((pair) => seen.get(pair) ?? 0)
        // A source of fewer pairs than two batches leaves some out of an epoch; the others go round.
        const rows = epochs.batch(0).filter((pair) => own.includes(pair)).length
        if (counts[i] >= 2 * rows)
          assert.ok(
            Math.max(...times) - Math.min(...times) <= 2,
            `${i}: ${Math.min(...times)}-${Math.max(...times)}`,
          )
      }
    }),
    { numRuns: 60 },
  )
})

test('what a batch cannot be made of is refused', () => {
  const source = (name: string, share: number, count: number) => ({ name, share, members: members(0, count) })
  assert.throws(
    () => new MixedEpochs({ shares: [source('a', 0.9, 5), source('b', 0.1, 50)], size: 10, seed: 1 }),
    {
      code: 'usage',
      message: /takes 9 pairs of a by its weight, and it has 5/,
    },
  )
  assert.throws(
    () =>
      new MixedEpochs({
        shares: [source('a', 0.4, 5), source('b', 0.4, 5), source('c', 0.2, 5)],
        size: 2,
        seed: 1,
      }),
    { code: 'usage' },
  )
})
