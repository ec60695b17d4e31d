import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { openModel } from '../../src/model/node.js'
import { cli } from '../cli-run.js'
import { repositoryRoot } from '../golden.js'
import { indexAndSearch, PIECES, tinyWorld, trainTiny } from './tiny-world.js'

const QUERY = 'slow, piano, solo'

async function textVector(model: string): Promise<readonly number[]> {
  const served = await openModel(model)
  const [vector] = await served.embedText([QUERY])
  await served.close()
  return [...vector]
}

test('chen2022: audio comes to texts that stay as their encoder gives them; its model indexes and searches', async () => {
  const contrastive = await trainTiny('chen2022')
  const regression = await trainTiny('chen2022', { variants: ['bench', 'regression'] })
  const { dim } = JSON.parse(readFileSync(join(contrastive.model, 'config.json'), 'utf8')) as { dim: number }
  assert.equal(dim, 384)
  assert.deepEqual(await textVector(contrastive.model), await textVector(regression.model))
  const card = readFileSync(join(contrastive.model, 'README.md'), 'utf8')
  assert.match(card, /text: minilm, from models\/towers\/minilm, in the place of BERT base, frozen/)
  const results = await indexAndSearch(regression.model, QUERY)
  assert.ok(results.length > 0 && results.length <= PIECES)
})

test('a space that does not have the width of its texts is refused', async () => {
  const file = join(repositoryRoot, 'recipes/chen2022.yaml')
  const { code, err } = await cli(
    ...['train', file, '--variant', 'bench', '--data', await tinyWorld()],
    ...['--out', join(await tinyWorld(), 'none'), '--set', 'projection.dim=100', '--set', 'data.batch=4'],
  )
  assert.equal(code, 2)
  assert.match(err, /projection\.dim: it is 100, .* stay as the encoder "minilm" gives them: expected 384/)
})
