import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  float32,
  floatToHalf,
  Graph,
  parseSafetensors,
  tensorBytes,
  writeSafetensors,
  type NamedTensor,
  type SafetensorsFile,
} from '../../graph/index.js'
import { goldenTower } from '../../../test/golden-tower.js'
import { maxAbsDifference } from '../../../test/golden.js'
import { trainingScope, type ScopeParameter } from '../scope.js'
import { createAudioEncoder } from './audio-encoders.js'
import { loadPretrained } from './pretrained.js'
import { createTextEncoder } from './text-encoders.js'

const bert = goldenTower('bert')

/** What a BERT of the golden's size declares, as the text tower of a model. */
function declared(options: Record<string, unknown> = {}): ReadonlyMap<string, ScopeParameter> {
  const graph = new Graph()
  const scope = trainingScope(graph)
  const published = { config: bert.config }
  const encoder = createTextEncoder({ encoder: 'bert', options, published })
  const input = (name: string) => graph.input(name, [3, 7], 'int32')
  encoder.encode(input('ids'), input('mask'), scope.within('text.'))
  scope.parameter('audio.projection.weight', [7, 3])
  return scope.parameters
}

function renamed(file: SafetensorsFile, name: (name: string) => string): SafetensorsFile {
  const tensors = new Map<string, NamedTensor>()
  for (const [key, { dtype, shape }] of file.entries)
    tensors.set(name(key), { dtype, shape, bytes: tensorBytes(file, key) })
  return parseSafetensors(writeSafetensors(tensors))
}

for (const [what, name] of [
  ['no prefix', (key: string) => key],
  ['bert.', (key: string) => `bert.${key}`],
  ['model.encoder.text.', (key: string) => `model.encoder.text.${key}`],
  [
    'the old names of norms',
    (key: string) =>
      `bert.${key.replace('LayerNorm.weight', 'LayerNorm.gamma').replace('LayerNorm.bias', 'LayerNorm.beta')}`,
  ],
] as const)
  test(`a published BERT loads: ${what}`, () => {
    const file = renamed(bert.weights, name)
    const { values, report } = loadPretrained(file, declared(), { prefix: 'text.' })
    assert.deepEqual([report.missing, report.misshapen], [[], []])
    assert.deepEqual([...report.unexpected].sort(), [name('pooler.dense.bias'), name('pooler.dense.weight')])
    assert.equal(report.matched.length, bert.weights.entries.size - 2)
    for (const [full, data] of values)
      assert.deepEqual(data, float32(bert.weights, full.slice('text.'.length)), full)
  })

test('heads, buffers, and what has another shape or is not there, are told', () => {
  const tensors = new Map<string, NamedTensor>()
  for (const [key, { dtype, shape }] of bert.weights.entries)
    if (key !== 'encoder.layer.1.output.dense.bias')
      tensors.set(`bert.${key}`, { dtype, shape, bytes: tensorBytes(bert.weights, key) })
  const extra = (shape: number[]): NamedTensor => {
    const length = shape.reduce((a, b) => a * b, 1)
    return { dtype: 'F32', shape, bytes: new Uint8Array(4 * length) }
  }
  tensors.set('cls.predictions.bias', extra([97]))
  tensors.set('bert.embeddings.position_ids', extra([1, 40]))
  tensors.set('bert.embeddings.word_embeddings.weight', extra([77, 32]))
  const file = parseSafetensors(writeSafetensors(tensors))
  const { values, report } = loadPretrained(file, declared(), { prefix: 'text.' })
  assert.deepEqual(report.missing, ['text.encoder.layer.1.output.dense.bias'])
  assert.deepEqual(report.misshapen, [
    { name: 'text.embeddings.word_embeddings.weight', expected: [97, 32], found: [77, 32] },
  ])
  assert.deepEqual([...report.unexpected].sort(), [
    'bert.pooler.dense.bias',
    'bert.pooler.dense.weight',
    'cls.predictions.bias',
  ])
  assert.ok(!values.has('text.embeddings.word_embeddings.weight'))
})

test('half precision becomes float32', () => {
  const tensors = new Map<string, NamedTensor>()
  for (const [key, { shape }] of bert.weights.entries) {
    const half = Uint16Array.from(float32(bert.weights, key), floatToHalf)
    tensors.set(key, { dtype: 'F16', shape, bytes: new Uint8Array(half.buffer) })
  }
  const file = parseSafetensors(writeSafetensors(tensors))
  const { values, report } = loadPretrained(file, declared(), { prefix: 'text.' })
  assert.equal(report.missing.length, 0)
  const name = 'encoder.layer.0.attention.self.key.weight'
  assert.ok(maxAbsDifference(values.get(`text.${name}`)!, float32(bert.weights, name)) < 1e-3)
})

test('each tower of a CLAP file takes its own part and its projection', () => {
  const { config, preprocessor, weights } = goldenTower('clap')
  const graph = new Graph()
  const scope = trainingScope(graph)
  const audio = createAudioEncoder({ encoder: 'htsat', published: { config, preprocessor } })
  audio.encode(graph.input('features', [3, 1001, 64]), scope.within('audio.'))
  const text = createTextEncoder({ encoder: 'roberta', pooling: 'pooler', published: { config } })
  const input = (name: string) => graph.input(name, [3, 7], 'int32')
  text.encode(input('ids'), input('mask'), scope.within('text.'))
  const taken = new Set<string>()
  for (const prefix of ['audio.', 'text.']) {
    const { values, report } = loadPretrained(weights, scope.parameters, { prefix })
    assert.deepEqual([report.missing, report.misshapen], [[], []])
    for (const name of values.keys()) taken.add(name)
  }
  assert.deepEqual([...taken].sort(), [...scope.parameters.keys()].sort())
  const { values } = loadPretrained(weights, scope.parameters)
  assert.ok(values.size < taken.size) // one prefix can't serve both
  const linear = loadPretrained(weights, scope.parameters, { prefix: 'audio.' })
  assert.deepEqual(
    linear.values.get('audio.audio_projection.linear1.bias'),
    float32(weights, 'audio_projection.linear1.bias'),
  )
  assert.deepEqual(
    linear.values.get('audio.norm.weight'),
    float32(weights, 'audio_model.audio_encoder.norm.weight'),
  )
})
