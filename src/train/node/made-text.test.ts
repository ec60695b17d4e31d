import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nodeRuntime } from '../../graph/node.js'
import { createTokenizer, termsOf } from '../../text/index.js'
import type { Pair } from '../../data/index.js'
import { parseRecipe } from '../recipe-file.js'
import { MADE_TOKENIZER, MADE_WORDS } from './made-files.js'
import { makeText } from './made-text.js'
import { readWordTable } from './word-table.js'

const pairs: readonly Pair[] = Array.from({ length: 12 }, (_, i) => ({
  audio: { path: `/${i}.flac` },
  track: { id: String(i), artist: 'The Velvet Pylons', title: `Runaway Signal ${i}` },
  texts: [
    { kind: 'tag', value: 'calm' },
    { kind: 'tag', value: 'solo piano' },
    { kind: 'caption', value: 'A calm piano, late at night.' },
    { kind: 'review', value: 'Zigzagging zithers zap zealously.' },
  ],
}))

const runtime = await nodeRuntime()

async function made(text: string, told: string[] = [], signal?: AbortSignal) {
  const recipe = parseRecipe(`{ name: x, audio: { encoder: x }, text: ${text} }`)
  return makeText({
    recipe,
    pairs,
    all: pairs,
    runtime,
    find: () => assert.fail('nothing is to be found'),
    cacheDir: 'none',
    signal,
    onProgress: (what) => told.push(what),
    onWrong: () => assert.fail('no line is wrong'),
  })
}

test('a BPE tokenizer is learnt from the texts that are drawn, tags of a pair in a row; the same bytes each time', async () => {
  const text = '{ encoder: transformer, tokenizer: { bpe: { vocabulary: 700 } } }'
  const told: string[] = []
  const files = await made(text, told)
  assert.deepEqual([...files.keys()], [MADE_TOKENIZER])
  assert.deepEqual(await made(text), files)
  assert.ok(told.every((what) => what === 'tokenizer') && told.length > 0)
  const tokenizer = createTokenizer(files.get(MADE_TOKENIZER)!, { maxTokens: 77 })
  const tokens = (value: string): number => tokenizer.encode(value).length - 2
  assert.equal(tokens('calm, solo piano'), 4)
  assert.ok(tokens('zithers') > 2, 'reviews are not drawn')
})

test('word vectors are made of all texts and names, and a tokenizer of their words', async () => {
  const told: string[] = []
  const files = await made(
    '{ encoder: words, vectors: { skip_gram: { dim: 6, epochs: 1, phrase_threshold: 0 } } }',
    told,
  )
  const terms = termsOf(files.get(MADE_TOKENIZER)!)
  for (const term of ['solo piano', 'the velvet pylons', 'zithers']) assert.ok(terms.includes(term), term)
  assert.ok(!terms.some((term) => term.startsWith('runaway')), 'a title that is there three times is rare')
  assert.equal(readWordTable(files.get(MADE_WORDS)!, 'words').width, 6)
  assert.ok(told.every((what) => what === 'words') && told.length > 0)
})

test('both stop where they are asked to', async () => {
  for (const text of [
    '{ encoder: transformer, tokenizer: { bpe: { vocabulary: 700 } } }',
    '{ encoder: words, vectors: { skip_gram: { dim: 6 } } }',
  ])
    await assert.rejects(made(text, [], AbortSignal.abort()), { code: 'interrupted' })
})

test('nothing is made where nothing is wanted', async () => {
  assert.equal((await made('{ encoder: minilm, pretrained: somewhere }')).size, 0)
})
