import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { assertNoLeak, split, type Pair, type Split } from './index.js'

const pair = (id: string, artist?: string): Pair => ({
  audio: { path: `/music/${id}.flac` },
  texts: [{ kind: 'caption', value: `about ${id}` }],
  track: { id, artist },
})

const ids = (pairs: readonly Pair[]): string[] => pairs.map(({ track }) => track.id)
const everyPart = (parts: Split): [string, Pair][] =>
  Object.entries(parts).flatMap(([name, pairs]) => (pairs as Pair[]).map((p): [string, Pair] => [name, p]))

/** The slow way: compares each pair with each. */
function leaks(parts: Split, artists: (p: Pair) => string[]): number {
  let count = 0
  for (const [one, a] of everyPart(parts))
    for (const [other, b] of everyPart(parts))
      if (
        one !== other &&
        (a.track.id === b.track.id || artists(a).some((name) => artists(b).includes(name)))
      )
        count++
  return count
}

test('no track and no artist is on two sides, and every pair is on one', () => {
  const arbitrary = fc.record({
    seed: fc.nat(1000),
    tracks: fc.array(fc.tuple(fc.nat(60), fc.array(fc.nat(40), { maxLength: 2 })), {
      minLength: 40,
      maxLength: 77,
    }),
    by: fc.constantFrom('artist' as const, 'track' as const),
  })
  fc.assert(
    fc.property(arbitrary, ({ seed, tracks, by }) => {
      const pairs = tracks.map(([id, artists]) =>
        pair(`t${id}`, artists.map((a) => (a % 3 === 0 ? `  The BAND ${a}` : `the band ${a}`)).join('; ')),
      )
      let parts: Split
      try {
        parts = split(pairs, { by, seed, validation: 0.2, test: 0.1 })
      } catch (error) {
        // All tied together by their artists: said, not done wrongly.
        return /No pairs for/.test((error as Error).message)
      }
      const artists = (p: Pair): string[] =>
        by === 'track' || !p.track.artist
          ? []
          : p.track.artist.split(';').map((name) => name.trim().toLowerCase())
      assert.equal(leaks(parts, artists), 0)
      return everyPart(parts).length === pairs.length
    }),
    { numRuns: 150 },
  )
})

test('audio that two sources of a mixture know as different tracks is on one side, wherever it lies', () => {
  const of = (root: string): Pair[] =>
    ['one', 'two'].flatMap((source) =>
      Array.from({ length: 31 }, (_, i) => ({
        ...pair(`${source}/${i}`),
        audio: i % 2 === 0 ? { path: `${root}/${i}` } : { path: `${root}/tar`, bytes: [i, i + 1] as const },
      })),
    )
  for (const by of ['artist', 'track'] as const) {
    const parts = split(of('/b'), { by, seed: 3, validation: 0.2, test: 0.2 })
    const sides = new Map<string, string>()
    for (const [name, { audio }] of everyPart(parts)) {
      const key = `${audio.path} ${audio.bytes?.[0]}`
      assert.equal(sides.get(key) ?? name, name, key)
      sides.set(key, name)
    }
    assert.deepEqual(ids(split(of('/z'), { by, seed: 3, validation: 0.2, test: 0.2 }).test), ids(parts.test))
  }
})

test('the shares are met, the same seed gives the same split in any order, another one another', () => {
  const pairs = Array.from({ length: 211 }, (_, i) => pair(`t${i}`, `artist ${i % 97}`))
  const parts = split(pairs, { seed: 7, validation: 0.1, test: 0.2 })
  assert.ok(Math.abs(parts.validation.length - 21.1) <= 2, `${parts.validation.length}`)
  assert.ok(Math.abs(parts.test.length - 42.2) <= 2, `${parts.test.length}`)
  const again = split([...pairs].reverse(), { seed: 7, validation: 0.1, test: 0.2 })
  assert.deepEqual(ids(again.validation).sort(), ids(parts.validation).sort())
  const other = split(pairs, { seed: 8, validation: 0.1, test: 0.2 })
  assert.notDeepEqual(ids(other.validation), ids(parts.validation))
})

test('one artist with half of the music does not fill a part of a tenth', () => {
  const pairs = Array.from({ length: 60 }, (_, i) => pair(`t${i}`, i < 30 ? 'the one' : `artist ${i}`))
  for (let seed = 0; seed < 20; seed++) assert.equal(split(pairs, { seed }).validation.length, 6)
})

test('a leak is told by its name, and what cannot be divided is refused', () => {
  const leaking = { train: [pair('a', 'Isfjord')], validation: [pair('b', 'isfjord; Ona')], test: [] }
  assert.throws(() => assertNoLeak(leaking), {
    code: 'failed',
    message: 'The artist "isfjord" is both in train and in validation',
  })
  assert.doesNotThrow(() => assertNoLeak(leaking, 'track'))
  assert.throws(() => split([pair('a', 'x'), pair('b', 'x')], { seed: 1 }), {
    code: 'usage',
    message: /No pairs for train: .*try to split by track/,
  })
  assert.throws(() => split([pair('a')], { seed: 1, validation: 1 }), { code: 'usage' })
})
