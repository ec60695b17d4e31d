import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Fingerprints } from './fingerprints.js'

test('counts as a map does', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string({ maxLength: 3 }), fc.string({ unit: 'grapheme' }))), (texts) => {
      const found = new Fingerprints()
      const expected = new Map<string, number>()
      for (const text of texts) {
        assert.equal(found.add(text), expected.get(text) ?? 0)
        expected.set(text, (expected.get(text) ?? 0) + 1)
      }
      assert.equal(found.size, expected.size)
      for (const [text, count] of expected) assert.equal(found.get(text), count)
      assert.equal(found.get('never said, and long enough to be no chance'), 0)
      assert.deepEqual([...found.counts()].sort(), [...expected.values()].sort())
    }),
  )
})

test('half a million names that differ in a digit are told apart, and bits are kept', () => {
  const found = new Fingerprints()
  for (let i = 0; i < 500_000; i++) assert.equal(found.mark(`artist_${i}`, 1 << (i % 3)), 0)
  assert.equal(found.size, 500_000)
  assert.equal(found.mark('artist_7', 1), 2)
  assert.equal(found.get('artist_7'), 3)
})
