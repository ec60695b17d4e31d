import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { maxAbsDifference } from '../../test/golden.js'
import * as g from './index.js'
import { nodeRuntime } from './node.js'

const directory = mkdtempSync(join(tmpdir(), 'antiphon-graph-'))
after(() => rmSync(directory, { recursive: true }))

const numbers = (length: number, step = 0.7) => Float32Array.from({ length }, (_, i) => Math.sin(i * step))

/** A model of two layers, and its weights as a safetensors file in single or half precision. */
function model(dtype: 'F32' | 'F16') {
  const graph = new g.Graph()
  const x = graph.input('x', ['batch', 7])
  const hidden = g.relu(g.linear(x, graph.parameter('a.weight', [11, 7]), graph.parameter('a.bias', [11])))
  const y = g.linear(hidden, graph.parameter('b.weight', [3, 11]))
  const tensors = new Map<string, g.NamedTensor>()
  // The odd one makes the others begin at odd places.
  const shapes = { odd: [1], 'a.bias': [11], 'a.weight': [11, 7], 'b.weight': [3, 11] }
  for (const [name, shape] of Object.entries<number[]>(shapes)) {
    const data = numbers(shape.reduce((size, d) => size * d, 1))
    const stored = dtype === 'F32' ? data : Uint16Array.from(data, g.floatToHalf)
    tensors.set(name, { dtype, shape, bytes: new Uint8Array(stored.buffer) })
  }
  const bytes = g.writeSafetensors(tensors)
  return { graph, outputs: { y }, bytes, file: g.parseSafetensors(bytes) }
}

function expected(file: g.SafetensorsFile, x: Float32Array): number[] {
  const [a, bias, b] = ['a.weight', 'a.bias', 'b.weight'].map((name) => g.float32(file, name))
  const hidden = Array.from({ length: 11 }, (_, i) =>
    Math.max(
      0,
      x.reduce((sum, value, k) => sum + value * a[i * 7 + k], bias[i]),
    ),
  )
  return Array.from({ length: 3 }, (_, i) => hidden.reduce((sum, value, k) => sum + value * b[i * 11 + k], 0))
}

for (const dtype of ['F32', 'F16'] as const)
  test(`weights of ${dtype}: embedded, beside the program, given in memory, and fed`, async () => {
    const runtime = await nodeRuntime()
    const { outputs, bytes, file } = model(dtype)
    const x = numbers(7, 1.3)
    const reference = expected(file, x)
    const external = g.toOnnx({ outputs, weights: g.externalWeights(file) })
    assert.ok(external.byteLength < 1500, `${external.byteLength} bytes hold no weights`)
    writeFileSync(join(directory, 'audio.onnx'), external)
    writeFileSync(join(directory, 'model.safetensors'), bytes)
    const programs = {
      embedded: await g.compile(runtime, { outputs, weights: g.embeddedWeights(file) }),
      beside: await g.openProgram(runtime, join(directory, 'audio.onnx')),
      memory: await g.openProgram(runtime, external, {
        externalData: [{ path: 'model.safetensors', data: bytes }],
      }),
      fed: await g.compile(runtime, { outputs }),
    }
    const names = ['a.weight', 'a.bias', 'b.weight']
    const fed = Object.fromEntries(names.map((name) => [name, g.float32(file, name)]))
    for (const [name, program] of Object.entries(programs)) {
      const { y } = await program.run(name === 'fed' ? { x, ...fed } : { x })
      assert.deepEqual(y.shape, [1, 3])
      const error = maxAbsDifference(y.data as Float32Array, reference)
      assert.ok(error <= 1e-6, `${name} differs by ${error}`)
      await program.close()
    }
  })

test('the same graph gives the same bytes; what no output needs is left out', () => {
  const { outputs, file } = model('F32')
  const weights = g.embeddedWeights(file)
  assert.deepEqual(g.toOnnx({ outputs, weights }), g.toOnnx({ outputs: model('F32').outputs, weights }))
  const before = g.toOnnx({ outputs, weights }).byteLength
  const { graph } = outputs.y
  g.tanh(g.matmul(outputs.y, graph.parameter('unused', [3, 1000])))
  graph.input('unused input', [1])
  assert.equal(g.toOnnx({ outputs, weights }).byteLength, before)
})

