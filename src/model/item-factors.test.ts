import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compile, Graph, gradients, mul, sum, type Tensor } from '../graph/index.js'
import { nodeRuntime } from '../graph/node.js'
import { ItemTable, joinFactors, readItemFactors, writeItemFactors } from './item-factors.js'
import { compareParity } from './parity.js'
import { servingScope, trainingScope } from './scope.js'

const runtime = await nodeRuntime()
const [BATCH, WIDTH, DIM, HIDDEN] = [3, 2, 4, 5]
const SIZES = { dim: DIM, hidden: HIDDEN }

const numbers = (length: number, seed: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => Math.sin(seed + 1.7 * i))
const audio = numbers(BATCH * WIDTH, 1)
const factors = numbers(BATCH * DIM, 2)
const present = Float32Array.of(1, 0, 1)
const weight = numbers(HIDDEN * (DIM + 1), 3)
const bias = numbers(HIDDEN, 4)
const PARAMETERS = {
  'factors.weight': { data: weight, shape: [HIDDEN, DIM + 1] },
  'factors.bias': { data: bias, shape: [HIDDEN] },
}

/** By hand: the layer of [factors where present, present], behind the audio. */
function expected(row: number, there = present[row]): number[] {
  const input = [...factors.subarray(row * DIM, (row + 1) * DIM)].map((value) => value * there).concat(there)
  const known = [...bias].map((b, h) =>
    Math.max(
      0,
      input.reduce((total, value, i) => total + weight[h * (DIM + 1) + i] * value, b),
    ),
  )
  return [...audio.subarray(row * WIDTH, (row + 1) * WIDTH), ...known]
}

function near(actual: ArrayLike<number>, wanted: readonly number[]): void {
  assert.equal(actual.length, wanted.length)
  for (const [i, value] of wanted.entries())
    assert.ok(Math.abs(actual[i] - value) < 1e-5, `${i}: ${actual[i]}, not ${value}`)
}

test('factors stand beside the audio, zeros where there are none; without inputs as where there are none', async () => {
  const graph = new Graph()
  const heard = graph.input('audio', ['batch', WIDTH])
  const inputs = {
    factors: graph.input('factors', ['batch', DIM]),
    present: graph.input('present', ['batch', 1]),
  }
  const scope = servingScope(graph)
  const outputs = {
    joined: joinFactors(heard, inputs, SIZES, scope),
    alone: joinFactors(heard, undefined, SIZES, scope),
  }
  const program = await compile(runtime, { outputs })
  const found = await program.run({
    ...PARAMETERS,
    audio: { data: audio, shape: [BATCH, WIDTH] },
    factors: { data: factors, shape: [BATCH, DIM] },
    present: { data: present, shape: [BATCH, 1] },
  })
  await program.close()
  const rows = [0, 1, 2]
  near(
    found['joined'].data as Float32Array,
    rows.flatMap((row) => expected(row)),
  )
  near(
    found['alone'].data as Float32Array,
    rows.flatMap((row) => expected(row, 0)),
  )
})

