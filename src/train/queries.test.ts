import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Pair, TextKind } from '../data/index.js'
import { validationQueries } from './queries.js'

const pair = (id: string, ...texts: [TextKind, string][]): Pair => ({
  audio: { path: `/${id}` },
  texts: texts.map(([kind, value]) => ({ kind, value })),
  track: { id },
})

test('captions ask, tags in a row where there are none, any text where there are no tags', () => {
  const { texts, answers, items } = validationQueries(
    [
      pair('a', ['caption', 'one'], ['caption', 'two'], ['tag', 'x']),
      pair('b', ['tag', 'x'], ['tag', 'y'], ['title', 'B']),
      pair('c', ['title', 'C'], ['artist', 'D']),
      pair('d'),
    ],
    ', ',
  )
  assert.deepEqual(texts, ['one', 'two', 'x, y', 'C'])
  assert.deepEqual(answers, [[0], [0], [1], [2]])
  assert.deepEqual(items, [[0], [1], [2], [3]])
})

test('pairs of one track are one item; a text of several tracks is one query that each answers', () => {
  const { texts, answers, items } = validationQueries(
    [
      pair('a', ['caption', 'calm']),
      pair('b', ['caption', 'calm'], ['caption', 'slow']),
      pair('a', ['caption', 'calm'], ['caption', 'loud']),
      pair('c', ['tag', 'p'], ['tag', 'q']),
      pair('d', ['tag', 'p'], ['tag', 'q']),
    ],
    ' ',
  )
  assert.deepEqual(texts, ['calm', 'slow', 'loud', 'p q'])
  assert.deepEqual(answers, [[0, 1], [1], [0], [2, 3]])
  assert.deepEqual(items, [[0, 2], [1], [3], [4]])
})
