import assert from 'node:assert/strict'
import { test } from 'node:test'
import { numbers, run, seeded, whole, type Fed } from '../../../test/gradient-check.js'
import { AntiphonError } from '../../errors/index.js'
import * as g from '../index.js'
import { nodeRuntime } from '../node.js'
import { OPERATORS } from '../operators.js'
import { ACTIVATION_RULES } from './activation.js'
import { ARRANGEMENT_RULES } from './arrangement.js'
import { CONVOLUTION_RULES } from './convolution.js'
import { ELEMENTWISE_RULES } from './elementwise.js'
import { LOOKUP_RULES } from './lookup.js'
import { MATMUL_RULES } from './matmul.js'
import { NORMALIZATION_RULES } from './normalization.js'
import { POOLING_RULES } from './pooling.js'
import { REDUCTION_RULES } from './reduction.js'

/** Three layers, each with its weight: tokens [5, 7] to a loss. */
function perceptron() {
  const graph = new g.Graph()
  const x = graph.input('x', [5, 7])
  const weights = [1, 2, 3].map((layer) => graph.parameter(`${layer}.weight`, [7, 7]))
  const biases = [1, 2, 3].map((layer) => graph.parameter(`${layer}.bias`, [7]))
  const layers = weights.map((weight, i) => (x: g.Tensor) => g.tanh(g.linear(x, weight, biases[i])))
  const hidden = layers.slice(0, 2).reduce((y, layer) => layer(y), x)
  const loss = g.mean(g.square(layers[2](hidden)))
  return { graph, x, weights, biases, hidden, loss }
}

/** Operators that the gradients add to the graph. */
function added(graph: g.Graph, write: () => readonly g.Tensor[]): { operators: string[]; unused: string[] } {
  const before = graph.nodes.length
  const needed = nodesOf(write())
  const nodes = graph.nodes.slice(before)
  return {
    operators: nodes.map(({ op }) => op),
    unused: nodes.filter((node) => !needed.has(node)).map(({ op }) => op),
  }
}

function nodesOf(tensors: readonly g.Tensor[]): Set<g.GraphNode> {
  const nodes = new Set<g.GraphNode>()
  const open = [...tensors]
  for (let tensor = open.pop(); tensor; tensor = open.pop()) {
    if (tensor.source.kind !== 'node' || nodes.has(tensor.source.node)) continue
    nodes.add(tensor.source.node)
    for (const input of tensor.source.node.inputs) if (input) open.push(input)
  }
  return nodes
}

const products = (operators: readonly string[]): number =>
  operators.filter((op) => op === 'MatMul' || op === 'Gemm').length

test('only the products that the gradients need are written', () => {
  // To each weight one, and one back through each layer behind the first that is trained.
  const cases: [(model: ReturnType<typeof perceptron>) => readonly g.Tensor[], number][] = [
    [({ weights }) => weights, 5],
    [({ x, weights }) => [x, ...weights], 6],
    [({ weights }) => weights.slice(2), 1],
    [({ weights }) => weights.slice(1), 3],
    [({ weights }) => weights.slice(0, 1), 3],
    [({ biases }) => biases.slice(2), 0],
    [({ biases }) => biases, 2],
    [({ x }) => [x], 3],
    [({ hidden }) => [hidden], 1],
    [() => [], 0],
  ]
  for (const [i, [wrt, expected]] of cases.entries()) {
    const model = perceptron()
    const { operators, unused } = added(model.graph, () => g.gradients(model.loss, wrt(model)))
    assert.equal(products(operators), expected, `case ${i}: ${operators.join()}`)
    assert.deepEqual(unused, [], `case ${i}`)
  }
})

test('nothing is written for a parameter that is not asked for', () => {
  const graph = new g.Graph()
  const names = ['weight', 'bias', 'mean', 'variance']
  const [weight, bias, mean, variance] = names.map((name) => graph.parameter(name, [3]))
  const kernel = graph.parameter('kernel', [3, 2, 3, 3])
  const x = graph.input('x', [2, 2, 11, 7])
  const y = g.conv2d(x, kernel, { bias })
  const frozen = g.batchNorm(y, { weight, bias, mean, variance })
  const trained = g.batchNormTraining(y, { weight, bias, mean, variance }).output
  const scale = graph.parameter('scale', [5])
  const normal = g.layerNorm(
    g.avgPool(trained, { kernel: 2 }),
    graph.constant(new Float32Array(2), [2]),
    graph.parameter('offset', [2]),
  )
  const rows = g.mul(g.maxPool(frozen, { kernel: 3, stride: 2 }), g.sum(scale))
  const losses = [g.sum(normal), g.mean(rows), g.sum(y)]
  const wanted: [g.Tensor, g.Tensor[], RegExp][] = [
    [losses[2], [bias], /^(Reshape|Expand|ReduceSum|,)*$/],
    [losses[1], [scale], /^((?!Conv|Scatter|BatchNormalization).)*$/],
    [losses[1], [weight], /^((?!Conv).)*$/],
    [losses[0], [graph.parameters.get('offset')!], /^(Expand|ReduceSum|Reshape|,)*$/],
    [losses[0], [weight], /^((?!Conv).)*$/],
    [losses[0], [kernel], /^((?!ConvTranspose).)*$/],
    [losses[0], [x, kernel, weight, bias, scale], /./],
    [losses[1], [x, kernel, weight, bias, mean, variance, scale], /./],
  ]
  for (const [i, [loss, wrt, expected]] of wanted.entries()) {
    const { operators, unused } = added(graph, () => g.gradients(loss, wrt))
    assert.match(operators.join(), expected, `case ${i}`)
    assert.deepEqual(unused, [], `case ${i}`)
  }
})

