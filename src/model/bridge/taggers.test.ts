import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { compile, embeddedWeights, Graph, parseSafetensors } from '../../graph/index.js'
import { nodeRuntime } from '../../graph/node.js'
import { golden, maxAbsDifference, repositoryRoot } from '../../../test/golden.js'
import { MUSICNN, musicnn } from '../towers/musicnn.js'
import { servingScope } from '../scope.js'
import { foldTaggers } from './fold.js'
import { taggers } from './taggers.js'

const NAMES = ['musicnn-msd', 'musicnn-mtt']
const files = NAMES.map((name) =>
  parseSafetensors(readFileSync(join(repositoryRoot, 'models/towers', name, 'model.safetensors')), name),
)
const patchShape = ['batch', MUSICNN.frames, MUSICNN.mels]

/** Columns of one network out of [batch, networks · 50]. */
function tagsOf(all: Float32Array, network: number): Float32Array {
  const width = files.length * MUSICNN.tags
  return all.filter((_, i) => Math.floor((i % width) / MUSICNN.tags) === network)
}

test('both taggers at once give the tags of the originals', async () => {
  const graph = new Graph()
  const tags = taggers(graph.input('patches', patchShape), files.length, servingScope(graph))
  const fast = await compile(await nodeRuntime(), { outputs: { tags }, weights: foldTaggers(files) })
  for (const [network, name] of NAMES.entries()) {
    const reference = golden(`towers/${name}`)
    const { tags: all } = await fast.run({ patches: reference.tensor('patches') })
    const difference = maxAbsDifference(
      tagsOf(all.data as Float32Array, network),
      reference.tensor('tags').data,
    )
    assert.ok(difference < 1e-5, `${name} differs by ${difference}`)
  }
})

test('the fast way and the plain one agree on noise, silence and loud edges', async () => {
  const runtime = await nodeRuntime()
  const graph = new Graph()
  const patches = graph.input('patches', patchShape)
  const fast = await compile(runtime, {
    outputs: { tags: taggers(patches, files.length, servingScope(graph)) },
    weights: foldTaggers(files),
  })
  const size = MUSICNN.frames * MUSICNN.mels
  const data = new Float32Array(3 * size)
  let seed = 7
  const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647
  for (let i = 0; i < size; i++) data[i] = 4 * random() // noise; then silence; then sound at both ends only
  data.fill(3, 2 * size, 2 * size + 5 * MUSICNN.mels)
  data.fill(3, 3 * size - 5 * MUSICNN.mels)
  const feeds = { patches: { data, shape: [3, MUSICNN.frames, MUSICNN.mels] } }
  const { tags: all } = await fast.run(feeds)
  for (const [network, file] of files.entries()) {
    const plainGraph = new Graph()
    const { tags } = musicnn(plainGraph.input('patches', patchShape), servingScope(plainGraph))
    const plain = await compile(runtime, { outputs: { tags }, weights: embeddedWeights(file) })
    const expected = (await plain.run(feeds)).tags.data as Float32Array
    const difference = maxAbsDifference(tagsOf(all.data as Float32Array, network), expected)
    assert.ok(difference < 1e-5, `${NAMES[network]} differs by ${difference}`)
  }
})
