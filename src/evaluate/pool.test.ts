import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Pair } from '../data/index.js'
import { Random } from '../random/index.js'
import { drawPool } from './pool.js'

const pairs: Pair[] = Array.from({ length: 60 }, (_, at) => ({
  audio: { path: `/music/${at}.flac` },
  texts: [{ kind: 'caption', value: `text ${at}` }],
  track: { id: `track ${at >> 1}` }, // two pairs a track
}))
const idsOf = (some: readonly Pair[]): string[] => some.map(({ audio }) => audio.path)

test('a pool has as many tracks as asked for, whole, whatever the order of the pairs', () => {
  const pool = drawPool(pairs, 7, 'p')
  assert.equal(pool.length, 14)
  assert.equal(new Set(pool.map(({ track }) => track.id)).size, 7)
  const shuffled = new Random('order').shuffle(pairs)
  assert.deepEqual(idsOf(drawPool(shuffled, 7, 'p')).sort(), idsOf(pool).sort())
  assert.deepEqual(idsOf(pool), idsOf(pairs.filter((pair) => pool.includes(pair)))) // in their order
  // A larger one holds the smaller one.
  const larger = idsOf(drawPool(pairs, 12, 'p'))
  assert.ok(idsOf(pool).every((path) => larger.includes(path)))
  assert.equal(drawPool(pairs, 30, 'p').length, 60)
  assert.throws(() => drawPool(pairs, 31, 'p'), { code: 'usage', message: /"p" searches 31 .* has 30$/ })
})
