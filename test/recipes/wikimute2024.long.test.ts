import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { parseRecipe } from '../../src/train/index.js'
import { indexAndSearch, PIECES, trainTiny } from './tiny-world.js'

const SMALL = ['projection.dim=16', 'audio.hop_seconds=10']

test('wikimute2024: sentences and aspects mined from articles, judged by a sentence encoder; its model indexes and searches', async () => {
  const { out, model } = await trainTiny('wikimute2024', { set: SMALL })
  const { text_policy: policy } = parseRecipe(readFileSync(join(out, 'recipe.yaml'), 'utf8'))
  assert.deepEqual(policy.mine?.from, ['article'])
  assert.equal(policy.filter?.encoder, 'models/towers/minilm')
  const results = await indexAndSearch(model, 'a waltz without drums')
  assert.ok(results.length > 0 && results.length <= PIECES)
})

test('wikimute2024: aspects alone, of all sentences', async () => {
  const { out } = await trainTiny('wikimute2024', {
    variants: ['bench', 'unfiltered', 'aspects-only'],
    set: SMALL,
  })
  assert.equal(readFileSync(join(out, 'log.jsonl'), 'utf8').trim().split('\n').length, 4)
})
