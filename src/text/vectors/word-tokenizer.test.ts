import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTokenizer, encodeBatch } from '../index.js'
import { isPhrase, isTerm, termOf, wordsOf } from './term.js'
import { termsOf, wordTokenizer } from './word-tokenizer.js'

const TERMS = [
  'calm',
  'piano',
  'solo piano',
  'bossa nova',
  'nova',
  'r&b',
  'lo-fi',
  "'80s",
  'bjork',
  'constructor',
]
const tokenizer = createTokenizer(wordTokenizer(TERMS), { maxTokens: 20 })

/** Terms by their place in the list, ? for the unknown. */
const read = (text: string): string[] =>
  tokenizer
    .encode(text)
    .slice(1)
    .map((id) => TERMS[id - 1] ?? '?')

test('words and phrases are one token each, the longest phrase first, unknown words are one token', () => {
  const cases: Record<string, string[]> = {
    'Calm solo piano': ['calm', 'solo piano'],
    'a calm, slow piano': ['?', 'calm', '?', '?', 'piano'],
    'BOSSA NOVA for piano': ['bossa nova', '?', 'piano'],
    'bossa novas': ['?', '?'],
    'pianobossa nova': ['?', 'nova'],
    "R&B, lo-fi, '80s": ['r&b', '?', 'lo-fi', '?', "'80s"],
    Björk: ['bjork'],
    constructor: ['constructor'],
    '': [],
  }
  for (const [text, expected] of Object.entries(cases)) assert.deepEqual(read(text), expected, text)
})

test('every text has a token, so that a batch of empty ones has a column', () => {
  assert.deepEqual(encodeBatch(tokenizer, ['']).shape, [1, 1])
  assert.deepEqual(tokenizer.encode('nova'), [0, 5])
})

test('the terms come back from the file; what is no term is refused', () => {
  assert.deepEqual(termsOf(wordTokenizer(TERMS)), TERMS)
  assert.throws(() => wordTokenizer(['Calm']), RangeError)
  assert.throws(() => wordTokenizer(['...']), RangeError)
  assert.throws(() => wordTokenizer(['calm', 'calm']), /alike/)
  const without = new TextEncoder().encode('{"model":{"type":"WordLevel","vocab":{"a":0},"unk_token":"x"}}')
  assert.throws(() => createTokenizer(without, { maxTokens: 4 }), { code: 'model', message: /no token "x"/ })
  for (const id of ['"1"', 'null', '-1', '1.5', '1e12']) {
    const json = `{"model":{"type":"WordLevel","vocab":{"x":0,"a":${id}},"unk_token":"x"}}`
    assert.throws(() => createTokenizer(new TextEncoder().encode(json), { maxTokens: 4 }), {
      code: 'model',
      message: /gives "a" the id/,
    })
  }
})

test('terms are small letters without accents, one space between words', () => {
  assert.equal(termOf('  Bossa \t Nova '), 'bossa nova')
  assert.deepEqual(wordsOf("Émile's piano, 3/4!"), ['emile', 's', 'piano', '3', '4'])
  assert.ok(isTerm('twelve-bar blues') && !isTerm('Blues') && !isTerm('&'))
  assert.deepEqual(['blues', 'r&b', 'solo piano'].map(isPhrase), [false, true, true])
})

test('thousands of phrases cost a text little', () => {
  const many = Array.from({ length: 5000 }, (_, i) => `the band ${i}`)
  const reader = createTokenizer(wordTokenizer(['calm', ...many]), { maxTokens: 500 })
  const text = 'a calm song, unlike the band 4711 or the others of the time '.repeat(20)
  const began = performance.now()
  for (let i = 0; i < 20; i++) reader.encode(text)
  const ids = reader.encode(text)
  assert.equal(ids.filter((id) => id === 2 + 4711).length, 20)
  assert.ok(performance.now() - began < 4000)
})
