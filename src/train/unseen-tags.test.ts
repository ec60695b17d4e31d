import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Pair, TextKind } from '../data/index.js'
import { parseRecipe } from './recipe-file.js'
import { musicSentences } from './word-corpus.js'
import { isUnseenTag, withoutUnseenTags } from './unseen-tags.js'

const pair = (id: string, texts: Partial<Record<TextKind, string[]>>): Pair => ({
  audio: { path: `/${id}.flac` },
  track: { id, artist: `Artist ${id}`, title: `Title ${id}` },
  texts: Object.entries(texts).flatMap(([kind, values]) =>
    values.map((value) => ({ kind: kind as TextKind, value })),
  ),
})

test('a share of all tags is unseen, by name and seed alone', () => {
  const tags = Array.from({ length: 2000 }, (_, i) => `tag ${i}`)
  const unseen = (seed: number): string[] => tags.filter((tag) => isUnseenTag(tag, { share: 0.2, seed }))
  assert.ok(Math.abs(unseen(1).length - 400) < 60)
  assert.deepEqual(unseen(1), unseen(1))
  assert.notDeepEqual(unseen(1), unseen(2))
  assert.equal(
    isUnseenTag('Bossa  Nova', { share: 0.5, seed: 3 }),
    isUnseenTag('bossa nova', { share: 0.5, seed: 3 }),
  )
})

test('texts that have an unseen tag as whole words are gone, names stay, pairs without a text too', () => {
  // A seed by which of these tags only `calm` and `bossa nova` are unseen.
  const tags = ['calm', 'bossa nova', 'piano', 'nova', 'fast']
  const seed = Array.from({ length: 5000 }, (_, i) => i).find(
    (seed) => tags.filter((tag) => isUnseenTag(tag, { share: 0.4, seed })).join() === 'calm,bossa nova',
  )!
  const pairs = [
    pair('a', { tag: ['Calm', 'piano', 'calmer'], caption: ['A calm piece', 'A calming piece'] }),
    pair('b', { tag: ['nova', 'fast'], caption: ['Fast bossa nova.', 'Bossa, novas'], title: ['Calm'] }),
    pair('c', { tag: ['calm'], review: ['So CALM!'] }),
  ]
  const all = [...pairs, pair('d', { tag: ['bossa nova'] })]
  const seedless = withoutUnseenTags(pairs, all, { share: 0.4, seed })
  assert.deepEqual(
    seedless.map(({ track, texts }) => [track.id, texts.map(({ value }) => value)]),
    [
      [
        'a',
        ['piano', 'calmer', 'A calming piece'].filter(
          (tag) => tag !== 'calmer' || !isUnseenTag(tag, { share: 0.4, seed }),
        ),
      ],
      ['b', ['nova', 'fast', 'Bossa, novas', 'Calm']],
    ],
  )
})

test('what may tell of an unseen tag all the same is refused, and unseen tags of a data set without any', () => {
  const recipe = '{ name: x, audio: { encoder: x }, text: { encoder: x, tokenizer: x } }'
  for (const more of [
    ['text_policy.kinds={ tag: 1, similarity: 0.5 }'],
    ['text_policy.synonyms=0.1'],
    ['loss.kind=text_swap', 'text_policy.swaps=table'],
  ]) {
    const set = ['data.unseen_tags={ share: 0.1 }', ...more]
    assert.throws(() => parseRecipe(recipe, { set }), {
      code: 'usage',
      message: /data\.unseen_tags: .* any tag/,
    })
  }
  const pairs = [pair('a', { caption: ['A calm piece'] })]
  assert.throws(() => withoutUnseenTags(pairs, pairs, { share: 0.1, seed: 1 }), {
    code: 'usage',
    message: /data\.unseen_tags: no pair has a tag/,
  })
})

test('tags, artists and tracks are words among the words of each text, and a sentence of their own', () => {
  const pairs = [
    pair('a', { tag: ['Bossa Nova', 'r&b'], caption: ['Slow bossa nova, with r&b drums.', 'A song'] }),
    pair('b', { tag: ['fast'], caption: [] }),
  ]
  const sentences = musicSentences(pairs, { phraseThreshold: 0, seed: 1 })
  const names = ['artist a', 'bossa nova', 'r&b', 'title a']
  assert.deepEqual(
    sentences.map((sentence) => [...sentence].sort()),
    [
      [...names, 'slow', 'bossa nova', 'with', 'r&b', 'drums'].sort(),
      [...names, 'a', 'song'].sort(),
      names,
      ['artist b', 'fast', 'title b'],
    ],
  )
  const own = sentences[0].filter((term) => ['slow', 'with', 'drums'].includes(term))
  assert.deepEqual(own, ['slow', 'with', 'drums'], 'the words keep their order')
  assert.deepEqual(musicSentences(pairs, { phraseThreshold: 0, seed: 1 }), sentences)
  assert.notDeepEqual(musicSentences(pairs, { phraseThreshold: 0, seed: 2 }), sentences)
})
