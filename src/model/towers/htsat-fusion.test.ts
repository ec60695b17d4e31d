import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compile, float32, Graph, type Tensor, type Value } from '../../graph/index.js'
import { nodeRuntime } from '../../graph/node.js'
import { assertGoldenStep } from '../../../test/golden-step.js'
import { goldenTower } from '../../../test/golden-tower.js'
import { golden, maxAbsDifference } from '../../../test/golden.js'
import { servingScope } from '../scope.js'
import { createAudioEncoder } from './audio-encoders.js'
import { thirds } from './feature-fusion.js'
import { loadPretrained } from './pretrained.js'

// Of tools/reference/golden's README; the reference is transformers' ClapModel.
const FEATURE_TOLERANCE = 1e-3 // decibels, within 80 of the loudest cell
const TOLERANCE = 1e-5 // from the features
const WAVEFORM_TOLERANCE = 1e-4

const runtime = await nodeRuntime()
const data = (value: Value): Float32Array => value.data as Float32Array
const { config, preprocessor, weights, reference } = goldenTower('clap_fused')
const { audio: clips, short } = golden('clap_fused/golden').json
const encoder = createAudioEncoder({ encoder: 'htsat', published: { config, preprocessor } })
const wave = (signal: string, [first, end]: [number, number]): Value<Float32Array> => ({
  data: golden('signal').tensor(signal).data.slice(first, end),
  shape: [1, end - first],
})
const stored = reference.tensor('input_features') // [clips, views, frames, mels]
const [count, views, frames, mels] = stored.shape
const features = { data: stored.data, shape: [count, views * frames, mels] }

function pretrained(graph: Graph, names: Iterable<string> = graph.parameters.keys()): Record<string, Value> {
  const declared = new Map([...graph.parameters].map(([name, tensor]) => [name, { tensor }]))
  const { values, report } = loadPretrained(weights, declared)
  assert.deepEqual([report.missing, report.misshapen], [[], []])
  assert.deepEqual(
    report.unexpected.filter((name) => name.startsWith('audio_')),
    [],
  )
  return Object.fromEntries(
    [...names].map((name) => {
      const shape = graph.parameters.get(name)!.shape as number[]
      return [name, { data: values.get(name)!, shape }]
    }),
  )
}

async function run(graph: Graph, outputs: Record<string, Tensor>, feeds: Record<string, Value>) {
  const program = await compile(runtime, { outputs })
  return program.run({ ...pretrained(graph), ...feeds })
}

const row = (name: string, index: number): Float32Array =>
  reference.tensor(name).data.subarray(index * encoder.width, (index + 1) * encoder.width)

for (const [index, { clip, signal, samples, starts }] of clips.entries())
  test(`CLAP with fusion hears the ${clip} clip as the original does, from the waveform`, async () => {
    const all = Math.floor((samples[1] - samples[0]) / preprocessor!.hop_length) + 1
    assert.deepEqual(thirds(all - frames + 1), starts)
    const graph = new Graph()
    const waveform = wave(signal, samples)
    const heard = encoder.features(graph.input('waveform', ['batch', waveform.shape[1]]))
    assert.deepEqual(heard.shape, ['batch', views * frames, mels])
    const embedding = encoder.encode(heard, servingScope(graph))
    const results = await run(graph, { heard, embedding }, { waveform })
    const size = views * frames * mels
    const expected = stored.data.subarray(index * size, (index + 1) * size)
    const loudest = expected.reduce((a, b) => Math.max(a, b))
    const cells = [...expected.keys()].filter((i) => expected[i] > loudest - 80)
    const found = data(results.heard)
    const off = maxAbsDifference(
      cells.map((i) => found[i]),
      cells.map((i) => expected[i]),
    )
    assert.ok(cells.length > size / 2 && off <= FEATURE_TOLERANCE, `features differ by ${off}`)
    const difference = maxAbsDifference(data(results.embedding), row('audio_embeds', index))
    assert.ok(difference <= WAVEFORM_TOLERANCE, `differs by ${difference}`)
  })

test('CLAP with fusion hears a clip that is not long as the original does', async () => {
  const graph = new Graph()
  const waveform = wave(short.signal, short.samples)
  const heard = encoder.features(graph.input('waveform', [1, waveform.shape[1]]))
  assert.deepEqual(heard.shape, [1, frames, mels])
  const program = await compile(runtime, {
    outputs: { embedding: encoder.encode(heard, servingScope(graph)) },
  })
  const needed = program.inputs.map(({ name }) => name).filter((name) => name !== 'waveform')
  const values = Object.fromEntries(
    needed.map((name) => {
      const full = [...weights.entries.keys()].find((key) => key === name || key.endsWith(`encoder.${name}`))!
      return [name, { data: float32(weights, full), shape: weights.entries.get(full)!.shape }]
    }),
  )
  const { embedding } = await program.run({ waveform, ...values })
  const difference = maxAbsDifference(data(embedding), row('short/audio_embeds', 0))
  assert.ok(difference <= WAVEFORM_TOLERANCE, `differs by ${difference}`)
})

test('CLAP with fusion gives the joint vectors of the original, from the features on, in a batch', async () => {
  const graph = new Graph()
  const x = graph.input('features', ['batch', views * frames, mels])
  const { embedding } = await run(graph, { embedding: encoder.encode(x, servingScope(graph)) }, { features })
  const difference = maxAbsDifference(data(embedding), reference.tensor('audio_embeds').data)
  assert.ok(difference <= TOLERANCE, `differs by ${difference}`)
})

test('a training step with fusion gives the gradients and running statistics of the original', () =>
  assertGoldenStep({
    ...{ runtime, encoder, features, reference },
    output: 'audio_embeds',
    counts: [12, 10],
    feeds: (names, graph) => pretrained(graph, names),
  }))

test('a clip hardly longer than what is heard at once is one view; without fusion longer ones are refused', () => {
  const graph = new Graph()
  const rate = preprocessor!.sampling_rate
  assert.deepEqual(encoder.features(graph.input('a', [7, rate + 79])).shape, [7, frames, mels])
  assert.deepEqual(encoder.features(graph.input('b', [7, rate + 80])).shape, [7, views * frames, mels])
  const plain = createAudioEncoder({
    encoder: 'htsat',
    options: { enable_fusion: false },
    published: { config, preprocessor },
  })
  assert.throws(
    () => plain.features(graph.input('c', [7, rate + 1])),
    /16000 samples at most without enable_fusion/,
  )
})

test('thirds: the middle of each, of few places too', () => {
  for (const count of [1, 2, 3, 7, 11, 300, 2001]) {
    const parts: number[][] = [[], [], []]
    // NumPy's array_split: the first count % 3 parts have one more.
    for (let i = 0, part = 0; i < count; i++) {
      while (parts[part].length === Math.floor(count / 3) + (part < count % 3 ? 1 : 0)) part++
      parts[part].push(i)
    }
    assert.deepEqual(
      thirds(count),
      parts.map((part) => part[Math.floor(part.length / 2)] ?? 0),
    )
  }
})
