import assert from 'node:assert/strict'
import { test } from 'node:test'
import { maxAbsDifference } from '../../../test/golden.js'
import {
  compile,
  concat,
  conv2d,
  embedding,
  float32,
  floatToHalf,
  Graph,
  l2Normalize,
  linear,
  matmul,
  maxPool,
  mean,
  mul,
  parseSafetensors,
  relu,
  reshape,
  slice,
  writeSafetensors,
  type NamedTensor,
  type Tensor,
} from '../../graph/index.js'
import { nodeRuntime } from '../../graph/node.js'
import type { ModelSource } from '../make.js'
import { integerLinear } from './integer-linear.js'
import { quantizeGraph, scalesName } from './quantize-graph.js'
import { quantizeModel } from './quantize-model.js'
import { quantizeRows } from './rows.js'
import { strongestResponse } from './strongest-response.js'

const waves = (length: number, step: number, offset = 0): Float32Array =>
  new Float32Array(length).map((_, i) => offset + Math.sin(step * i * (1 + (i % 7))))
const named = (data: Float32Array, shape: readonly number[]): NamedTensor => ({
  dtype: 'F32',
  shape,
  bytes: new Uint8Array(data.buffer),
})
const codesOf = ({ bytes }: NamedTensor): Int8Array => new Int8Array(bytes.slice().buffer)
const numbersOf = ({ bytes }: NamedTensor): Float32Array => new Float32Array(bytes.slice().buffer)

test('each row has its own scale: its largest number is exact, no other further off than half a step', () => {
  const data = waves(7 * 11, 1.3).map((x, i) => x * 10 ** (Math.floor(i / 11) - 3))
  data.fill(0, 22, 33)
  const { codes, scales } = quantizeRows(named(data, [7, 11]))
  const [bytes, steps] = [codesOf(codes), numbersOf(scales)]
  assert.deepEqual(codes.shape, [7, 11])
  for (let row = 0; row < 7; row++) {
    const own = data.subarray(row * 11, row * 11 + 11)
    const largest = own.reduce((most, x) => Math.max(most, Math.abs(x)), 0)
    own.forEach((value, i) => {
      const error = Math.abs(bytes[row * 11 + i] * steps[row] - value)
      assert.ok(error <= (Math.abs(value) === largest ? 1e-6 * largest : (steps[row] / 2) * 1.0001))
    })
  }
  assert.ok(quantizeRows(named(waves(7 * 11, 1.3), [7, 11])).error < 0.01)
  const half = Uint16Array.from(waves(14, 0.7), floatToHalf)
  const halves = quantizeRows({ dtype: 'F16', shape: [2, 7], bytes: new Uint8Array(half.buffer) })
  assert.ok(Math.abs(numbersOf(halves.scales)[0] * 127 - 0.9) < 0.1)
})

/** What the program must compute, number by number. */
function strongest(
  image: Float32Array,
  [height, width]: [number, number],
  filters: Float32Array,
  [count, rows, columns]: [number, number, number],
  [before, after]: [number, number],
  inBytes: boolean,
): Float32Array {
  const down = height + before + after - rows + 1
  const out = new Float32Array(count * down).fill(-Infinity)
  const padded = before + after > 0
  const low = image.reduce((a, b) => Math.min(a, b), padded ? 0 : Infinity)
  const high = image.reduce((a, b) => Math.max(a, b), padded ? 0 : -Infinity)
  const step = (high - low) / 255
  const at = (row: number, column: number): number => {
    const value = row < 0 || row >= height ? 0 : image[row * width + column]
    return inBytes ? low + step * Math.floor((value - low) / step + 0.5) : value
  }
  for (let filter = 0; filter < count; filter++)
    for (let row = 0; row < down; row++)
      for (let column = 0; column + columns <= width; column++) {
        let sum = 0
        for (let i = 0; i < rows; i++)
          for (let j = 0; j < columns; j++)
            sum += filters[(filter * rows + i) * columns + j] * at(row + i - before, column + j)
        out[filter * down + row] = Math.max(out[filter * down + row], sum)
      }
  return out
}

