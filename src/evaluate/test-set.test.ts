import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Pair, Text } from '../data/index.js'
import { parseProtocol, type Protocol } from './protocol.js'
import { makeTestSet, withoutItems } from './test-set.js'

const protocol = (rest: string): Protocol =>
  parseProtocol(`name: t\nversion: 1\ntitle: t\ndescription: t\ndata: { format: folder }\n${rest}`, {
    file: 't.yaml',
  })

const pair = (path: string, texts: Partial<Record<Text['kind'], string[]>>, id = path): Pair => ({
  audio: { path: `/m/${path}` },
  track: { id },
  texts: Object.entries(texts).flatMap(([kind, values]) =>
    values.map((value) => ({ kind: kind as Text['kind'], value })),
  ),
})

const pairs = [
  pair('a/1', { caption: ['Calm.', 'Calm.'], tag: ['Jazz', 'piano'] }),
  pair('a/2', { caption: ['Loud.'], tag: ['ROCK', 'guitar', 'jazz'] }),
  pair('a/1', { caption: ['A calm one.'] }),
  pair('b/3', { tag: ['rock'], title: ['Three'] }),
  pair('b/4', { title: ['Four'] }),
]

test('each text asks for its own track; one piece of audio is one item, its texts are counted once', () => {
  const set = makeTestSet(
    pairs,
    protocol(
      'task: retrieval\nquery: { kinds: [caption, title], unit: text }\nrelevance: own-track\nprompts: ["{}", "a {} song"]',
    ),
  )
  assert.deepEqual(
    set.items.map(({ id }) => id),
    ['a/1', 'a/2', 'b/3', 'b/4'],
  )
  assert.deepEqual(
    set.queries.map(({ text, answers, of }) => [text, answers, of]),
    [
      ['Calm.', [0], 0],
      ['A calm one.', [0], 0],
      ['Loud.', [1], 1],
      ['Three', [2], 2],
      ['Four', [3], 3],
    ],
  )
  assert.deepEqual(set.queries[0].prompts, ['Calm.', 'a Calm. song'])
})

test('distinct tags ask for all tracks that have them, in any case of letters; rare ones are left out', () => {
  const tagging = 'task: tagging\nrelevance: same-text\n'
  const all = makeTestSet(pairs, protocol(`${tagging}query: { kinds: [tag], unit: distinct }`))
  assert.deepEqual(
    all.queries.map(({ text, answers, of }) => [text, answers, of]),
    [
      ['guitar', [1], undefined],
      ['jazz', [0, 1], undefined],
      ['piano', [0], undefined],
      ['rock', [1, 2], undefined],
    ],
  )
  assert.deepEqual([all.items.length, all.withoutQuery], [3, 1])
  const common = makeTestSet(
    pairs,
    protocol(`${tagging}query: { kinds: [tag], unit: distinct, least_tracks: 2 }`),
  )
  assert.deepEqual(
    common.queries.map(({ text }) => text),
    ['jazz', 'rock'],
  )
  const named = makeTestSet(
    pairs,
    protocol(`${tagging}query:
  kinds: [tag]
  unit: distinct
  labels: { swinging: { spellings: [JAZZ], as: swing jazz }, rock: {} }
prompts: ['{} music']`),
  )
  assert.deepEqual(
    named.queries.map(({ text, prompts, answers }) => [text, prompts, answers]),
    [
      ['rock', ['rock music'], [1, 2]],
      ['swinging', ['swing jazz music'], [0, 1]],
    ],
  )
})

test('a class is the first label; joined tags are one query; in a folder all answer', () => {
  const classes = makeTestSet(
    pairs,
    protocol(
      'task: classification\nrelevance: same-text\nquery: { kinds: [tag], unit: distinct, labels: { jazz: {}, rock: {} } }',
    ),
  )
  assert.deepEqual(
    classes.queries.map(({ text, answers }) => [text, answers]),
    [
      ['jazz', [0]],
      ['rock', [1, 2]],
    ],
  )
  const joined = makeTestSet(
    pairs,
    protocol('task: retrieval\nrelevance: own-track\nquery: { kinds: [tag], unit: joined }'),
  )
  assert.deepEqual(
    joined.queries.map(({ text, answers }) => [text, answers]),
    [
      ['Jazz, piano', [0]],
      ['ROCK, guitar, jazz', [1]],
      ['rock', [2]],
    ],
  )
  const folders = makeTestSet(
    pairs,
    protocol('task: retrieval\nrelevance: same-folder\nquery: { kinds: [caption, title], unit: text }'),
  )
  assert.deepEqual(
    folders.queries.map(({ answers, of }) => [answers, of]),
    [
      [[0, 1], 0],
      [[0, 1], 0],
      [[0, 1], 1],
      [[2, 3], 2],
      [[2, 3], 3],
    ],
  )
})

test('clips of a track are items of their own', () => {
  const clips = [0, 10].map((start) => ({
    ...pair('x', { caption: [`from ${start}`] }),
    audio: { path: '/m/x', start, end: start + 10 },
  }))
  const set = makeTestSet(
    clips,
    protocol('task: retrieval\nrelevance: own-track\nquery: { kinds: [caption], unit: text }'),
  )
  assert.equal(new Set(set.items.map(({ id }) => id)).size, 2)
  assert.deepEqual(new Set(set.items.map(({ track }) => track.id)), new Set(['x']))
})

test('without some items, what only they answered is not asked', () => {
  const set = makeTestSet(
    pairs,
    protocol('task: retrieval\nrelevance: same-folder\nquery: { kinds: [caption, title], unit: text }'),
  )
  const left = withoutItems(set, new Set([1, 3]))
  assert.deepEqual(left.items, [0, 2])
  assert.deepEqual(left.queries, [0, 1, 3])
  assert.deepEqual(
    left.set.queries.map(({ answers, of }) => [answers, of]),
    [
      [[0], 0],
      [[0], 0],
      [[1], 1],
    ],
  )
})

test('nothing to ask says what was looked for and what is there', () => {
  const asks = protocol('task: retrieval\nrelevance: own-track\nquery: { kinds: [review], unit: text }')
  assert.throws(() => makeTestSet(pairs, asks), {
    code: 'usage',
    message: /None of the 4 pieces .* \(kinds review\)\. Texts that are there: caption, tag, title/,
  })
})
