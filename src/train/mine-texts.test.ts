import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parse } from 'yaml'
import type { Pair, Text } from '../data/index.js'
import { Random } from '../random/index.js'
import { readTables } from '../text/node.js'
import { drawTexts, type TextPolicy } from './draw-texts.js'
import { mineTexts } from './mine-texts.js'
import { parseRecipe } from './recipe-file.js'

const { miner } = await readTables()
const policyOf = (yaml: string): TextPolicy =>
  parseRecipe(`{ name: t, audio: { encoder: a }, text: { encoder: b, tokenizer: c }, text_policy: ${yaml} }`)
    .text_policy
const pair = (id: string, ...texts: [Text['kind'], string][]): Pair => ({
  audio: { path: `/${id}.wav` },
  track: { id },
  texts: texts.map(([kind, value]) => ({ kind, value })),
})
const said = ({ texts }: Pair): string[] => texts.map(({ kind, value }) => `${kind}: ${value}`)

const PAIRS = [
  pair(
    '1',
    ['tag', 'folk'],
    ['article', 'She was born in Oslo. It has a slow, hushed banjo. No drums are heard. Slow, hushed banjo.'],
    ['comment', 'first!!'],
    ['comment', 'who is here in 2024? love the deep bass drum'],
  ),
  pair('2', ['article', 'The album came out in 1990. It sold well.'], ['title', 'Piano Waltz']),
  pair('3', ['comment', 'first!!']),
]

test('mined articles become sentences and aspects; what says nothing of sound is left out and counted', async () => {
  const policy = policyOf(
    '{ kinds: { sentence: 1, aspect: 1, comment: 0.5 }, mine: { from: [article] }, filter: {} }',
  )
  const { pairs, sentences, aspects, withoutText } = await mineTexts(PAIRS, { policy, miner })
  assert.deepEqual(said(pairs[0]), [
    'tag: folk',
    'sentence: It has a slow, hushed banjo.',
    'aspect: hushed banjo',
    'sentence: No drums are heard.',
    'aspect: no drums',
    'sentence: Slow, hushed banjo.',
    'comment: love the deep bass drum',
  ])
  assert.deepEqual(said(pairs[1]), ['title: Piano Waltz'])
  assert.deepEqual(said(pairs[2]), [])
  assert.deepEqual(sentences, [
    { kind: 'article', kept: 3, of: 6 },
    { kind: 'comment', kept: 1, of: 4 },
  ])
  assert.deepEqual([aspects, withoutText], [2, 2])
})

test('without a filter every sentence stays', async () => {
  const policy = policyOf('{ kinds: { sentence: 1, aspect: 1 }, mine: { from: [article, comment] } }')
  const { pairs, sentences, withoutText } = await mineTexts(PAIRS, { policy, miner })
  assert.deepEqual(said(pairs[2]), ['sentence: first!!'])
  assert.deepEqual(
    sentences.map(({ kept, of }) => [kept, of]),
    [
      [6, 6],
      [4, 4],
    ],
  )
  assert.equal(withoutText, 0)
})

test('a filter alone shortens texts of its kinds', async () => {
  const policy = policyOf('{ kinds: { comment: 1, article: 1 }, filter: { kinds: [article] } }')
  const { pairs, aspects } = await mineTexts(PAIRS, { policy, miner })
  assert.deepEqual(said(pairs[0]), [
    'tag: folk',
    'article: It has a slow, hushed banjo. No drums are heard. Slow, hushed banjo.',
    'comment: first!!',
    'comment: who is here in 2024? love the deep bass drum',
  ])
  assert.equal(aspects, 0)
})

test('an encoder judges what the words leave, each sentence once', async () => {
  const policy = policyOf(
    '{ kinds: { sentence: 1 }, mine: { from: [article] }, filter: { encoder: e, least: 0.1 } }',
  )
  const asked: string[] = []
  const twice = [...PAIRS, { ...PAIRS[0], track: { id: '4' } }]
  const { pairs, sentences } = await mineTexts(twice, {
    policy,
    miner,
    nearness: (texts) => {
      asked.push(...texts)
      return Promise.resolve(texts.map((text) => (text.startsWith('No') ? 0.1 : 0.09)))
    },
  })
  assert.equal(new Set(asked).size, asked.length)
  assert.ok(!asked.includes('She was born in Oslo.'))
  assert.deepEqual(
    said(pairs[3]).filter((text) => text.startsWith('sentence')),
    ['sentence: No drums are heard.'],
  )
  assert.deepEqual(sentences[0], { kind: 'article', kept: 2, of: 10 })
})

test('kinds are drawn by their weights, and among those that a pair has', () => {
  const policy = policyOf('{ kinds: { title: 1, comment: 2, caption: 5, situation: 0 } }')
  const count = (texts: Text[]): Record<string, number> => {
    const counts: Record<string, number> = {}
    for (let i = 0; i < 3000; i++) {
      const [text] = drawTexts(texts, policy, new Random(`${i}`))
      counts[text] = (counts[text] ?? 0) + 1 / 3000
    }
    return counts
  }
  const all = ['title', 'comment', 'caption', 'situation'].map((kind) => ({ kind, value: kind }) as Text)
  const near = (found: number, wanted: number): void =>
    assert.ok(Math.abs(found - wanted) < 0.04, `${found} ${wanted}`)
  const whole = count(all)
  for (const [kind, weight] of Object.entries({ title: 1, comment: 2, caption: 5 }))
    near(whole[kind], weight / 8)
  assert.equal(whole['situation'], undefined)
  const without = count(all.filter(({ kind }) => kind !== 'caption'))
  near(without['title'], 1 / 3)
  near(without['comment'], 2 / 3)
})

test('impossible combinations of mining are refused', () => {
  for (const [yaml, message] of [
    ['{ kinds: { sentence: 1 } }', /kinds\.sentence: these are mined/],
    ['{ kinds: { caption: 1 }, mine: { from: [article] } }', /text_policy\.mine: give/],
    ['{ kinds: { aspect: 1, article: 1 }, mine: {} }', /kinds\.article: texts that are mined are gone/],
    ['{ kinds: { caption: 1 }, filter: {} }', /filter\.kinds: none of review, comment, article is drawn/],
    ['{ kinds: { comment: 1 }, filter: { lest: 1 } }', /unknown key "text_policy\.filter\.lest"/],
    ['{ kinds: { comment: 1 }, filter: { words: 2 } }', /text_policy\.filter\.words/],
  ] as const) {
    assert.ok(parse(yaml))
    assert.throws(() => policyOf(yaml), { code: 'usage', message }, yaml)
  }
})
