import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { termsOf } from '../../src/text/index.js'
import { wordVectors } from '../../bench/recipes/mwe2024.js'
import { cli } from '../cli-run.js'
import { indexAndSearch, PIECES, trainTiny } from './tiny-world.js'

const SMALL = ['audio.options.width=4', 'schedule.steps=3', 'schedule.checkpoint_every=1']

test('mwe2024 learns words from the texts, tags, artists and tracks among them; its model indexes and searches', async () => {
  const set = [...SMALL, 'text.vectors.skip_gram.dim=16', 'text.vectors.skip_gram.epochs=2']
  const run = await trainTiny('mwe2024', { set })
  const made = ['tokenizer.json', 'words.safetensors', 'model/text.onnx', 'model/tokenizer.json']
  const read = () => made.map((name) => readFileSync(join(run.out, name)))
  const before = read()
  const terms = termsOf(before[0])
  assert.ok(
    terms.some((term) => term.includes(' ')),
    'phrases are words',
  )
  const { dim, data } = wordVectors(run.out)
  assert.equal(dim, 16)
  assert.equal(data.length, 16 * terms.length)
  const again = await trainTiny('mwe2024', { set })
  assert.deepEqual(readFileSync(join(again.out, 'words.safetensors')), before[1])
  const { code, err } = await cli('train', '--resume', run.out)
  assert.equal(code, 0, err)
  assert.deepEqual(read(), before)
  const results = await indexAndSearch(run.model, terms[0])
  assert.ok(results.length > 0 && results.length <= PIECES)
})

test('general words: MiniLM embeds those of the data set one by one, and the card says so', async () => {
  const run = await trainTiny('mwe2024', {
    variants: ['bench', 'general-words'],
    set: [...SMALL, 'text.vectors.most_words=5'],
  })
  const { terms, dim, data } = wordVectors(run.out)
  assert.equal(dim, 384)
  assert.ok(terms.includes('piano'))
  for (const at of [0, terms.length - 1]) {
    const length = Math.hypot(...data.subarray(at * dim, (at + 1) * dim))
    assert.ok(Math.abs(length - 1) < 1e-5)
  }
  assert.match(readFileSync(join(run.model, 'README.md'), 'utf8'), /minilm embedded the words one by one/)
  const results = await indexAndSearch(run.model, 'calm piano')
  assert.ok(results.length > 0)
})