test('missing and misshapen weights are refused by name', () => {
  const { outputs, file } = model('F32')
  const weights = g.embeddedWeights(file)
  const bias = weights.get('a.bias')!
  weights.delete('a.bias')
  assert.throws(() => g.toOnnx({ outputs, weights }), /No weights for parameter "a\.bias" \[11\]/)
  weights.set('a.bias', { ...bias, shape: [1, 11] })
  assert.throws(
    () => g.toOnnx({ outputs, weights }),
    /"a\.bias" has shape \[1, 11\], the model asks for \[11\]/,
  )
  weights.set('a.bias', { ...bias, dtype: 'I32' })
  assert.throws(() => g.toOnnx({ outputs, weights }), /"a\.bias" is stored as I32 \(expected F32 or F16\)/)
  assert.throws(() => g.toOnnx({ outputs: { x: outputs.y }, weights }), /"x" has the name of an input/)
  assert.throws(() => g.toOnnx({ outputs: {} }), /at least one output/)
})

test('outputs of two graphs are refused', () => {
  const { y } = model('F32').outputs
  const { y: other } = model('F32').outputs
  const foreign = new g.Graph().input('z', [2])
  for (const second of [other, foreign, foreign.graph.scalar(1)])
    assert.throws(() => g.toOnnx({ outputs: { y, second } }), {
      code: 'usage',
      message: /"second" belongs to another graph than the first/,
    })
})

test('a broken program is refused with the code "model"', async () => {
  const opened = g.openProgram(await nodeRuntime(), Uint8Array.of(1, 2, 3))
  await assert.rejects(opened, { code: 'model', message: /could not load a program of 3 bytes/ })
})

test('feeds are checked before anything runs', async () => {
  const graph = new g.Graph()
  const x = graph.input('x', ['batch', 7])
  const ids = graph.input('ids', ['batch', 'tokens'], 'int32')
  const program = await g.compile(await nodeRuntime(), { outputs: { y: g.neg(x), kept: ids } })
  const two = { data: Int32Array.of(4, 2), shape: [1, 2] }
  const rejected = async (feeds: Parameters<g.Program['run']>[0], message: RegExp) =>
    assert.rejects(program.run(feeds), { code: 'usage', message })
  await rejected({ ids: two }, /Input "x" \(float32 \[batch, 7\]\) is missing/)
  await rejected({ x: numbers(13), ids: two }, /got 13 numbers, expected a multiple of 7/)
  await rejected({ x: Int32Array.of(1), ids: two }, /got Int32Array, expected Float32Array/)
  await rejected({ x: numbers(7), ids: Int32Array.of(4, 2) }, /has 2 free axes: feed \{ data, shape \}/)
  await rejected({ x: { data: numbers(14), shape: [7, 2] }, ids: two }, /got 14 numbers of shape \[7, 2\]/)
  await rejected({ x: { data: numbers(13), shape: [2, 7] }, ids: two }, /got 13 numbers of shape \[2, 7\]/)
  await rejected({ x: numbers(7), ids: two, z: numbers(1) }, /No input "z" \(the program has x, ids\)/)
  const { y, kept } = await program.run({ x: numbers(14), ids: two })
  assert.deepEqual(
    [y.shape, kept.shape, [...(kept.data as Int32Array)]],
    [
      [2, 7],
      [1, 2],
      [4, 2],
    ],
  )
  assert.deepEqual(Object.keys(await program.run({ x: numbers(7), ids: two }, ['y'])), ['y'])
})

test('an output is written where it is asked to be', async () => {
  const graph = new g.Graph()
  const x = graph.input('x', ['batch', 7])
  const program = await g.compile(await nodeRuntime(), { outputs: { y: g.neg(x) } })
  const y = { data: new Float32Array(14), shape: [2, 7] }
  const found = await program.run({ x: numbers(14) }, { y })
  assert.deepEqual(
    y.data,
    numbers(14).map((value) => -value),
  )
  assert.equal(found.y, y)
  await assert.rejects(program.run({ x: numbers(14) }, { z: y }), {
    code: 'usage',
    message: /No output "z" \(the program has y\)/,
  })
})
