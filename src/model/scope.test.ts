import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compile, Graph, type Value } from '../graph/index.js'
import { nodeRuntime } from '../graph/node.js'
import { maxAbsDifference } from '../../test/golden.js'
import { defaultInitializer, kaimingUniform, normal, type Initializer } from './initializer.js'
import { servingScope, trainingScope, type Scope } from './scope.js'

const runtime = await nodeRuntime()
const wave = (count: number, step = 1.7): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => Math.sin(step * i + 1))
const data = (value: Value): Float32Array => value.data as Float32Array

test('names are those of the scope, and a parameter asked for twice is one', () => {
  const graph = new Graph()
  const scope = servingScope(graph, 'audio.')
  const inner = scope.within('layer1.').within('0.')
  const weight = inner.parameter('conv1.weight', [7, 3, 1, 1])
  assert.equal(scope.parameter('layer1.0.conv1.weight', [7, 3, 1, 1]), weight)
  assert.deepEqual([...graph.parameters.keys()], ['audio.layer1.0.conv1.weight'])
  assert.throws(() => inner.parameter('conv1.weight', [7, 3]), {
    code: 'shape',
    message: /"audio\.layer1\.0\.conv1\.weight" is \[7, 3, 1, 1\]; it is asked for again as \[7, 3\]/,
  })
})

test('a batch norm serves with running statistics and trains with those of the batch', async () => {
  const [batch, channels, length] = [7, 3, 11]
  const x = wave(batch * channels * length)
  const statistics = {
    'n.weight': Float32Array.of(1, 2, -3),
    'n.bias': Float32Array.of(0.5, 0, 1),
    'n.running_mean': Float32Array.of(0.1, 0.2, 0.3),
    'n.running_var': Float32Array.of(1, 2, 3),
  }
  const build = (scopeOf: (graph: Graph) => Scope) => {
    const graph = new Graph()
    const scope = scopeOf(graph)
    return { scope, output: scope.batchNorm(graph.input('x', [batch, channels, length]), 'n') }
  }
  const serving = await compile(runtime, {
    outputs: { output: build((graph) => servingScope(graph)).output },
  })
  const served = data((await serving.run({ x, ...statistics })).output)
  const channel = (c: number): number[] => Array.from(x).filter((_, i) => Math.floor(i / length) % 3 === c)
  const means = [0, 1, 2].map((c) => channel(c).reduce((a, b) => a + b) / (batch * length))
  const squares = [0, 1, 2].map((c) => channel(c).reduce((sum, value) => sum + (value - means[c]) ** 2, 0))
  const normalized = (mean: ArrayLike<number>, variance: ArrayLike<number>): Float32Array =>
    x.map((value, i) => {
      const c = Math.floor(i / length) % 3
      const normal = (value - mean[c]) / Math.sqrt(variance[c] + 1e-5)
      return normal * statistics['n.weight'][c] + statistics['n.bias'][c]
    })
  const expected = normalized(statistics['n.running_mean'], statistics['n.running_var'])
  assert.ok(maxAbsDifference(served, expected) < 1e-5)

  const graph = new Graph()
  const scope = trainingScope(graph)
  const output = scope.batchNorm(graph.input('x', [batch, channels, length]), 'n', { momentum: 0.25 })
  const outputs = Object.fromEntries([...scope.updates].map(([name, tensor]) => [`after/${name}`, tensor]))
  const training = await compile(runtime, { outputs: { output, ...outputs } })
  const results = await training.run({ x, ...statistics })
  const biased = squares.map((sum) => sum / (batch * length))
  assert.ok(maxAbsDifference(data(results.output), normalized(means, biased)) < 1e-5)
  const unbiased = squares.map((sum) => sum / (batch * length - 1))
  const blend = (old: Float32Array, now: number[]) => now.map((value, c) => 0.75 * old[c] + 0.25 * value)
  for (const [name, now] of [
    ['n.running_mean', means],
    ['n.running_var', unbiased],
  ] as const) {
    const after = data(results[`after/${name}`])
    assert.ok(maxAbsDifference(after, blend(statistics[name], now)) < 1e-6, name)
  }
  assert.deepEqual(
    [...scope.parameters].map(([name, { kind }]) => [name, kind]),
    [
      ['n.weight', 'weight'],
      ['n.bias', 'weight'],
      ['n.running_mean', 'statistic'],
      ['n.running_var', 'statistic'],
    ],
  )
})

