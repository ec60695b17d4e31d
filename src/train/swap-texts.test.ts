import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Text } from '../data/index.js'
import { Random } from '../random/index.js'
import { readTables } from '../text/node.js'
import { TextSwap } from './swap-texts.js'

const TAGS = ['Piano', 'guitar', 'slow', 'fast', 'lo-fi', 'c++', 'piano']
const own = (...tags: string[]): Text[] => tags.map((value) => ({ kind: 'tag', value }))

test('one tag that stands in the text is swapped for one that is neither in it nor of the pair', () => {
  const swap = new TextSwap(TAGS)
  assert.equal(swap.size, 6)
  const seen = new Set<string>()
  for (let seed = 0; seed < 200; seed++) {
    const text = swap.swap('A Slow piece for piano.', own('slow', 'Lo-Fi'), new Random(seed))
    const [, swapped] = /^A (.*) piece for piano\.$/.exec(text) ?? /^A Slow piece for (.*)\.$/.exec(text)!
    assert.ok(['guitar', 'fast', 'c++'].includes(swapped), text)
    seen.add(text)
  }
  assert.equal(seen.size, 6) // two places, three words
})

test('words are whole words, and signs are signs', () => {
  const swap = new TextSwap(['art', 'c++', 'lo-fi', 'été'])
  for (const [text, expected] of [
    ['smart party', /^(art|c\+\+|lo-fi|été)$/], // none of them is in it: a text of another tag
    ['played in C++ and more', /^played in (art|lo-fi|été) and more$/],
    ['un ÉTÉ, étés', /^un (art|c\+\+|lo-fi), étés$/],
  ] as const)
    for (let seed = 0; seed < 20; seed++) assert.match(swap.swap(text, [], new Random(seed)), expected)
})

test('a text that has all tags stays', () => {
  const swap = new TextSwap(['a', 'b'])
  assert.equal(swap.swap('a and b', [], new Random(1)), 'a and b')
  assert.equal(swap.swap('a only', own('b'), new Random(1)), 'a only')
})

test('thousands of tags are looked for in no time', () => {
  const swap = new TextSwap(Array.from({ length: 5000 }, (_, i) => `tag number ${i}`))
  const began = performance.now()
  for (let i = 0; i < 128; i++) swap.swap(`This one has tag number ${i}.`, [], new Random(i))
  const ms = performance.now() - began
  assert.ok(ms < 2000, `${ms} ms for a batch of 128`)
})

test("a table comes first, tags where it has nothing; names of the pair don't hold it back", async () => {
  const { swaps } = await readTables()
  const swap = new TextSwap(['zydeco', 'polka'], swaps)
  const title: Text = { kind: 'title', value: 'Major Tom' }
  for (let seed = 0; seed < 20; seed++) {
    assert.equal(swap.swap('in A minor', [title], new Random(seed)), 'in A major')
    assert.equal(swap.swap('in A minor', own('major'), new Random(seed)).slice(0, 1) === 'i', false)
    assert.equal(swap.swap('pure polka', [], new Random(seed)), 'pure zydeco')
  }
})
