import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { parseRecipe } from '../../src/train/index.js'
import { indexAndSearch, PIECES, trainTiny } from './tiny-world.js'

const SMALL = [
  'audio.options={ width: 16, heads: 2, layers: 1, n_mels: 32, hop_length: 512, n_fft: 1024 }',
  'projection.dim=16',
]

test('mulan2022: noisy text that is filtered, gradients of a batch chunk by chunk; its model indexes and searches', async () => {
  const { out, model } = await trainTiny('mulan2022', { set: [...SMALL, 'data.chunk=2'] })
  const { data, text_policy: policy } = parseRecipe(readFileSync(join(out, 'recipe.yaml'), 'utf8'))
  assert.deepEqual([data.batch, data.chunk], [4, 2])
  assert.equal(policy.filter?.words, 0.5)
  const results = await indexAndSearch(model, 'slow piano')
  assert.ok(results.length > 0 && results.length <= PIECES)
})

test('mulan2022: a batch holds more texts than there are tracks', async () => {
  const set = ['data.batch=60', 'data.chunk=60', 'projection.dim=16', 'audio.hop_seconds=10']
  const { out } = await trainTiny('mulan2022', { variants: ['bench', 'frozen', 'batch-2048'], set })
  const log = readFileSync(join(out, 'log.jsonl'), 'utf8').trim().split('\n')
  const { pairs } = JSON.parse(log[0]) as { pairs: number }
  assert.equal(pairs, 60)
  assert.ok(pairs > PIECES)
})