test('a batch norm that is applied twice counts both batches', async () => {
  const graph = new Graph()
  const scope = trainingScope(graph)
  for (const name of ['first', 'second']) scope.batchNorm(graph.input(name, [3, 1]), 'n')
  const program = await compile(runtime, { outputs: { mean: scope.updates.get('n.running_mean')! } })
  const feeds = { first: Float32Array.of(1, 2, 3), second: Float32Array.of(5, 5, 11) }
  const { mean } = await program.run({ ...feeds, 'n.running_mean': Float32Array.of(10) })
  assert.ok(Math.abs(data(mean)[0] - (0.9 * (0.9 * 10 + 0.1 * 2) + 0.1 * 7)) < 1e-6)
})

test('dropout is fed: kept numbers grow by what is dropped, serving drops nothing', async () => {
  const graph = new Graph()
  const x = graph.input('x', [3, 7])
  assert.equal(servingScope(graph).dropout(x, 0.5), x)
  const scope = trainingScope(graph, 'text.')
  assert.equal(scope.dropout(x, 0), x)
  const once = scope.within('layer.').dropout(x, 0.25)
  const twice = trainingScope(graph, 'audio.').dropout(once, 0.5)
  assert.deepEqual([...graph.inputs.keys()], ['x', 'dropout.0', 'dropout.1'])
  assert.deepEqual(
    scope.masks.map(({ input, keep }) => [input.toString(), keep]),
    [['uint8 [3, 7]', 0.75]],
  )
  const program = await compile(runtime, { outputs: { once, twice } })
  const values = wave(21)
  const mask = Uint8Array.from(values, (_, i) => (i % 3 === 0 ? 0 : 1))
  const ones = new Uint8Array(21).fill(1)
  const results = await program.run({ x: values, 'dropout.0': mask, 'dropout.1': ones })
  const expected = values.map((value, i) => (mask[i] * value) / 0.75)
  assert.ok(maxAbsDifference(data(results.once), expected) < 1e-6)
  assert.ok(
    maxAbsDifference(
      data(results.twice),
      expected.map((value) => 2 * value),
    ) < 1e-6,
  )
})

test('what is frozen runs as when serving', () => {
  const graph = new Graph()
  const scope = trainingScope(graph, '', { frozen: (name) => name.startsWith('text.') })
  const x = graph.input('x', [3, 7])
  const [audio, text] = ['audio.', 'text.'].map((prefix) => scope.within(prefix))
  assert.equal(text.dropout(x, 0.1), x)
  assert.notEqual(audio.dropout(x, 0.1), x)
  text.batchNorm(x, 'n')
  audio.batchNorm(x, 'n')
  assert.deepEqual([...scope.updates.keys()], ['audio.n.running_mean', 'audio.n.running_var'])
  for (const [name, { frozen }] of scope.parameters) assert.equal(frozen, name.startsWith('text.'))
})

test('first values go by name and rank', () => {
  let seed = 7
  const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647
  const spread = (init: Initializer, shape: number[]) => {
    const values = init(shape, random)
    const mean = values.reduce((a, b) => a + b) / values.length
    const deviation = Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length)
    return { mean, deviation, largest: values.reduce((a, b) => Math.max(a, Math.abs(b)), 0) }
  }
  for (const [name, shape, expected] of [
    ['encoder.layer.0.output.LayerNorm.weight', [11], 1],
    ['bn1.running_var', [11], 1],
    ['bn1.running_mean', [11], 0],
    ['q_proj.bias', [11], 0],
  ] as const)
    assert.deepEqual(
      Array.from(defaultInitializer(name, shape)(shape, random)),
      Array.from({ length: 11 }, () => expected),
    )
  for (const name of [
    'embeddings.word_embeddings.weight',
    'attnpool.positional_embedding',
    'embeddings.cls_token',
    'attention.self.relative_position_bias_table',
  ]) {
    const { mean, deviation } = spread(defaultInitializer(name, [77, 111]), [77, 111])
    assert.ok(Math.abs(mean) < 1e-3 && Math.abs(deviation - 0.02) < 1e-3, `${name} ${deviation}`)
  }
  const shape = [111, 7, 3, 3]
  for (const name of ['layer1.0.conv1.weight', 'embeddings.patch_embeddings.projection.weight']) {
    const { largest, deviation } = spread(defaultInitializer(name, shape), shape)
    const bound = 1 / Math.sqrt(63)
    assert.ok(largest <= bound && Math.abs(deviation - bound / Math.sqrt(3)) < 2e-3, name)
  }
  assert.equal(kaimingUniform([3, 7], () => 0)[0], -Math.fround(1 / Math.sqrt(7)))
  assert.equal(normal(1)([7], () => 0).length, 7)
  assert.ok(normal(1)([7], () => 0).every((value) => value === 0))
})
