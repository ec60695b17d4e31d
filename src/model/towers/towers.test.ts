import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import {
  compile,
  embeddedWeights,
  Graph,
  parseSafetensors,
  type Program,
  type SafetensorsFile,
  type Tensor,
  type Value,
} from '../../graph/index.js'
import { nodeRuntime } from '../../graph/node.js'
import { createTokenizer, encodeBatch } from '../../text/index.js'
import { golden, maxAbsDifference, repositoryRoot, type Golden } from '../../../test/golden.js'
import { MINILM, minilm } from './minilm.js'
import { MUSICNN, musicnn, musicnnLogMel } from './musicnn.js'
import { servingScope, type Scope } from '../scope.js'
import { YAMNET, yamnet, yamnetLogMel } from './yamnet.js'

const TOLERANCE = 1e-4 // absolute, float32, from the waveform on
const YAMNET_LOG_TOLERANCE = 5e-4 // its logarithm of magnitude + 0.001 enlarges float32's error in quiet cells

const towerFile = (tower: string, name: string): Uint8Array =>
  readFileSync(join(repositoryRoot, 'models/towers', tower, name))
const towerWeights = (tower: string): SafetensorsFile =>
  parseSafetensors(towerFile(tower, 'model.safetensors'), tower)

async function build(
  tower: string,
  outputs: (graph: Graph, scope: Scope) => Record<string, Tensor>,
): Promise<Program> {
  const graph = new Graph()
  const named = outputs(graph, servingScope(graph))
  return compile(await nodeRuntime(), { outputs: named, weights: embeddedWeights(towerWeights(tower)) })
}

/** The first frames of a log-mel spectrogram, [1, frames, mels], as patches that may overlap. */
function cutPatches({ data, shape }: Value, length: number, hop: number): Value<Float32Array> {
  const [, frames, mels] = shape
  const count = Math.floor((frames - length) / hop) + 1
  const patches = new Float32Array(count * length * mels)
  for (let i = 0; i < count; i++)
    patches.set((data as Float32Array).subarray(i * hop * mels, (i * hop + length) * mels), i * length * mels)
  return { data: patches, shape: [count, length, mels] }
}

function assertClose(actual: Value, reference: Golden, name: string, tolerance = TOLERANCE): void {
  const expected = reference.tensor(name)
  assert.deepEqual(actual.shape.slice(-expected.shape.length), expected.shape)
  const difference = maxAbsDifference(actual.data as Float32Array, expected.data)
  assert.ok(difference <= tolerance, `${name} differs by ${difference}`)
}

for (const tower of ['musicnn-msd', 'musicnn-mtt'])
  test(`${tower} computes what the original does, from the waveform on`, async () => {
    const reference = golden(`towers/${tower}`)
    const waveform = reference.tensor('waveform').data
    const front = await build(tower, (g) => ({ logMel: musicnnLogMel(g.input('waveform', [1, 'samples'])) }))
    const { logMel } = await front.run({ waveform })
    assertClose(logMel, reference, 'log_mel')
    const network = await build(tower, (g, scope) => ({
      ...musicnn(g.input('patches', ['batch', MUSICNN.frames, MUSICNN.mels]), scope),
    }))
    const outputs = await network.run({ patches: cutPatches(logMel, MUSICNN.frames, MUSICNN.frames) })
    assertClose(outputs.tags, reference, 'tags')
    assertClose(outputs.penultimate, reference, 'penultimate')
  })

test('yamnet computes what the original does, from the waveform on', async () => {
  const reference = golden('towers/yamnet')
  const front = await build('yamnet', (g) => ({ logMel: yamnetLogMel(g.input('waveform', [1, 'samples'])) }))
  const { logMel } = await front.run({ waveform: reference.tensor('waveform').data })
  assertClose(logMel, reference, 'log_mel', YAMNET_LOG_TOLERANCE)
  const network = await build('yamnet', (g, scope) => ({
    ...yamnet(g.input('patches', ['batch', YAMNET.frames, YAMNET.mels]), scope),
  }))
  const outputs = await network.run({ patches: cutPatches(logMel, YAMNET.frames, YAMNET.patchHop) })
  assertClose(outputs.scores, reference, 'scores')
  assertClose(outputs.embeddings, reference, 'embeddings')
})

test('yamnet names its classes in order', () => {
  const { classes } = JSON.parse(towerFile('yamnet', 'config.json').toString()) as { classes: string[] }
  assert.equal(classes.length, YAMNET.classes)
  assert.equal(classes[0], 'Speech')
  assert.equal(classes[132], 'Music')
  assert.equal(classes[520], 'Field recording')
})

test('minilm in half precision gives the embeddings of the original, alone and in a batch', async () => {
  const reference = golden('minilm')
  const { queries } = reference.json as { queries: { text: string; ids: number[] }[] }
  const expected = reference.tensor('embeddings').data
  const tokenizer = createTokenizer(towerFile('minilm', 'tokenizer.json'), { maxTokens: MINILM.maxTokens })
  const program = await build('minilm', (g, scope) => ({
    embedding: minilm(
      g.input('input_ids', ['batch', 'tokens'], 'int64'),
      g.input('attention_mask', ['batch', 'tokens'], 'int64'),
      scope,
    ),
  }))
  const embed = async (texts: string[]): Promise<Float32Array> => {
    const { inputIds, attentionMask, shape } = encodeBatch(tokenizer, texts)
    const feeds = { input_ids: { data: inputIds, shape }, attention_mask: { data: attentionMask, shape } }
    return (await program.run(feeds)).embedding.data as Float32Array
  }
  const row = (data: Float32Array, index: number): Float32Array =>
    data.subarray(index * MINILM.hidden_size, (index + 1) * MINILM.hidden_size)
  const alone = await Promise.all(queries.map(({ text }) => embed([text])))
  for (const [index, { text }] of queries.entries()) {
    const cosine = alone[index].reduce((sum, value, i) => sum + value * row(expected, index)[i], 0)
    assert.ok(cosine >= 0.9995, `cosine ${cosine} for ${text}`)
  }
  const few = [0, 3, 25, 8, 10, 1, 13]
  const batch = await embed(few.map((index) => queries[index].text))
  for (const [place, index] of few.entries())
    assert.ok(
      maxAbsDifference(alone[index], row(batch, place)) < 1e-5,
      `padding changes ${queries[index].text}`,
    )
})