test('parts of a tensor that make up the whole are joined, not added up among zeros', () => {
  const graph = new g.Graph()
  const x = graph.input('x', [5, 11])
  const parts = g.split(x, [3, 6, 2], { axis: 1 }).map((part, i) => g.exp(g.mul(part, i + 1)))
  const joins = (some: readonly g.Tensor[]) => {
    const loss = some.map((part) => g.sum(part)).reduce((a, b) => g.add(a, b))
    const { operators } = added(graph, () => g.gradients(loss, [x]))
    return ['Concat', 'Pad'].map((op) => operators.filter((name) => name === op).length)
  }
  assert.deepEqual(joins(parts), [1, 0])
  assert.deepEqual(joins(parts.toReversed()), [1, 0])
  assert.deepEqual(joins(parts.slice(1)), [0, 2])
  const [front, back] = g.split(x, [2, 9], { axis: -1 })
  assert.deepEqual(joins([g.tanh(back), g.sin(front)]), [1, 0])
  assert.deepEqual(joins([...parts, parts[0], g.exp(g.slice(x, { axis: 0, end: 2 }))]), [0, 4])
})

test('nothing flows through stopGradient, nor through steps and integers', async () => {
  const graph = new g.Graph()
  const x = graph.input('x', [7])
  const half = g.mul(x, g.stopGradient(x))
  const steps = g.add(g.floor(x), g.cast(g.cast(x, 'int32'), 'float32'))
  const [dHalf] = g.gradients(g.sum(half), [x])
  const stopped = g.sum(g.stopGradient(g.exp(x)))
  assert.deepEqual(added(graph, () => g.gradients(stopped, [x])).operators, ['Expand'])
  const [dStopped] = g.gradients(stopped, [x])
  const [dSteps] = g.gradients(g.sum(g.mul(steps, 3)), [x])
  const fed = numbers([7], seeded(1))
  const results = await run({ dHalf, dStopped, dSteps }, { x: fed })
  assert.deepEqual(results.dHalf.data, fed.data)
  assert.deepEqual(results.dStopped.data, new Float32Array(7))
  assert.deepEqual(results.dSteps.data, new Float32Array(7))
})

test('an x that the loss does not depend on has zeros, of any shape', async () => {
  const graph = new g.Graph()
  const x = graph.input('x', [7])
  const other = graph.parameter('other', [11, 3])
  const single = graph.parameter('single', [])
  const unseen = g.mul(other, 2)
  const slopes = g.gradients(g.sum(g.square(x)), [other, single, unseen, x])
  const results = await run(Object.fromEntries(slopes.entries()), { x: numbers([7], seeded(2)) })
  assert.deepEqual(
    [0, 1, 2].map((i) => [results[i].shape, results[i].data.length, results[i].data.some((d) => d !== 0)]),
    [
      [[11, 3], 33, false],
      [[], 1, false],
      [[11, 3], 33, false],
    ],
  )
  assert.ok(results[3].data.every((d) => d !== 0))
})

test('a tensor in the middle, the loss itself, and one asked for twice have their gradients', async () => {
  const graph = new g.Graph()
  const x = graph.input('x', [7])
  const middle = g.exp(x)
  const loss = g.sum(g.mul(g.square(middle), x))
  const [dx, dMiddle, again, dLoss] = g.gradients(loss, [x, middle, x, loss])
  const fed = numbers([7], seeded(3))
  const results = await run({ dx, dMiddle, again, dLoss }, { x: fed })
  fed.data.forEach((value, i) => {
    const e = Math.exp(value)
    assert.ok(Math.abs((results.dMiddle.data[i] as number) - 2 * e * value) < 1e-5)
    assert.ok(Math.abs((results.dx.data[i] as number) - (2 * e * e * value + e * e)) < 1e-4)
  })
  assert.deepEqual(results.again.data, results.dx.data)
  assert.deepEqual(results.dLoss, { data: Float32Array.of(1), shape: [] })
})