for (const [rows, columns, padding, offset] of [
  [3, 5, [1, 1], 1],
  [7, 1, [3, 3], 0],
  [1, 7, [0, 0], -3],
  [2, 11, [0, 1], 5],
] as [number, number, [number, number], number][])
  test(`strongest responses of ${rows} x ${columns} are those of the bytes, near those of the floats`, async () => {
    const [height, width, count] = [13, 11, 7]
    const filters = waves(count * rows * columns, 2.1)
    const { codes, scales } = quantizeRows(named(filters, [count, 1, rows, columns]))
    const graph = new Graph()
    const image = graph.input('image', ['batch', 1, height, width])
    const y = strongestResponse(image, {
      codes: graph.parameter('w', [count, 1, rows, columns], 'int8'),
      scales: graph.parameter('w.scale', [count]),
      padding,
    })
    const weights = new Map([
      ['w', codes],
      ['w.scale', scales],
    ])
    const program = await compile(await nodeRuntime(), { outputs: { y }, weights })
    const images = [1, 40, 0.01].map((loud, i) => waves(height * width, 1 + i, offset).map((x) => loud * x))
    const run = async (image: Float32Array): Promise<Float32Array> =>
      (await program.run({ image })).y.data as Float32Array
    const steps = numbersOf(scales)
    const rounded = Float32Array.from(
      codesOf(codes),
      (code, i) => code * steps[Math.floor(i / rows / columns)],
    )
    const sizes: [number, number, number] = [count, rows, columns]
    for (const image of images) {
      const actual = await run(image)
      const loudest = image.reduce((a, b) => Math.max(a, Math.abs(b)), 0)
      const exact = strongest(image, [height, width], rounded, sizes, padding, true)
      assert.ok(maxAbsDifference(actual, exact) < 2e-5 * loudest * rows * columns)
      const floats = strongest(image, [height, width], filters, sizes, padding, false)
      assert.ok(maxAbsDifference(actual, floats) < 0.012 * loudest * rows * columns)
    }
    // A quiet image keeps its numbers beside a loud one.
    const together = Float32Array.from(images.flatMap((image) => [...image]))
    const batch = await run(together)
    const size = batch.length / 3
    for (const [i, image] of images.entries())
      assert.deepEqual(batch.slice(i * size, (i + 1) * size), await run(image))
  })

test('a constant image gives numbers, not NaN', async () => {
  const graph = new Graph()
  const image = graph.input('image', [1, 1, 3, 4])
  const y = strongestResponse(image, {
    codes: graph.parameter('w', [2, 1, 3, 2], 'int8'),
    scales: graph.parameter('w.scale', [2]),
    padding: [0, 0],
  })
  const { codes, scales } = quantizeRows(named(new Float32Array(12).fill(0.5), [2, 1, 3, 2]))
  const program = await compile(await nodeRuntime(), {
    outputs: { y },
    weights: new Map([
      ['w', codes],
      ['w.scale', scales],
    ]),
  })
  const { data } = (await program.run({ image: new Float32Array(12).fill(-2) })).y
  assert.ok(maxAbsDifference(data as Float32Array, [-6, -6]) < 1e-4)
})

