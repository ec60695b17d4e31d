import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { parseRecipe } from '../../src/train/index.js'
import { indexAndSearch, PIECES, trainTiny } from './tiny-world.js'

const SMALL = ['projection.dim=16']

test('ads2024: captions from tags, dropout and swapped words; its model indexes and searches', async () => {
  const { out, model } = await trainTiny('ads2024', { set: [...SMALL, 'audio.hop_seconds=10'] })
  const { loss, text_policy: policy } = parseRecipe(readFileSync(join(out, 'recipe.yaml'), 'utf8'))
  assert.equal(loss.kind, 'text_swap')
  assert.ok(policy.tag_captions > 0 && policy.dropout > 0 && policy.tag_dropout > 0)
  assert.equal(policy.swaps, 'table')
  const results = await indexAndSearch(model, 'an aggressive electric guitar')
  assert.ok(results.length > 0 && results.length <= PIECES)
})

test('ads2024: the lowest rung of the ladder trains two small towers', async () => {
  const set = [
    ...SMALL,
    'audio.options={ width: 16, heads: 2, layers: 1, n_mels: 32, hop_length: 512, n_fft: 1024 }',
    'text.options={ width: 16, heads: 2, layers: 1 }',
  ]
  const { out } = await trainTiny('ads2024', { variants: ['bench', 'baseline'], set })
  const { loss, text_policy: policy } = parseRecipe(readFileSync(join(out, 'recipe.yaml'), 'utf8'))
  assert.equal(loss.kind, 'info_nce')
  assert.deepEqual([policy.tag_captions, policy.dropout, policy.tag_dropout], [0, 0, 0])
})
