import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { MAX_NAME_BYTES, Names } from './names.js'

test('names are numbered as a Map would number them', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 7 }), { maxLength: 300 }), (list) => {
      const names = new Names()
      const map = new Map<string, number>()
      for (const name of list) {
        if (!map.has(name)) map.set(name, map.size)
        assert.equal(names.add(name), map.get(name))
      }
      assert.equal(names.size, map.size)
      assert.deepEqual([...names], [...map.keys()])
      for (const [name, index] of map) assert.equal(names.find(name), index)
      assert.equal(names.find('not among them, at 30 letters'), -1)
    }),
    { numRuns: 60 },
  )
})

test('a hundred thousand names, some long, some of bytes, over many pages', () => {
  const names = new Names()
  const nameOf = (i: number): string => `${'é'.repeat(i % 40)} name ${i}`
  const encoder = new TextEncoder()
  for (let round = 0; round < 2; round++)
    for (let i = 0; i < 100_003; i++) {
      const bytes = encoder.encode(`--${nameOf(i)}--`)
      const index = i % 3 === 0 ? names.add(nameOf(i)) : names.addBytes(bytes, 2, bytes.length - 2)
      if (index !== i) assert.fail(`${nameOf(i)} has number ${index}`)
    }
  assert.equal(names.size, 100_003)
  for (let i = 0; i < 100_003; i += 997) assert.equal(names.get(i), nameOf(i))
  const hashes = new Set(Array.from({ length: names.size }, (_, i) => names.hash(i)))
  assert.ok(hashes.size > 100_000 - 10, `${hashes.size} hashes`)
})

test('the longest name fits, a longer one is refused; a byte order mark is part of a name', () => {
  const names = new Names()
  assert.equal(names.get(names.add('x'.repeat(MAX_NAME_BYTES))).length, MAX_NAME_BYTES)
  assert.throws(() => names.add('x'.repeat(MAX_NAME_BYTES + 1)), RangeError)
  assert.throws(() => names.add('é'.repeat(MAX_NAME_BYTES / 2 + 1)), RangeError)
  assert.equal(names.get(names.add('\uFEFFa')), '\uFEFFa')
  assert.equal(names.add(''), 2)
  assert.throws(() => names.get(3), RangeError)
})