test('a linear layer of bytes is exact in its bytes, row by row, and near that of the floats', async () => {
  const [rows, width, out] = [7, 11, 5]
  const matrix = waves(out * width, 1.9)
  const bias = waves(out, 3)
  const { codes, scales } = quantizeRows(named(matrix, [out, width]))
  const graph = new Graph()
  const x = graph.input('x', ['batch', width])
  const weight = { codes: graph.parameter('w', [out, width], 'int8'), scales: graph.parameter('s', [out]) }
  const y = integerLinear(x, weight, graph.constant(bias, [out]))
  const weights = new Map([
    ['w', codes],
    ['s', scales],
  ])
  const program = await compile(await nodeRuntime(), { outputs: { y }, weights })
  const data = waves(rows * width, 0.6, 0.5).map((value, i) => value * 10 ** (Math.floor(i / width) - 4))
  data.fill(3, 0, width) // a row of equal numbers
  const actual = (await program.run({ x: data })).y.data as Float32Array
  const [bytes, steps] = [codesOf(codes), numbersOf(scales)]
  for (let row = 0; row < rows; row++) {
    const own = data.subarray(row * width, (row + 1) * width)
    const [low, high] = [Math.min(...own), Math.max(...own)]
    const step = (high - low) / 255
    const loudest = Math.max(Math.abs(low), Math.abs(high))
    for (let k = 0; k < out; k++) {
      let [exact, floats] = [bias[k], bias[k]]
      own.forEach((value, i) => {
        const rounded = step > 0 ? low + step * Math.floor((value - low) / step + 0.5) : value
        exact += rounded * bytes[k * width + i] * steps[k]
        floats += value * matrix[k * width + i]
      })
      const given = actual[row * out + k]
      assert.ok(Math.abs(given - exact) < 1e-5 * Math.max(1, loudest), `${given}, ${exact}`)
      assert.ok(Math.abs(given - floats) < 0.01 * loudest * Math.sqrt(width) + 1e-6)
    }
    const alone = (await program.run({ x: own.slice() })).y.data as Float32Array
    assert.deepEqual(actual.slice(row * out, (row + 1) * out), alone)
  }
})

test('a graph with its matrices in 8 bits computes what it computes with their rounded numbers', async () => {
  const sizes: Record<string, number[]> = {
    table: [17, 7],
    'linear.weight': [5, 7],
    'linear.bias': [5],
    left: [3, 11],
    filters: [4, 1, 3, 5],
    kept: [7, 7],
  }
  const quantized = new Set(['table', 'linear.weight', 'left', 'filters'])
  const graph = new Graph()
  const p = (name: string): Tensor => graph.parameter(name, sizes[name])
  const ids = graph.input('ids', ['batch', 11], 'int64')
  const image = graph.input('image', ['batch', 1, 13, 11])
  const table = p('table')
  const filters = p('filters')
  const words = linear(matmul(embedding(table, ids), p('kept')), p('linear.weight'), p('linear.bias'))
  const mixed = matmul(p('left'), words) // [batch, 3, 5]
  const response = (): Tensor => conv2d(image, filters, { padding: [1, 0, 1, 0] }) // [batch, 4, 13, 7]
  const heard = {
    strongest: maxPool(response(), { kernel: [1, 7] }),
    average: mean(relu(response()), { axis: 3, keepDims: true }),
    columns: maxPool(response(), { kernel: [1, 3], stride: 1 }),
  }
  const usual = mean(table, { axis: 0 })
  const flat = (x: Tensor): Tensor =>
    reshape(x, [x.shape[0], x.shape.slice(1).reduce<number>((size, d) => size * (d as number), 1)])
  const all = concat([flat(mixed), ...Object.values(heard).map(flat)], { axis: 1 })
  const output = concat([all, mul(slice(all, { axis: 1, end: 7 }), usual)], { axis: 1 })

  const floats = new Map<string, NamedTensor>()
  const bytes = new Map<string, NamedTensor>()
  for (const [i, [name, shape]] of Object.entries(sizes).entries()) {
    const weight = named(
      waves(
        shape.reduce((a, b) => a * b),
        0.3 + i,
      ),
      shape,
    )
    const { codes, scales } = quantizeRows(weight)
    if (!quantized.has(name)) {
      for (const weights of [floats, bytes]) weights.set(name, weight)
      continue
    }
    bytes.set(name, codes).set(scalesName(name), scales)
    const [steps, width] = [numbersOf(scales), codes.bytes.length / shape[0]]
    const rounded = Float32Array.from(codesOf(codes), (code, at) => code * steps[Math.floor(at / width)])
    floats.set(name, named(rounded, shape))
  }
  const runtime = await nodeRuntime()
  const exact = await compile(runtime, { outputs: { y: output }, weights: floats })
  const small = await compile(runtime, { outputs: { y: quantizeGraph(output, quantized) }, weights: bytes })
  assert.deepEqual(small.inputs, exact.inputs)
  const feeds = {
    ids: BigInt64Array.from({ length: 33 }, (_, i) => BigInt((5 * i) % 17)),
    image: waves(3 * 13 * 11, 0.9, 0.4),
  }
  const [expected, actual] = [(await exact.run(feeds)).y, (await small.run(feeds)).y]
  assert.deepEqual(actual.shape, expected.shape)
  const width = expected.shape[1]
  const [a, b] = [actual.data as Float32Array, expected.data as Float32Array]
  for (let i = 0; i < a.length; i++) {
    const place = i % width
    // Numbers 0 to 14 come through a linear layer, 15 to 66 are strongest responses, the last 7 a product with the first.
    const inIntegers = place < 15 + 4 * 13 || place >= width - 7
    assert.ok(Math.abs(a[i] - b[i]) < (inIntegers ? 0.1 : 1e-4), `number ${place}: ${a[i]}, ${b[i]}`)
  }
  assert.ok(maxAbsDifference(a, b) > 1e-4, 'bytes are not floats')
})

