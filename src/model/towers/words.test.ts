import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compile, Graph, gradients, mul, sum } from '../../graph/index.js'
import { nodeRuntime } from '../../graph/node.js'
import { servingScope } from '../scope.js'
import { createTextEncoder } from './text-encoders.js'

const runtime = await nodeRuntime()
const [ROWS, WIDTH] = [7, 3]
const table = Float32Array.from({ length: ROWS * WIDTH }, (_, i) => Math.sin(i + 1))
const encoder = createTextEncoder({ encoder: 'words', options: { vocab_size: ROWS, width: WIDTH } })

const ids = [
  [0, 3, 5, 3],
  [0, 0, 6, 0],
  [0, 0, 0, 0],
  [0, 4, 2, 1],
]
const mask = [
  [1, 1, 1, 1],
  [1, 1, 1, 0],
  [1, 1, 0, 0],
  [1, 1, 0, 0],
]

/** The ids that count, as the tower is described. */
const counted = ids.map((row, i) => row.filter((id, at) => id !== 0 && mask[i][at] === 1))

const feeds = (type: 'int32' | 'int64') => {
  const rows = (values: number[][]) => ({
    shape: [4, 4],
    data: type === 'int32' ? Int32Array.from(values.flat()) : BigInt64Array.from(values.flat(), BigInt),
  })
  return {
    ids: rows(ids),
    mask: rows(mask),
    'word_embedding.weight': { data: table, shape: [ROWS, WIDTH] },
  }
}

function graphOf(type: 'int32' | 'int64') {
  const graph = new Graph()
  const [i, m] = ['ids', 'mask'].map((name) => graph.input(name, [4, 4], type))
  return { graph, vector: encoder.encode(i, m, servingScope(graph)) }
}

for (const type of ['int32', 'int64'] as const)
  test(`the mean of known words; a text of none has the vector of row 0 (${type})`, async () => {
    const program = await compile(runtime, { outputs: { vector: graphOf(type).vector } })
    const { vector } = await program.run(feeds(type))
    const found = vector.data as Float32Array
    for (const [row, words] of counted.entries())
      for (let i = 0; i < WIDTH; i++) {
        const of = words.length > 0 ? words : [0]
        const expected = of.reduce((total, id) => total + table[id * WIDTH + i], 0) / of.length
        assert.ok(Math.abs(found[row * WIDTH + i] - expected) < 1e-6, `${row}, ${i}`)
      }
    await program.close()
  })

test('the gradient of a word is its share of each mean', async () => {
  const { graph, vector } = graphOf('int32')
  const weights = graph.input('weights', [4, WIDTH])
  const loss = sum(mul(vector, weights))
  const [slope] = gradients(loss, [graph.parameters.get('word_embedding.weight')!])
  const program = await compile(runtime, { outputs: { slope } })
  const w = Float32Array.from({ length: 4 * WIDTH }, (_, i) => Math.cos(i))
  const { ids: inputIds, mask: attention } = feeds('int32')
  const found = await program.run({
    ...{ ids: inputIds, mask: attention },
    weights: { data: w, shape: [4, WIDTH] },
  })
  const expected = new Float64Array(ROWS * WIDTH)
  for (const [row, words] of counted.entries())
    for (const id of words.length > 0 ? words : [0])
      for (let i = 0; i < WIDTH; i++)
        expected[id * WIDTH + i] += w[row * WIDTH + i] / Math.max(1, words.length)
  for (const [at, value] of (found.slope.data as Float32Array).entries())
    assert.ok(Math.abs(value - expected[at]) < 1e-6)
  await program.close()
})
