import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tagQueries } from './tag-queries.js'

const TRACKS = [
  ['rock', 'loud', 'guitar', 'fast'],
  ['rock', 'loud', 'guitar'],
  ['rock', 'guitar', 'fast'],
  ['rock', 'quiet', 'guitar'],
  ['folk', 'quiet', 'guitar'],
  ['folk', 'quiet', 'guitar', 'fast'],
  ['folk', 'loud', 'fast'],
  ['folk', 'quiet'],
  ['folk', 'quiet', 'fast'],
].map((tags) => ({ tags }))

test('queries of tags: all that can be asked, answered by the tracks that have every one', () => {
  for (const size of [1, 2, 3]) {
    const queries = tagQueries(TRACKS, { size, least: 2 })
    const found = queries.map(({ tags }) => [...tags].sort().join(' ')).sort()
    assert.deepEqual(found, bruteForce(size, 2))
    for (const { tags, answers } of queries)
      assert.deepEqual(
        answers,
        [...TRACKS.keys()].filter((i) => tags.every((tag) => TRACKS[i].tags.includes(tag))),
      )
  }
  assert.deepEqual(tagQueries(TRACKS, { size: 1, most: 2 }), tagQueries(TRACKS, { size: 1, most: 2 }))
  assert.equal(tagQueries(TRACKS, { size: 1, most: 2 }).length, 2)
  assert.deepEqual(tagQueries(TRACKS, { size: 5 }), [])
})

function bruteForce(size: number, least: number): string[] {
  const all = [...new Set(TRACKS.flatMap(({ tags }) => tags))].sort()
  const count = (tags: readonly string[]): number =>
    TRACKS.filter((track) => tags.every((tag) => track.tags.includes(tag))).length
  const subsets = Array.from({ length: 2 ** all.length }, (_, bits) => all.filter((__, i) => (bits >> i) & 1))
  return subsets
    .filter((tags) => tags.length === size && count(tags) >= least && 2 * count(tags) <= TRACKS.length)
    .filter((tags) => tags.every((tag) => count(tags.filter((other) => other !== tag)) > count(tags)))
    .map((tags) => tags.join(' '))
    .sort()
}
