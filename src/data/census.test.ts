import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CensusTaker, type Pair, type PairSet, type TrackInfo } from './index.js'

const pair = (path: string, texts: [string, ...string[]][], track: Partial<TrackInfo> = {}): Pair => ({
  audio: { path },
  texts: texts.flatMap(([kind, ...values]) =>
    values.map((value) => ({ kind: kind as Pair['texts'][number]['kind'], value })),
  ),
  track: { id: path, ...track },
})

const of = (pairs: readonly Pair[], more: Partial<PairSet> = {}): PairSet => ({
  pairs,
  rows: pairs.length,
  wrong: [],
  withoutText: 0,
  ...more,
})

test('counts texts, words, duplicates, tags, artists, albums and repeated rows', () => {
  const taker = new CensusTaker()
  taker.add(
    of([
      pair(
        'a',
        [
          ['caption', 'A slow song.', "It's sad, so sad"],
          ['tag', 'Slow', 'piano'],
        ],
        {
          artist: 'Ann; Ben',
          album: 'One',
        },
      ),
      pair(
        'b',
        [
          ['caption', 'a  SLOW song.'],
          ['tag', 'slow'],
        ],
        { artist: 'ben', album: 'One' },
      ),
    ]),
  )
  const wrong = [{ file: '/x.csv', line: 3, reason: 'no text' }]
  taker.add(
    of([pair('a', [['caption', 'Another.']]), pair('a', [['caption', 'Another.']])], {
      rows: 3,
      wrong,
      withoutText: 2,
    }),
  )
  const census = taker.result({ tags: 1 })
  assert.deepEqual(census, {
    rows: 5,
    pairs: 4,
    repeatedPairs: 1,
    withoutText: 2,
    tracks: 2,
    artists: 2,
    pairsWithArtist: 2,
    albums: 2,
    texts: {
      caption: { texts: 5, duplicates: 2, words: 3 + 4 + 3 + 1 + 1, longest: 4 },
      tag: { texts: 3, duplicates: 1, words: 3, longest: 1 },
    },
    // a slow song it's sad so another piano
    vocabulary: 8,
    tags: [{ tag: 'slow', pairs: 2 }],
    distinctTags: 2,
    parts: {},
    leaks: { tracks: 0, artists: 0 },
    wrong: { rows: 1, first: wrong },
  })
})

test('artists and tracks on both sides of a published split are told', () => {
  const taker = new CensusTaker()
  const texts: [string, string][] = [['tag', 'x']]
  taker.add(
    of([
      pair('a', texts, { artist: 'Ann', part: 'train' }),
      pair('b', texts, { artist: 'Ben;ANN', part: 'test' }),
      pair('c', texts, { artist: 'Cy', part: 'test', id: 'song' }),
      pair('d', texts, { artist: 'Cy', part: 'test', id: 'song' }),
      pair('e', texts, { artist: 'Di', part: 'validation', id: 'song' }),
      pair('f', texts, { artist: 'Cy' }),
    ]),
  )
  const { parts, leaks } = taker.result()
  assert.deepEqual(parts, { train: 1, validation: 1, test: 3 })
  assert.deepEqual(leaks, { tracks: 1, artists: 1 })
})
