import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compile, Graph, type Tensor, type Value } from '../../graph/index.js'
import { nodeRuntime } from '../../graph/node.js'
import { goldenTower } from '../../../test/golden-tower.js'
import { maxAbsDifference } from '../../../test/golden.js'
import { servingScope, trainingScope } from '../scope.js'
import { createAudioEncoder } from './audio-encoders.js'
import { loadPretrained } from './pretrained.js'
import { createTextEncoder } from './text-encoders.js'

const runtime = await nodeRuntime()

let seed = 7
const centred = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 1_073_741_823.5 - 1

test('the text transformer gives a text the same vector alone and in a batch', async () => {
  const encoder = createTextEncoder({
    encoder: 'transformer',
    options: { vocab_size: 97, width: 12, layers: 2 },
  })
  const graph = new Graph()
  const [ids, mask] = ['ids', 'mask'].map((input) => graph.input(input, ['batch', 'tokens'], 'int64'))
  const program = await compile(runtime, {
    outputs: { vector: encoder.encode(ids, mask, servingScope(graph)) },
  })
  const weights: Record<string, Value> = {}
  for (const { name, shape } of program.inputs)
    if (name !== 'ids' && name !== 'mask') {
      const sizes = shape as number[]
      weights[name] = {
        shape: sizes,
        data: Float32Array.from({ length: sizes.reduce((a, b) => a * b) }, centred),
      }
    }
  const vectorsOf = async (texts: number[][]): Promise<Float32Array> => {
    const tokens = Math.max(...texts.map(({ length }) => length))
    const rows = (value: (text: number[], at: number) => number) => ({
      shape: [texts.length, tokens],
      data: BigInt64Array.from(
        texts.flatMap((text) => Array.from({ length: tokens }, (_, at) => BigInt(value(text, at)))),
      ),
    })
    const feeds = {
      ids: rows((text, at) => text[at] ?? 0),
      mask: rows((text, at) => Number(at < text.length)),
    }
    return (await program.run({ ...weights, ...feeds })).vector.data as Float32Array
  }
  const together = await vectorsOf([[5, 6, 7], [11], [5, 6, 7, 8, 9, 10, 11]])
  const alone = await vectorsOf([[11]])
  assert.ok(maxAbsDifference(together.subarray(12, 24), alone) < 1e-5)
  assert.ok(maxAbsDifference(together.subarray(0, 12), alone) > 0.1)
})

test('the text tower of CLAP gives the joint vectors of the original', async () => {
  const { config, weights, reference, ids } = goldenTower('clap')
  const encoder = createTextEncoder({ encoder: 'roberta', pooling: 'pooler', published: { config } })
  assert.deepEqual([encoder.width, encoder.maxTokens, encoder.vocabularySize], [24, 80, 601])
  const graph = new Graph()
  const input = (name: string): Tensor => graph.input(name, ['batch', 'tokens'], 'int32')
  const scope = trainingScope(graph, 'text.', { frozen: () => true })
  const embedding = encoder.encode(input('input_ids'), input('attention_mask'), scope)
  const { values, report } = loadPretrained(weights, scope.parameters, { prefix: 'text.' })
  assert.deepEqual([report.missing, report.misshapen], [[], []])
  const feeds: Record<string, Value> = Object.fromEntries(
    [...values].map(([name, data]) => [name, { data, shape: graph.parameters.get(name)!.shape as number[] }]),
  )
  const program = await compile(runtime, { outputs: { embedding } })
  const results = await program.run({
    ...feeds,
    input_ids: ids('input_ids'),
    attention_mask: ids('attention_mask'),
  })
  const difference = maxAbsDifference(
    results.embedding.data as Float32Array,
    reference.tensor('text_embeds').data,
  )
  assert.ok(difference <= 1e-5, `differs by ${difference}`)
})

test('published files give the sizes, and options win over them', () => {
  const clap = goldenTower('clap')
  const published = { config: clap.config, preprocessor: clap.preprocessor }
  const htsat = createAudioEncoder({ encoder: 'htsat', published })
  assert.deepEqual([htsat.width, htsat.sampleRate, htsat.samples], [24, 48_000, 480_000])
  const bare = createAudioEncoder({ encoder: 'htsat', published, options: { projection_dim: null } })
  assert.equal(bare.width, 64)
  const ast = createAudioEncoder({ encoder: 'ast', published: { config: goldenTower('ast').config } })
  assert.equal(ast.width, 32)
  const bert = createTextEncoder({ encoder: 'bert', published: { config: goldenTower('bert').config } })
  assert.deepEqual([bert.width, bert.maxTokens, bert.vocabularySize], [32, 40, 97])
  const roberta = createTextEncoder({
    encoder: 'roberta',
    published: { config: goldenTower('roberta').config },
  })
  assert.equal(roberta.maxTokens, 40)
  assert.equal(createTextEncoder({ encoder: 'minilm' }).maxTokens, 256)
})

test('wrong names, options and files are refused with the right ones', () => {
  assert.throws(() => createAudioEncoder({ encoder: 'resnett' }), {
    code: 'usage',
    message:
      /Unknown audio encoder "resnett" \(expected musicnn, yamnet, conv1d, short_chunk, resnet, ast, htsat, music_transformer, transformer\)/,
  })
  assert.throws(() => createTextEncoder({ encoder: 'toString' }), {
    code: 'usage',
    message: /Unknown text encoder "toString" \(expected minilm, bert, roberta, transformer, words\)/,
  })
  assert.throws(() => createTextEncoder({ encoder: 'transformer', options: { size: 7 } }), {
    code: 'usage',
    message: /text encoder "transformer": unknown key "size" \(expected width, heads, /,
  })
  assert.throws(() => createAudioEncoder({ encoder: 'ast', options: { hidden_size: -1 } }), {
    code: 'usage',
    message: /audio encoder "ast": hidden_size: /,
  })
  assert.throws(() => createTextEncoder({ encoder: 'bert', options: { hidden_size: 7 } }), {
    code: 'usage',
    message: /a hidden_size of 7 does not divide into 12 heads/,
  })
  const { config } = goldenTower('roberta')
  assert.throws(() => createTextEncoder({ encoder: 'bert', published: { config } }), {
    code: 'model',
    message: /config\.json is of model_type "roberta"; the encoder "bert" reads bert/,
  })
})
