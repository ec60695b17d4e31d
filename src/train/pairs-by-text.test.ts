import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Pair, Text } from '../data/index.js'
import { pairsByText } from './pairs-by-text.js'
import { parseRecipe } from './recipe-file.js'

const recipeOf = (more: string) =>
  parseRecipe(`{ name: t, audio: { encoder: a }, text: { encoder: b, tokenizer: c }, ${more} }`)

const pair = (id: string, ...texts: [Text['kind'], string][]): Pair => ({
  audio: { path: `/${id}.wav` },
  track: { id, artist: 'x' },
  texts: texts.map(([kind, value]) => ({ kind, value })),
})

test('each text that is drawn is a pair, the tags of a track are one', () => {
  const { text_policy: policy } = recipeOf('text_policy: { kinds: { caption: 2, tag: 1, title: 0 } }')
  const pairs = [
    pair('1', ['title', 'T'], ['caption', 'a'], ['tag', 'x'], ['caption', 'b'], ['tag', 'y']),
    pair('2', ['title', 'U']),
  ]
  const found = pairsByText(pairs, policy)
  assert.deepEqual(
    found.map(({ track, texts }) => `${track.id}: ${texts.map(({ value }) => value).join('|')}`),
    ['1: a', '1: b', '1: x|y', '2: U'],
  )
  for (const { audio, track } of found.slice(0, 3)) {
    assert.equal(audio, pairs[0].audio)
    assert.equal(track, pairs[0].track)
  }
})

test('what needs all that is said of a track is refused', () => {
  for (const more of [
    'loss: { kind: text_swap }',
    'loss: { kind: multi_positive }',
    'text_policy: { kinds: { caption: 1, similarity: 1 } }',
    'text_policy: { kinds: { caption: 1, metadata: 1 } }',
  ])
    assert.throws(
      () => recipeOf(`${more}, data: { pairs: texts }`),
      { code: 'usage', message: /data\.pairs/ },
      more,
    )
})