test('gradients of gradients', async () => {
  const graph = new g.Graph()
  const x = graph.input('x', [7])
  const [slope] = g.gradients(g.sum(g.mul(g.tanh(x), g.square(x))), [x])
  const [curvature] = g.gradients(g.sum(slope), [x])
  // d/dx₀ of Σ of the squared running sums is twice the sum of them all, in which xᵢ counts 7 - i times.
  const [rising] = g.gradients(g.sum(g.square(g.cumulativeSum(x, { axis: 0 }))), [x])
  const [bend] = g.gradients(g.sum(g.slice(rising, { axis: 0, end: 1 })), [x])
  const fed = numbers([7], seeded(4))
  const results = await run({ curvature, bend }, { x: fed })
  assert.deepEqual([...(results.bend.data as Float32Array)], [14, 12, 10, 8, 6, 4, 2])
  fed.data.forEach((value, i) => {
    const t = Math.tanh(value)
    const d = 1 - t * t
    const expected = -2 * t * d * value * value + 4 * value * d + 2 * t
    assert.ok(Math.abs((results.curvature.data[i] as number) - expected) < 1e-5)
  })
})

/** Throws an error of a wrong shape that ends with the line which called `gradients`: the one after this call. */
function refused(mistake: () => unknown, message: RegExp): void {
  const line = Number(/gradients\.test\.js:(\d+):\d+\)?$/.exec(new Error().stack!.split('\n')[2])![1])
  assert.throws(mistake, (error) => {
    assert.ok(error instanceof AntiphonError)
    assert.equal(error.code, 'shape')
    assert.match(error.message, message)
    const found = Number(/gradients\.test\.js:(\d+)\)$/.exec(error.message)?.[1])
    assert.ok(Math.abs(found - line) <= 3, `${error.message} does not end with the line that called, ${line}`)
    return true
  })
}

test('mistakes are named, with the line that called', () => {
  const graph = new g.Graph()
  const x = graph.input('x', [5, 7])
  const ids = graph.input('ids', [3], 'int32')
  const foreign = new g.Graph().input('x', [5, 7])
  refused(
    () => g.gradients(g.square(x), [x]),
    /^gradients: the loss is \[5, 7\], expected one float32 number \[\]/,
  )
  refused(
    () => g.gradients(g.sum(ids), [x]),
    /^gradients: the loss is int32 \[\], expected one float32 number \[\]/,
  )
  const loss = g.sum(g.square(x))
  refused(() => g.gradients(loss, [foreign]), /^gradients: \[5, 7\] is of another graph than the loss/)
  refused(() => g.gradients(loss, [x, ids]), /^gradients: int32 \[3\] has no gradient, expected float32/)
})

test('an operator without a rule is named with its shapes, if the gradient has to pass it', () => {
  const graph = new g.Graph()
  const x = graph.input('x', [1, 2, 7])
  const weight = graph.parameter('weight', [2, 3, 3])
  const bias = graph.parameter('bias', [3, 1])
  const attributes = { kernel_shape: [3], strides: [1], dilations: [1], pads: [0, 0], group: 1 }
  const [wide] = graph.apply('ConvTranspose', [x, weight], attributes, [{ shape: [1, 3, 9] }])
  const loss = g.sum(g.add(wide, bias))
  refused(
    () => g.gradients(loss, [weight, bias]),
    /^gradients: no gradient is known for ConvTranspose of \[1, 2, 7\], \[2, 3, 3\] /,
  )
  assert.deepEqual(g.gradients(loss, [bias])[0].shape, [3, 1])
})

test('every operator has a rule, stops the gradient, or is known to have none', () => {
  const stops = [
    'And',
    'Cast',
    'Equal',
    'Floor',
    'Greater',
    'GreaterOrEqual',
    'Identity',
    'Less',
    'LessOrEqual',
    'Not',
    'Or',
    'Sign',
  ]
  // Made by gradients and of integers only.
  const none = ['ConvTranspose', 'MatMulInteger', 'ScatterElements']
  const tables = [
    ACTIVATION_RULES,
    ARRANGEMENT_RULES,
    CONVOLUTION_RULES,
    ELEMENTWISE_RULES,
    LOOKUP_RULES,
    MATMUL_RULES,
    NORMALIZATION_RULES,
    POOLING_RULES,
    REDUCTION_RULES,
  ]
  const ruled = tables.flatMap((table) => Object.keys(table))
  assert.deepEqual([...ruled, ...stops, ...none].sort(), Object.keys(OPERATORS).sort())
})