test('gradients of the layer are those of finite differences, and none comes from factors that are left out', async () => {
  const graph = new Graph()
  const scope = trainingScope(graph)
  const feeds: [string, Float32Array, number[]][] = [
    ['audio', audio, [BATCH, WIDTH]],
    ['factors', factors, [BATCH, DIM]],
    ['present', present, [BATCH, 1]],
  ]
  const [a, f, p] = feeds.map(([name, , shape]) => graph.input(name, shape))
  const joined = joinFactors(a, { factors: f, present: p }, SIZES, scope)
  const slope = graph.constant(numbers(BATCH * (WIDTH + HIDDEN), 9), [BATCH, WIDTH + HIDDEN])
  const loss = sum(mul(joined, slope))
  const parameters: Tensor[] = [...scope.parameters.values()].map(({ tensor }) => tensor)
  const [ofWeight, ofBias, ofFactors] = gradients(loss, [...parameters, f])
  const program = await compile(runtime, { outputs: { loss, ofWeight, ofBias, ofFactors } })
  const run = async (changed: Float32Array = weight) =>
    program.run({
      ...PARAMETERS,
      'factors.weight': { data: changed, shape: [HIDDEN, DIM + 1] },
      ...Object.fromEntries(feeds.map(([name, data, shape]) => [name, { data, shape }])),
    })
  const found = await run()
  const slopes = found['ofWeight'].data as Float32Array
  for (const i of weight.keys()) {
    const [more, less] = [weight.slice(), weight.slice()]
    more[i] += 1e-2
    less[i] -= 1e-2
    const [up, down] = [await run(more), await run(less)].map(({ loss: { data } }) => Number(data[0]))
    assert.ok(Math.abs((up - down) / 2e-2 - slopes[i]) < 2e-2, `${i}: ${slopes[i]}`)
  }
  const left = (found['ofFactors'].data as Float32Array).subarray(DIM, 2 * DIM)
  assert.deepEqual([...left].map(Math.abs), [0, 0, 0, 0])
  await program.close()
})

test('items are found by name, in a file that is read as it was written', () => {
  const items = { dim: 2, names: ['b/ü "x"', 'a\n'], factors: Float32Array.of(1, 2, 3, 4) }
  const read = readItemFactors(writeItemFactors(items))
  assert.deepEqual(read, items)
  const table = new ItemTable(read)
  assert.equal(table.find(['none', 'a\n', 'b/ü "x"']), 'a\n')
  assert.equal(table.find(['none']), undefined)
  assert.deepEqual([...table.factorsOf('a\n')!], [3, 4])
  assert.equal(table.factorsOf('none'), undefined)
  assert.throws(() => readItemFactors(new Uint8Array(9)), { code: 'model' })
})

test('a model of items that does not say what their vectors should be is refused', async () => {
  const one = { sound: [{ hertz: 3, amplitude: 1, decay: 0 }], factors: [1, 2], embedding: [0.6, 0.8] }
  const parity = { spaceId: '0'.repeat(16), tolerance: 1e-4, audio: [one], text: [], item: [one] }
  const spec = { sampleRate: 10, chunkSeconds: 1, hopSeconds: 1, minRestSeconds: 1 }
  const encoders = {
    audio: () => Promise.reject(new Error('not asked')),
    text: () => Promise.reject(new Error('not asked')),
    item: (_: Float32Array, given: Float32Array) =>
      Promise.resolve(Float32Array.of(0.6 * given[0], 0.4 * given[1])),
  }
  const { largestDifference } = await compareParity(parity, 'item', encoders, spec)
  assert.ok(largestDifference < 1e-6)
  const without = { ...parity, item: undefined }
  await assert.rejects(compareParity(without, 'item', encoders, spec), { code: 'model', message: /item/ })
})

test('damaged factors are refused as what they are', () => {
  const whole = writeItemFactors({ dim: 2, names: ['a', 'b'], factors: Float32Array.of(1, 2, 3, 4) })
  const at = Buffer.from(whole).lastIndexOf('["a","b"]')
  for (const names of ['["a","b"}', 'null     ', '[1,2]    ', '{"a":"b"}', '["a"]    ']) {
    const damaged = whole.slice()
    damaged.set(new TextEncoder().encode(names), at)
    assert.throws(() => readItemFactors(damaged, 'f'), { code: 'model', message: /^f is damaged/ }, names)
  }
  assert.throws(() => readItemFactors(whole, 'f', 3), { code: 'model', message: /length 2.* takes 3/ })
  const factors = Float32Array.of(1, NaN, 3, 4)
  const numbers = writeItemFactors({ dim: 2, names: ['a', 'b'], factors })
  assert.throws(() => readItemFactors(numbers), { code: 'model', message: /no number/ })
})
