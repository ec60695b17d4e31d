import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compile, embeddedWeights, gradients, Graph, mul, sum, type Value } from '../../graph/index.js'
import { nodeRuntime } from '../../graph/node.js'
import { goldenTower, parameterFeeds } from '../../../test/golden-tower.js'
import { golden, maxAbsDifference, relativeDifference } from '../../../test/golden.js'
import { knownPart } from './published-config.js'
import { servingScope, trainingScope } from '../scope.js'
import { ast, AST_OPTIONS, astEncoder } from './ast.js'

const TOLERANCE = 1e-5 // of test/golden's README; PyTorch's own float32 differs by 1e-6
const MEL_TOLERANCE = 1e-3 // of the same
const runtime = await nodeRuntime()
const data = (value: Value): Float32Array => value.data as Float32Array

const { config, weights, reference } = goldenTower('ast')
const options = AST_OPTIONS.parse(knownPart(AST_OPTIONS, config))
const encoder = astEncoder(options)
const input = reference.tensor('input_values')

test('ast computes what the original does', async () => {
  const graph = new Graph()
  const features = graph.input('features', ['batch', options.max_length, options.num_mel_bins])
  const scope = servingScope(graph)
  const program = await compile(runtime, {
    outputs: {
      last_hidden_state: ast(features, scope, options),
      pooler_output: encoder.encode(features, scope),
    },
    weights: embeddedWeights(weights),
  })
  const results = await program.run({ features: input.data })
  for (const [name, value] of Object.entries(results)) {
    const difference = maxAbsDifference(data(value), reference.tensor(name).data)
    assert.ok(difference <= TOLERANCE, `${name} differs by ${difference}`)
  }
})

test('ast has the gradients of the original', async () => {
  const graph = new Graph()
  const scope = trainingScope(graph)
  const pooled = encoder.encode(graph.input('features', input.shape), scope)
  const cotangent = reference.tensor('cotangent')
  const loss = sum(mul(pooled, graph.input('cotangent', cotangent.shape)))
  const names = [...reference.file.entries.keys()].filter((name) => name.startsWith('grad/'))
  const found = gradients(
    loss,
    names.map((name) => scope.parameters.get(name.slice('grad/'.length))!.tensor),
  )
  assert.equal(names.length, 3)
  const program = await compile(runtime, {
    outputs: { loss, ...Object.fromEntries(names.map((name, i) => [name, found[i]])) },
  })
  const results = await program.run({
    features: input,
    cotangent,
    ...parameterFeeds(scope.parameters.keys(), weights),
  })
  for (const name of names) {
    const difference = relativeDifference(data(results[name]), reference.tensor(name).data)
    assert.ok(difference <= TOLERANCE, `${name} differs by ${difference}`)
  }
})

test("ast's features are those of its published preprocessing, padded and cut", async () => {
  const mels = golden('mel')
  const { case: name, signal, samples, frames } = mels.json.cases.find((c: any) => c.config === 'ast')
  const wave = golden('signal').tensor(signal).data.subarray(samples[0], samples[1])
  const featuresOf = async (max_length: number): Promise<Value> => {
    const graph = new Graph()
    const published = astEncoder(AST_OPTIONS.parse({ max_length }))
    const features = published.features(graph.input('waveform', ['batch', wave.length]))
    return (await (await compile(runtime, { outputs: { features } })).run({ waveform: wave })).features
  }
  const whole = await featuresOf(frames)
  assert.deepEqual(whole.shape, [1, frames, 128])
  const { data: expected, shape: kept } = mels.tensor(`${name}/log_mel`)
  const index = mels.has(`${name}/frame_index`)
    ? Array.from(mels.tensor(`${name}/frame_index`).data)
    : Array.from({ length: kept[0] }, (_, i) => i)
  for (const [row, frame] of index.entries()) {
    const difference = maxAbsDifference(
      data(whole).subarray(frame * 128, (frame + 1) * 128),
      expected.subarray(row * 128, (row + 1) * 128),
    )
    assert.ok(difference <= MEL_TOLERANCE, `frame ${frame} differs by ${difference}`)
  }
  const cut = await featuresOf(77)
  assert.deepEqual(cut.shape, [1, 77, 128])
  assert.deepEqual(data(cut), data(whole).subarray(0, 77 * 128))
})
