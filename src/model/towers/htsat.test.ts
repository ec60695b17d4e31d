import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compile, Graph, l2Normalize, type Tensor, type Value } from '../../graph/index.js'
import { nodeRuntime } from '../../graph/node.js'
import { goldenTower } from '../../../test/golden-tower.js'
import { golden, maxAbsDifference } from '../../../test/golden.js'
import { knownPart } from './published-config.js'
import { servingScope, trainingScope } from '../scope.js'
import { htsat, HTSAT_OPTIONS, htsatEncoder } from './htsat.js'
import { loadPretrained } from './pretrained.js'

// test/golden's README
const STAGE_TOLERANCE = 1e-4 // PyTorch's own float32 differs by 3e-5, from the bicubic resize
const TOLERANCE = 1e-5 // from the features; ONNX Runtime 7e-7
const WAVEFORM_TOLERANCE = 1e-4

const runtime = await nodeRuntime()
const data = (value: Value): Float32Array => value.data as Float32Array
const { config, preprocessor, weights, reference } = goldenTower('clap')
const options = HTSAT_OPTIONS.parse(knownPart(HTSAT_OPTIONS, { ...config.audio_config, ...preprocessor }))
const encoder = htsatEncoder(options)
const features = reference.tensor('input_features/music_3s')

async function run(graph: Graph, outputs: Record<string, Tensor>, feeds: Record<string, Value>) {
  const declared = new Map([...graph.parameters].map(([name, tensor]) => [name, { tensor }]))
  const { values, report } = loadPretrained(weights, declared)
  assert.deepEqual([report.missing, report.misshapen], [[], []])
  const program = await compile(runtime, {
    outputs,
    weights: new Map(
      [...values].map(([name, { buffer }]) => [
        name,
        {
          dtype: 'F32',
          shape: graph.parameters.get(name)!.shape as number[],
          bytes: new Uint8Array(buffer),
        },
      ]),
    ),
  })
  return program.run(feeds)
}

test('htsat computes what the original does, stage by stage', async () => {
  const graph = new Graph()
  const stages: Record<string, Tensor> = {}
  const x = graph.input('features', ['batch', 1001, 64])
  stages.pooler_output = htsat(x, servingScope(graph), options, (name, tensor) => (stages[name] = tensor))
  const results = await run(graph, stages, { features: { ...features, shape: [1, 1001, 64] } })
  const expected = golden('htsat')
  for (const name of expected.file.entries.keys()) {
    if (name === 'batch_norm' || name === 'last_hidden_state') continue
    const { data: values } = expected.tensor(name)
    const difference = maxAbsDifference(data(results[name]).subarray(0, values.length), values)
    const tolerance = name === 'pooler_output' ? TOLERANCE : STAGE_TOLERANCE
    assert.ok(difference <= tolerance, `${name} differs by ${difference}`)
  }
})

for (const [row, { clip, signal, samples }] of golden('clap/golden').json.audio.entries())
  test(`CLAP hears ${clip} as the original does, from the waveform`, async () => {
    const wave = golden('signal').tensor(signal).data.slice(samples[0], samples[1])
    const graph = new Graph()
    const heard = encoder.features(graph.input('waveform', ['batch', wave.length]))
    const embedding = encoder.encode(heard, servingScope(graph))
    const waveform = { data: wave, shape: [1, wave.length] }
    const results = await run(graph, { embedding, unit: l2Normalize(embedding) }, { waveform })
    for (const [name, of] of [
      ['embedding', 'audio_embeds'],
      ['unit', 'audio_embeds_normalised'],
    ]) {
      const expected = reference.tensor(of)
      const [, width] = expected.shape
      const difference = maxAbsDifference(
        data(results[name]),
        expected.data.subarray(row * width, (row + 1) * width),
      )
      assert.ok(difference <= WAVEFORM_TOLERANCE, `${name} differs by ${difference}`)
    }
  })

test('CLAP gives the joint vectors of the original, from the features on, in a batch too', async () => {
  const graph = new Graph()
  const embedding = encoder.encode(graph.input('features', ['batch', 1001, 64]), servingScope(graph))
  const twice = new Float32Array(2 * features.data.length)
  twice.set(features.data)
  twice.set(features.data.map((value) => 0.5 * value).reverse(), features.data.length)
  const batch = await run(graph, { embedding }, { features: { data: twice, shape: [2, 1001, 64] } })
  const found = data(batch.embedding).subarray(0, encoder.width)
  const expected = reference.tensor('audio_embeds').data.subarray(encoder.width, 2 * encoder.width)
  const difference = maxAbsDifference(found, expected)
  assert.ok(difference <= TOLERANCE, `differs by ${difference}`)
})

test('a training step of htsat has a gradient for every weight', () => {
  const graph = new Graph()
  const scope = trainingScope(graph)
  assert.deepEqual(encoder.encode(graph.input('features', [3, 1001, 64]), scope).shape, [3, 24])
  const kinds = [...scope.parameters.values()].map(({ kind }) => kind)
  assert.equal(kinds.filter((kind) => kind === 'statistic').length, 2)
  assert.equal(scope.updates.size, 2)
})

test('what htsat can not hear is refused', () => {
  const x = new Graph().input('waveform', ['batch', 480_001])
  assert.throws(() => encoder.features(x), { code: 'shape', message: /hears 480000 samples at most/ })
  assert.throws(() => htsatEncoder(HTSAT_OPTIONS.parse({ depths: [2, 2] })), {
    code: 'usage',
    message: /4 num_attention_heads for 2 depths/,
  })
})
