import assert from 'node:assert/strict'
import { test } from 'node:test'
import { maxAbsDifference } from '../../../test/golden.js'
import {
  compile,
  embeddedWeights,
  gradients,
  Graph,
  mean,
  parseSafetensors,
  square,
  writeSafetensors,
  type NamedTensor,
  type NumericArray,
  type Tensor,
  type Value,
} from '../../graph/index.js'
import { nodeRuntime } from '../../graph/node.js'
import { servingScope, trainingScope, type Scope, type ScopeParameter } from '../scope.js'
import { createAudioEncoder } from './audio-encoders.js'
import { createTextEncoder } from './text-encoders.js'

const runtime = await nodeRuntime()
const BATCH = 3
const TOKENS = 7

let seed = 11
const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647

interface Tower {
  /** Inputs of a batch, with the names that their free axes have when serving. */
  readonly inputs: Readonly<Record<string, { free: readonly (string | number)[]; data: NumericArray }>>
  readonly encode: (inputs: Record<string, Tensor>, scope: Scope) => Tensor
}

function audioTower(name: string, features: readonly number[], options: Record<string, unknown>): Tower {
  const encoder = createAudioEncoder({ encoder: name, options })
  const length = features.reduce((a, b) => a * b, BATCH)
  return {
    inputs: {
      features: {
        free: ['batch', ...features],
        data: Float32Array.from({ length }, () => 2 * random() - 1),
      },
    },
    encode: ({ features }, scope) => encoder.encode(features, scope),
  }
}

function textTower(name: string, options: Record<string, unknown>): Tower {
  const encoder = createTextEncoder({ encoder: name, options })
  const lengths = [7, 4, 1]
  const numbers = (value: (i: number) => number) => ({
    free: ['batch', 'tokens'],
    data: Int32Array.from({ length: BATCH * TOKENS }, (_, i) =>
      i % TOKENS < lengths[Math.floor(i / TOKENS)] ? value(i) : 0,
    ),
  })
  return {
    inputs: { ids: numbers((i) => 3 + ((i * 11) % 31)), mask: numbers(() => 1) },
    encode: ({ ids, mask }, scope) => encoder.encode(ids, mask, scope),
  }
}

const BERT = {
  vocab_size: 97,
  hidden_size: 12,
  num_hidden_layers: 2,
  num_attention_heads: 3,
  intermediate_size: 7,
  hidden_dropout_prob: 0,
  attention_probs_dropout_prob: 0,
}
const SMALL_TRANSFORMER = { width: 12, layers: 2 }

const TOWERS: Readonly<Record<string, () => Tower>> = {
  'audio transformer': () =>
    audioTower('transformer', [53, 40], { ...SMALL_TRANSFORMER, n_mels: 40, patch: 16 }),
  resnet: () =>
    audioTower('resnet', [63, 32], { width: 4, layers: [1, 2], heads: 4, output: 11, n_mels: 32 }),
  'text transformer': () => textTower('transformer', { ...SMALL_TRANSFORMER, vocab_size: 97 }),
  bert: () => textTower('bert', BERT),
  roberta: () => textTower('roberta', BERT),
}

function inputsOf(graph: Graph, { inputs }: Tower, sizes: Readonly<Record<string, number>>) {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, { free, data }]) => {
      const shape = free.map((d) => sizes[d] ?? d)
      return [name, graph.input(name, shape, data instanceof Int32Array ? 'int32' : 'float32')]
    }),
  )
}

/** Weights and statistics that are nowhere 0 or 1 by chance. */
function draw(parameters: ReadonlyMap<string, ScopeParameter>): Record<string, Value<Float32Array>> {
  const drawn: Record<string, Value<Float32Array>> = {}
  for (const [name, { tensor, init }] of parameters) {
    const shape = tensor.shape as number[]
    drawn[name] = { shape, data: init(shape, random).map((value) => value + 0.1 * random()) }
  }
  return drawn
}

/** The vectors of a training step, and, where something is trained, with its gradients beside them. */
async function trained(tower: Tower, weights: Readonly<Record<string, Value>> | undefined, frozen: boolean) {
  const graph = new Graph()
  const scope = trainingScope(graph, 'tower.', { frozen: () => frozen })
  const vectors = tower.encode(inputsOf(graph, tower, { batch: BATCH, tokens: TOKENS }), scope)
  const given = weights ?? draw(scope.parameters)
  const outputs: Record<string, Tensor> = { vectors }
  if (!frozen) {
    const wrt = [...scope.parameters].filter(([, { kind }]) => kind === 'weight')
    const slopes = gradients(
      mean(square(vectors)),
      wrt.map(([, { tensor }]) => tensor),
    )
    wrt.forEach(([name], i) => (outputs[`gradient/${name}`] = slopes[i]))
  }
  const program = await compile(runtime, { outputs })
  const feeds = program.inputs.map(({ name }) => [name, tower.inputs[name]?.data ?? given[name]] as const)
  const results = await program.run(Object.fromEntries(feeds))
  await program.close()
  return { vectors: results.vectors, weights: given, scope }
}

async function served(tower: Tower, weights: Readonly<Record<string, Value<Float32Array>>>): Promise<Value> {
  const graph = new Graph()
  const vectors = tower.encode(inputsOf(graph, tower, {}), servingScope(graph, 'tower.'))
  assert.equal(vectors.shape[0], 'batch')
  const file = new Map<string, NamedTensor>()
  for (const [name, { shape, data }] of Object.entries(weights))
    file.set(name, { dtype: 'F32', shape, bytes: new Uint8Array(data.buffer) })
  const embedded = embeddedWeights(parseSafetensors(writeSafetensors(file)))
  const program = await compile(runtime, { outputs: { vectors }, weights: embedded })
  const feeds = Object.entries(tower.inputs).map(([name, { free, data }]) => {
    const shape = free.map((d) => (d === 'batch' ? BATCH : d === 'tokens' ? TOKENS : (d as number)))
    return [name, { data, shape }]
  })
  const results = await program.run(Object.fromEntries(feeds) as Record<string, Value>)
  await program.close()
  return results.vectors
}

for (const [name, make] of Object.entries(TOWERS))
  test(`${name}: a program that serves batches of any size gives what the frozen tower of a step gives`, async () => {
    const tower = make()
    const step = await trained(tower, undefined, true)
    assert.deepEqual([step.scope.updates.size, step.scope.masks.length], [0, 0])
    const vectors = await served(tower, step.weights as Record<string, Value<Float32Array>>)
    const expected = step.vectors.data as Float32Array
    const largest = Math.max(...expected.map(Math.abs))
    const differs = ({ data }: Value): number => maxAbsDifference(data as Float32Array, expected) / largest
    assert.deepEqual(vectors.shape, step.vectors.shape)
    assert.ok(largest > 1e-3)
    assert.ok(differs(vectors) <= 1e-5, `differs by ${differs(vectors)}`)

    // Beside gradients other parts of the program are fused. Batch norms then see the batch, so towers with them differ.
    const learning = await trained(tower, step.weights, false)
    const difference = differs(learning.vectors)
    if (learning.scope.updates.size === 0) assert.ok(difference <= 1e-5, `differs by ${difference}`)
    else assert.ok(difference > 1e-3, 'batch norms count the batch')
  })