test('where training needs a known size, the operator and the shape are named', () => {
  const graph = new g.Graph()
  const x = graph.input('x', ['batch', 7])
  const signal = graph.input('signal', [2, 3, 'samples'])
  const weight = graph.parameter('weight', [7, 7])
  const kernel = graph.parameter('kernel', [2, 3, 5])
  const average = g.mean(g.linear(x, weight))
  refused(() => g.gradients(average, [weight]), /^mean: axis 0 of \[batch, 7\] must have a known size here/)
  const windows = g.sum(g.conv1d(signal, kernel, { stride: 2 }))
  refused(
    () => g.gradients(windows, [kernel]),
    /^conv: axis 2 of \[2, 2, .*samples.*\] must have a known size here/,
  )
  const cut = g.sum(g.slice(g.linear(x, weight), { axis: 0, end: 3 }))
  refused(() => g.gradients(cut, [weight]), /^slice: axis 0 of \[batch, 7\] must have a known size here/)
})

/** A step with everything that threads could put into another order: tables, windows, sums, attention. */
function step() {
  const graph = new g.Graph()
  const words = graph.input('words', [16, 33], 'int32')
  const image = graph.input('image', [16, 3, 64, 31])
  const parameter = (name: string, ...shape: number[]) => graph.parameter(name, shape)
  const table = parameter('table', 300, 64)
  const tokens = g.layerNorm(
    g.embedding(table, words),
    parameter('norm.weight', 64),
    parameter('norm.bias', 64),
  )
  const attention = {
    inWeight: parameter('in.weight', 192, 64),
    inBias: parameter('in.bias', 192),
    outWeight: parameter('out.weight', 64, 64),
    outBias: parameter('out.bias', 64),
  }
  const seen = g.gelu(g.multiHeadAttention(tokens, tokens, tokens, attention, { heads: 4 }).output)
  const stem = g.conv2d(image, parameter('stem', 32, 3, 3, 3), { padding: 1 })
  const [weight, bias, mean, variance] = ['weight', 'bias', 'mean', 'variance'].map((name) =>
    parameter(`batch_norm.${name}`, 32),
  )
  const normal = g.relu(g.batchNormTraining(stem, { weight, bias, mean, variance }).output)
  const pooled = g.maxPool(normal, { kernel: 3, stride: 2, padding: 1 })
  const deep = g.conv2d(pooled, parameter('deep', 64, 32, 3, 3), { stride: 2, padding: 1 })
  const a = g.l2Normalize(g.mean(deep, { axis: [2, 3] }))
  const t = g.l2Normalize(g.mean(seen, { axis: 1 }))
  const logits = g.mul(g.matmul(a, g.transpose(t)), 10)
  const loss = g.neg(g.mean(g.sum(g.mul(g.logSoftmax(logits), graph.input('same', [16, 16])), { axis: 1 })))
  const trained = [...graph.parameters.values()].filter(
    ({ source }) => !/mean|variance/.test((source as { name: string }).name),
  )
  const slopes = g.gradients(loss, trained)
  const outputs: Record<string, g.Tensor> = { loss }
  trained.forEach((tensor, i) => (outputs[`slope.${(tensor.source as { name: string }).name}`] = slopes[i]))
  return { graph, outputs }
}

test('a training step gives the same bits run after run, with threads, and after it is compiled again', async () => {
  const { graph, outputs } = step()
  const random = seeded(5)
  const feeds: Record<string, Fed> = {
    words: whole([16, 33], [0, 40], random),
    image: numbers([16, 3, 64, 31], random),
    same: { shape: [16, 16], data: Float32Array.from({ length: 256 }, (_, i) => (i % 17 === 0 ? 1 : 0)) },
  }
  for (const [name, { shape }] of graph.parameters) feeds[name] = numbers(shape as number[], random)
  const runtime = await nodeRuntime()
  const model = g.toOnnx({ outputs })
  assert.deepEqual(g.toOnnx({ outputs: step().outputs }), model, 'the same step is the same program')
  let first: Record<string, Buffer> | undefined
  for (let compiled = 0; compiled < 4; compiled++) {
    const program = await g.openProgram(runtime, model, { threads: 2 })
    for (let repetition = 0; repetition < 5; repetition++) {
      const results = await program.run(
        Object.fromEntries(program.inputs.map(({ name }) => [name, feeds[name]])),
      )
      const bits = Object.fromEntries(
        Object.entries(results).map(([name, { data }]) => [
          name,
          Buffer.from(data.buffer).subarray(data.byteOffset, data.byteOffset + data.byteLength),
        ]),
      )
      first ??= bits
      for (const [name, found] of Object.entries(bits))
        assert.ok(
          found.equals(first[name]),
          `${name} differs in repetition ${repetition} of program ${compiled}`,
        )
      if (compiled + repetition === 0)
        for (const [name, { data }] of Object.entries(results))
          assert.ok((data as Float32Array).every(Number.isFinite), name)
    }
    await program.close()
  }
})
