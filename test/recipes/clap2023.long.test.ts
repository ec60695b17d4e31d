import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { parseSafetensors } from '../../src/graph/index.js'
import { openModel } from '../../src/model/node.js'
import { parseRecipe } from '../../src/train/index.js'
import { indexAndSearch, PIECES, trainTiny } from './tiny-world.js'

/** Pieces of the tiny world have 12 s. */
const SMALL = [
  'audio.options.patch_embeds_hidden_size=8',
  'audio.options.depths=[1, 1]',
  'audio.options.num_attention_heads=[2, 2]',
  'audio.options.hop_length=1252',
  'projection.dim=16',
]

test('clap2023: fusion hears chunks longer than 10 s whole; its model indexes and searches', async () => {
  const { out, model } = await trainTiny('clap2023', { set: [...SMALL, 'audio.chunk_seconds=12'] })
  const recipe = parseRecipe(readFileSync(join(out, 'recipe.yaml'), 'utf8'))
  assert.equal(recipe.audio.options['enable_fusion'], true)
  const { entries } = parseSafetensors(readFileSync(join(model, 'model.safetensors')))
  assert.deepEqual(entries.get('audio.patch_embed.mel_conv2d.weight')!.shape, [8, 1, 4, 12])
  assert.ok(entries.has('audio.patch_embed.fusion_model.global_att.5.running_var'))
  const results = await indexAndSearch(model, 'a calm piano')
  assert.ok(results.length > 0 && results.length <= PIECES)

  // What lies at the end is heard: with truncation it would not be.
  const opened = await openModel(model)
  const samples = 12 * opened.audio.sampleRate
  assert.equal(opened.audio.chunkSeconds, 12)
  const noise = Float32Array.from({ length: samples }, (_, i) => Math.sin(i * i * 1e-4) / 2)
  const quietEnd = noise.map((value, i) => (i < 10 * opened.audio.sampleRate ? value : 0))
  const [a, b, again] = await opened.embedAudio([noise, quietEnd, noise])
  assert.deepEqual(a, again)
  assert.ok(a.some((value, i) => Math.abs(value - b[i]) > 1e-4))
  await opened.close()
})

test('clap2023: truncation has no weights of fusion, and keywords may stay as they are', async () => {
  const variants = ['bench', 'truncation', 'without-keyword-to-caption']
  const { out, model } = await trainTiny('clap2023', { variants, set: SMALL })
  const recipe = parseRecipe(readFileSync(join(out, 'recipe.yaml'), 'utf8'))
  assert.equal(recipe.text_policy.tag_captions, 0)
  const { entries } = parseSafetensors(readFileSync(join(model, 'model.safetensors')))
  assert.ok(![...entries.keys()].some((name) => name.includes('fusion_model') || name.includes('mel_conv2d')))
  const opened = await openModel(model)
  assert.equal(opened.audio.chunkSeconds, 10)
  await opened.close()
})
