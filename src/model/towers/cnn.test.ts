import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compile, gradients, Graph, mul, sum, type Value } from '../../graph/index.js'
import { nodeRuntime } from '../../graph/node.js'
import { parameterFeeds } from '../../../test/golden-tower.js'
import { golden, maxAbsDifference, relativeDifference } from '../../../test/golden.js'
import { servingScope, trainingScope } from '../scope.js'
import { createAudioEncoder } from './audio-encoders.js'

// Of tools/reference/golden's README: the towers of published code, written anew in PyTorch by make_cnn.py.
const SERVING_TOLERANCE = 1e-5
const TRAINING_TOLERANCE = 1e-4 // relative
const runtime = await nodeRuntime()
const data = (value: Value): Float32Array => value.data as Float32Array

const reference = golden('cnn')
const { width, output, dim, heads, layers, places, pools } = reference.json.shape
const features = reference.tensor('input') // [batch, frames, mels]

const TOWERS: Readonly<Record<string, { encoder: string; options: Record<string, unknown> }>> = {
  conv1d: { encoder: 'conv1d', options: { width, output } },
  conv1d_batch_norm: { encoder: 'conv1d', options: { width, output, batch_norm: true } },
  short_chunk: { encoder: 'short_chunk', options: { width, dropout: 0 } },
  short_chunk_plain: { encoder: 'short_chunk', options: { width, residual: false, dropout: 0 } },
  music_transformer: {
    encoder: 'music_transformer',
    options: {
      conv_ndim: width,
      pools,
      attention_ndim: dim,
      attention_nheads: heads,
      attention_nlayers: layers,
      attention_max_len: places,
      dropout: 0,
    },
  },
}

for (const [name, choice] of Object.entries(TOWERS)) {
  const encoder = createAudioEncoder(choice)
  const stored = (prefix: string): string[] =>
    [...reference.file.entries.keys()].filter((key) => key.startsWith(`${name}/${prefix}/`))

  test(`${name} computes what the published network does`, async () => {
    const graph = new Graph()
    const x = graph.input('features', ['batch', ...features.shape.slice(1)])
    const program = await compile(runtime, { outputs: { output: encoder.encode(x, servingScope(graph)) } })
    const names = [...graph.parameters.keys()]
    assert.deepEqual(names.map((key) => `${name}/model/${key}`).sort(), stored('model').sort())
    const results = await program.run({
      features,
      ...parameterFeeds(names, reference.file, `${name}/model/`),
    })
    const expected = reference.tensor(`${name}/eval`)
    assert.deepEqual(results.output.shape, expected.shape)
    const difference = maxAbsDifference(data(results.output), expected.data)
    assert.ok(difference <= SERVING_TOLERANCE, `differs by ${difference}`)
  })

  test(`a training step of ${name} gives the output, every gradient and the running statistics of the published network`, async () => {
    const graph = new Graph()
    const scope = trainingScope(graph)
    const out = encoder.encode(graph.input('features', features.shape), scope)
    const cotangent = reference.tensor(`${name}/cotangent`)
    const loss = sum(mul(out, graph.input('cotangent', cotangent.shape)))
    const wanted = stored('grad').map((key) => key.slice(`${name}/grad/`.length))
    const found = gradients(
      loss,
      wanted.map((key) => scope.parameters.get(key)!.tensor),
    )
    const program = await compile(runtime, {
      outputs: {
        train: out,
        ...Object.fromEntries(wanted.map((key, i) => [`grad/${key}`, found[i]])),
        ...Object.fromEntries([...scope.updates].map(([key, now]) => [`after/${key}`, now])),
      },
    })
    const needed = program.inputs.map((input) => input.name).filter((key) => scope.parameters.has(key))
    const results = await program.run({
      features,
      cotangent,
      ...parameterFeeds(needed, reference.file, `${name}/model/`),
    })
    assert.equal(Object.keys(results).length, 1 + wanted.length + stored('after').length)
    for (const [key, value] of Object.entries(results)) {
      const difference = relativeDifference(data(value), reference.tensor(`${name}/${key}`).data)
      assert.ok(difference <= TRAINING_TOLERANCE, `${key} differs by ${difference}`)
    }
  })
}

/** Numbers of the weights; running statistics are none. */
function parameterCount(encoder: string, options: Record<string, unknown> = {}): number {
  const tower = createAudioEncoder({ encoder, options })
  const graph = new Graph()
  const scope = trainingScope(graph)
  tower.encode(tower.features(graph.input('waveform', [2, 10 * tower.sampleRate])), scope)
  return [...scope.parameters.values()]
    .filter(({ kind }) => kind === 'weight')
    .reduce((total, { tensor }) => total + (tensor.shape as number[]).reduce((a, b) => a * b, 1), 0)
}

const linear = (from: number, to: number): number => from * to + to
const norm = (channels: number): number => 2 * channels
const convolution = (from: number, to: number): number => 9 * from * to + to + norm(to)
const residual = (from: number, to: number, changes: boolean): number =>
  convolution(from, to) + convolution(to, to) + (changes ? convolution(from, to) : 0)

test('the towers have as many parameters as their papers’ networks', () => {
  assert.equal(parameterCount('conv1d'), 3 * linear(4 * 128, 128) + linear(2 * 128, 128) + linear(128, 100))
  const widths = [1, 128, 128, 256, 256, 256, 256, 512]
  const pairs = widths.slice(1).map((to, i): [number, number] => [widths[i], to])
  const head = linear(512, 512) + norm(512)
  assert.equal(
    parameterCount('short_chunk'),
    norm(1) + pairs.reduce((total, [from, to]) => total + residual(from, to, true), 0) + head,
  )
  assert.equal(
    parameterCount('short_chunk', { residual: false }),
    norm(1) + pairs.reduce((total, [from, to]) => total + convolution(from, to), 0) + head,
  )
  const block =
    norm(256) + 256 * 3 * 256 + linear(256, 256) + norm(256) + linear(256, 1024) + linear(1024, 256)
  const transformer = 4 * block + 256 + 513 * 256 + norm(256)
  assert.equal(
    parameterCount('music_transformer'),
    norm(1) + residual(1, 128, true) + 3 * residual(128, 128, false) + linear(8 * 128, 256) + transformer,
  )
  const won2021 = {
    sample_rate: 22_050,
    hop_length: 512,
    conv_ndim: 16,
    pools: [
      [2, 2],
      [2, 2],
      [2, 1],
    ],
  }
  assert.equal(
    parameterCount('music_transformer', won2021),
    norm(1) + residual(1, 16, true) + 2 * residual(16, 16, false) + linear(16 * 16, 256) + transformer,
  )
})

test('a chunk of more tokens than music_transformer has places for is refused with both numbers', () => {
  const tower = createAudioEncoder({ encoder: 'music_transformer', options: { attention_max_len: 61 } })
  const graph = new Graph()
  const heard = tower.features(graph.input('waveform', [2, 160_000]))
  assert.throws(() => tower.encode(heard, servingScope(graph)), /62 tokens.*attention_max_len is 61/)
})
