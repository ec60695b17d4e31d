import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { float32, parseSafetensors } from '../../src/graph/index.js'
import { parseRecipe } from '../../src/train/index.js'
import { relativeDifference, repositoryRoot } from '../golden.js'
import { indexAndSearch, PIECES, trainTiny } from './tiny-world.js'

const SMALL = [
  'audio.options={ conv_ndim: 4, n_mels: 32, hop_length: 800, pools: [[2, 2], [2, 2]], attention_ndim: 16, attention_nheads: 2, attention_nlayers: 1 }',
  'projection.dim=16',
]

for (const variants of [['bench'], ['bench', 'triplet', 'caption']])
  test(`ttmr2023, ${variants.join(' + ')}: its text tower is tuned; its model indexes and searches`, async () => {
    const { out, model } = await trainTiny('ttmr2023', { variants, set: SMALL })
    const recipe = parseRecipe(readFileSync(join(out, 'recipe.yaml'), 'utf8'))
    assert.equal(recipe.negatives.kind, variants.includes('triplet') ? 'distance_weighted' : 'in_batch')
    const [before, after] = [join(repositoryRoot, 'models/towers/minilm'), model].map((dir) =>
      parseSafetensors(readFileSync(join(dir, 'model.safetensors'))),
    )
    const same = (name: string): boolean =>
      relativeDifference(float32(after, `text.${name}`), [...float32(before, name)]) === 0
    assert.ok(same('encoder.layer.0.output.dense.weight'), 'what is below stays in the size of the bench')
    assert.ok(!same('encoder.layer.1.output.dense.weight'), 'the last layer is tuned')
    const results = await indexAndSearch(model, 'slow piano')
    assert.ok(results.length > 0 && results.length <= PIECES)
  })