test('a whole model in 8 bits is half as large, and its vectors point the same way', async () => {
  const side = (name: string): Tensor => {
    const graph = new Graph()
    const ids = graph.input('input_ids', ['batch', 'tokens'], 'int64')
    const rows = embedding(graph.parameter(`${name}.table`, [101, 64]), ids)
    return l2Normalize(mean(linear(rows, graph.parameter(`${name}.weight`, [64, 64])), { axis: 1 }))
  }
  const weights = new Map(
    ['audio', 'text'].flatMap((name, i) => [
      [`${name}.table`, named(waves(101 * 64, 1.1 + i), [101, 64])] as const,
      [`${name}.weight`, named(waves(64 * 64, 1.7 + i), [64, 64])] as const,
      [`${name}.small`, named(waves(7, 1), [7, 1])] as const,
      // One column is thirty times as large as the others.
      [
        `${name}.uneven`,
        named(
          waves(16 * 256, 0.7).map((x, at) => (at % 256 ? x : 30)),
          [16, 256],
        ),
      ] as const,
    ]),
  )
  const source = { audio: side('audio'), text: side('text'), weights } as unknown as ModelSource
  const small = quantizeModel(source)
  assert.deepEqual([...small.weights.keys()].slice(-4), [
    'audio.table',
    'audio.weight',
    'text.table',
    'text.weight',
  ])
  assert.equal(small.weights.get('audio.table')!.dtype, 'I8')
  assert.equal(small.weights.get('text.small'), weights.get('text.small'))
  assert.equal(small.weights.get('text.uneven'), weights.get('text.uneven'))
  const read = parseSafetensors(writeSafetensors(small.weights))
  assert.equal(float32(read, 'text.table')[0], codesOf(small.weights.get('text.table')!)[0])
  const runtime = await nodeRuntime()
  const feeds = { input_ids: { data: BigInt64Array.from([5n, 7n, 100n, 0n, 5n]), shape: [1, 5] } }
  for (const name of ['audio', 'text'] as const) {
    const [exact, rounded] = [source, small].map(async (model) => {
      const program = await compile(runtime, { outputs: { y: model[name] }, weights: model.weights })
      return (await program.run(feeds)).y.data as Float32Array
    })
    const [a, b] = [await exact, await rounded]
    assert.ok(a.reduce((sum, x, i) => sum + x * b[i], 0) > 0.9995)
  }
})
