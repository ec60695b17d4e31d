import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compile, embeddedWeights, gradients, Graph, mul, sum, type Value } from '../../graph/index.js'
import { nodeRuntime } from '../../graph/node.js'
import { goldenTower, parameterFeeds } from '../../../test/golden-tower.js'
import { maxAbsDifference, relativeDifference } from '../../../test/golden.js'
import { knownPart } from './published-config.js'
import { servingScope, trainingScope } from '../scope.js'
import { bert, BERT_SIZES, pool, POOLINGS, type BertInput, type BertKind } from './bert.js'

const TOLERANCE = 1e-5 // of test/golden's README; PyTorch's own float32 differs by 9e-7
const runtime = await nodeRuntime()
const data = (value: Value): Float32Array => value.data as Float32Array

for (const kind of ['bert', 'roberta'] as const) {
  const { config, weights, reference, ids } = goldenTower(kind)
  const sizes = BERT_SIZES.parse(knownPart(BERT_SIZES, config))
  const [batch, tokens] = reference.tensor('input_ids').shape
  const mask = ids('attention_mask').data
  const feeds = {
    input_ids: ids('input_ids'),
    attention_mask: ids('attention_mask'),
    ...(kind === 'bert' ? { token_type_ids: ids('token_type_ids') } : {}),
  }
  /** The numbers of tokens, without those of padding. */
  const ofTokens = (hidden: Float32Array): Float32Array =>
    hidden.filter((_, i) => mask[Math.floor(i / sizes.hidden_size)] === 1)
  const inputs = (
    graph: Graph,
    shape: (string | number)[],
    dtype: 'int32' | 'int64' = 'int32',
  ): BertInput => ({
    inputIds: graph.input('input_ids', shape, dtype),
    attentionMask: graph.input('attention_mask', shape, dtype),
    tokenTypeIds: kind === 'bert' ? graph.input('token_type_ids', shape, dtype) : undefined,
  })

  for (const shape of [
    ['batch', 'tokens'],
    [batch, tokens],
  ])
    test(`${kind} computes what the original does, batch [${shape.join(', ')}]`, async () => {
      const graph = new Graph()
      const input = inputs(graph, shape)
      const scope = servingScope(graph)
      const hidden = bert(input, scope, sizes, kind)
      const pooled = POOLINGS.map((pooling) => [pooling, pool(hidden, input.attentionMask, pooling, scope)])
      const program = await compile(runtime, {
        outputs: { hidden, ...Object.fromEntries(pooled) },
        weights: embeddedWeights(weights),
      })
      const results = await program.run(feeds)
      const difference = maxAbsDifference(
        ofTokens(data(results.hidden)),
        ofTokens(reference.tensor('last_hidden_state').data),
      )
      assert.ok(difference <= TOLERANCE, `hidden differs by ${difference}`)
      for (const [output, expected] of [
        ['mean', 'mean_pooled'],
        ['cls', 'cls'],
        ['pooler', 'pooler_output'],
      ]) {
        const difference = maxAbsDifference(data(results[output]), reference.tensor(expected).data)
        assert.ok(difference <= TOLERANCE, `${output} differs by ${difference}`)
      }
    })

  test(`${kind} has the gradients of the original`, async () => {
    const graph = new Graph()
    const input = inputs(graph, [batch, tokens])
    const scope = trainingScope(graph)
    const still = { ...sizes, hidden_dropout_prob: 0, attention_probs_dropout_prob: 0 }
    const pooled = pool(bert(input, scope, still, kind), input.attentionMask, 'mean', scope)
    const cotangent = graph.input('cotangent', [batch, sizes.hidden_size])
    const names = [...reference.file.entries.keys()].filter((name) => name.startsWith('grad/'))
    const loss = sum(mul(pooled, cotangent))
    const found = gradients(
      loss,
      names.map((name) => scope.parameters.get(name.slice('grad/'.length))!.tensor),
    )
    assert.equal(names.length, 3)
    const program = await compile(runtime, {
      outputs: { loss, ...Object.fromEntries(names.map((name, i) => [name, found[i]])) },
    })
    const results = await program.run({
      ...feeds,
      cotangent: reference.tensor('cotangent').data,
      ...parameterFeeds(scope.parameters.keys(), weights),
    })
    for (const name of names) {
      const difference = relativeDifference(data(results[name]), reference.tensor(name).data)
      assert.ok(difference <= TOLERANCE, `${name} differs by ${difference}`)
    }
  })
}

test('what stands in the padding changes nothing, and roberta counts positions without it', async () => {
  const sizes = BERT_SIZES.parse(knownPart(BERT_SIZES, goldenTower('roberta').config))
  const vectors = async (kind: BertKind, ids: number[], mask: number[]) => {
    const graph = new Graph()
    const inputIds = graph.input('ids', [1, 'tokens'], 'int64')
    const attentionMask = graph.input('mask', [1, 'tokens'], 'int64')
    const scope = servingScope(graph)
    const hidden = bert({ inputIds, attentionMask }, scope, { ...sizes, type_vocab_size: 1 }, kind)
    const program = await compile(runtime, {
      outputs: { vector: pool(hidden, attentionMask, 'mean', scope) },
      weights: embeddedWeights(goldenTower('roberta').weights),
    })
    const feeds = { ids: BigInt64Array.from(ids, BigInt), mask: BigInt64Array.from(mask, BigInt) }
    return data((await program.run(feeds)).vector)
  }
  const [a, b, c] = [11, 7, 77]
  const pad = 1
  const alone = await vectors('roberta', [a, b, c], [1, 1, 1])
  const right = await vectors('roberta', [a, b, c, pad, pad], [1, 1, 1, 0, 0])
  const left = await vectors('roberta', [pad, pad, a, b, c], [0, 0, 1, 1, 1])
  assert.ok(maxAbsDifference(alone, right) < 1e-6)
  assert.ok(maxAbsDifference(alone, left) < 1e-6)
  const bertRight = await vectors('bert', [a, b, c, pad, 7], [1, 1, 1, 0, 0])
  assert.ok(maxAbsDifference(await vectors('bert', [a, b, c], [1, 1, 1]), bertRight) < 1e-6)
  assert.ok(maxAbsDifference(alone, bertRight) > 1e-2)
})

test('dropout has a mask at each of its places', () => {
  const graph = new Graph()
  const input = graph.input('ids', [3, 7], 'int32')
  const sizes = BERT_SIZES.parse(knownPart(BERT_SIZES, goldenTower('bert').config))
  const frozenFirst = (name: string): boolean => name.startsWith('text.encoder.layer.0.')
  const scope = trainingScope(graph, 'text.', { frozen: frozenFirst })
  bert({ inputIds: input, attentionMask: input }, scope, sizes)
  assert.deepEqual(
    scope.masks.map(({ input, keep }) => [input.toString(), keep]),
    [
      ['uint8 [3, 7, 32]', 0.9], // embeddings
      ['uint8 [3, 4, 7, 7]', 0.9], // the second layer: attention, its output, the feed-forward's output
      ['uint8 [3, 7, 32]', 0.9],
      ['uint8 [3, 7, 32]', 0.9],
    ],
  )
})
