import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { parseSafetensors } from '../../src/graph/index.js'
import { parseRecipe } from '../../src/train/index.js'
import { indexAndSearch, PIECES, trainTiny } from './tiny-world.js'

const SMALL = [
  'audio.options={ width: 8, layers: [1, 1], heads: 2, output: 16, n_mels: 32, hop_length: 800 }',
  'text.options={ width: 16, heads: 2, layers: 1 }',
  'text.tokenizer.bpe.vocabulary=600',
  'projection.dim=16',
]

test('muscall2022: a tokenizer of its own, self-supervision and content-aware weights; its model indexes and searches', async () => {
  const variants = ['bench', 'with-ssl', 'with-content']
  const { out, model } = await trainTiny('muscall2022', { variants, set: SMALL })
  const recipe = parseRecipe(readFileSync(join(out, 'recipe.yaml'), 'utf8'))
  assert.equal(recipe.loss.kind, 'muscall')
  assert.equal(recipe.loss.self_supervision?.weight, 0.3)
  const card = readFileSync(join(model, 'README.md'), 'utf8')
  assert.match(card, /loss: muscall, with self-supervision of weight 0\.3, batch of 4 pairs/)
  const { vocab } = (JSON.parse(readFileSync(join(model, 'tokenizer.json'), 'utf8')) as Tokenizer).model
  assert.ok(Object.keys(vocab).length <= 600)
  const results = await indexAndSearch(model, 'a calm piano')
  assert.ok(results.length > 0 && results.length <= PIECES)
  // The head is trained, and is in no program that serves.
  const weights = parseSafetensors(readFileSync(join(model, 'model.safetensors')))
  assert.ok(weights.entries.has('audio.self_supervision.1.weight'))
  assert.ok(!readFileSync(join(model, 'audio.onnx')).includes('self_supervision'))
})

test('muscall2022: self-supervision over chunks of a batch, of waveforms that are changed', async () => {
  const variants = ['bench', 'with-ssl', 'with-noise']
  const { out } = await trainTiny('muscall2022', { variants, set: [...SMALL, 'data.chunk=2'] })
  const log = readFileSync(join(out, 'log.jsonl'), 'utf8').trim().split('\n')
  assert.equal(log.length, 4)
})

interface Tokenizer {
  readonly model: { readonly vocab: Readonly<Record<string, number>> }
}
