import assert from 'node:assert/strict'
import { test } from 'node:test'
import { golden, relativeDifference } from '../../test/golden.js'
import * as g from './index.js'
import { nodeRuntime } from './node.js'

// What PyTorch 2.15 computes in float64 (test/golden/ops.json); relative to the largest value of a tensor.
const TOLERANCE = 1e-5

type Inputs = Record<string, g.Tensor>
/** One case written in graph: the golden's inputs and parameters to its output, or to several of its tensors. */
type Case = (inputs: Inputs, options: Record<string, any>) => g.Tensor | Record<string, g.Tensor>

const reductions = (reduce: (x: g.Tensor, options: g.ReductionOptions) => g.Tensor): Case => {
  return ({ input }, { axes, keepdims }) => reduce(input, { axis: axes, keepDims: keepdims })
}
const pools = (pool: typeof g.maxPool | typeof g.avgPool): Case => {
  return ({ input }, options) =>
    pool(input, {
      kernel: options.kernel_size,
      stride: options.stride,
      padding: options.padding,
      ceilMode: options.ceil_mode,
      countPadding: options.count_include_pad,
    })
}
const attend = (query: g.Tensor, key: g.Tensor, value: g.Tensor, inputs: Inputs, heads: number) => {
  const keyMask = inputs.mask_keys && g.sub(1, inputs.mask_keys) // the golden marks what is ignored
  return g.multiHeadAttention(
    query,
    key,
    value,
    {
      inWeight: inputs.in_weight,
      inBias: inputs.in_bias,
      outWeight: inputs.out_weight,
      outBias: inputs.out_bias,
    },
    { heads, keyMask },
  )
}
const spectrum = ({ n_fft, hop_length, center, periodic }: Record<string, any>): g.StftOptions => ({
  nFft: n_fft,
  hopLength: hop_length,
  center,
  padMode: 'reflect',
  window: periodic ? 'periodic' : 'symmetric',
})

/** By the longest matching beginning of the case's name. */
const CASES: Record<string, Case> = {
  conv1d: ({ input, weight, bias }, options) => g.conv1d(input, weight, { bias, ...options }),
  conv2d: ({ input, weight, bias }, options) => g.conv2d(input, weight, { bias, ...options }),
  'batch_norm/train': ({ input, weight, bias, running_mean, running_var }, { eps, momentum }) => {
    const statistics = { weight, bias, mean: running_mean, variance: running_var }
    const { output, mean, variance } = g.batchNormTraining(input, statistics, { epsilon: eps, momentum })
    return { output, running_mean_after: mean, running_var_after: variance }
  },
  'batch_norm/eval': ({ input, weight, bias, running_mean, running_var }, { eps }) =>
    g.batchNorm(input, { weight, bias, mean: running_mean, variance: running_var }, { epsilon: eps }),
  layer_norm: ({ input, weight, bias }, { eps }) => g.layerNorm(input, weight, bias, { epsilon: eps }),
  group_norm: ({ input, weight, bias }, { groups, eps }) =>
    g.groupNorm(input, weight, bias, { groups, epsilon: eps }),
  l2_normalise: ({ input }, { axis, eps }) => g.l2Normalize(input, { axis, epsilon: eps }),
  gelu: ({ input }) => g.gelu(input),
  gelu_tanh: ({ input }) => g.gelu(input, 'tanh'),
  quick_gelu: ({ input }) => g.gelu(input, 'quick'),
  relu: ({ input }) => g.relu(input),
  leaky_relu: ({ input }) => g.leakyRelu(input),
  leaky_relu_02: ({ input }) => g.leakyRelu(input, { slope: 0.2 }),
  silu: ({ input }) => g.silu(input),
  sigmoid: ({ input }) => g.sigmoid(input),
  tanh: ({ input }) => g.tanh(input),
  softplus: ({ input }) => g.softplus(input),
  log_sigmoid: ({ input }) => g.logSigmoid(input),
  softmax: ({ input }, { axis }) => g.softmax(input, { axis }),
  log_softmax: ({ input }, { axis }) => g.logSoftmax(input, { axis }),
  dropout: ({ input, mask }, { keep }) => g.dropout(input, mask, { keep }),
  max_pool: pools(g.maxPool),
  avg_pool: pools(g.avgPool),
  adaptive_avg_pool: ({ input }, { size }) => g.adaptiveAvgPool(input, { size }),
  matmul: ({ a, b }) => g.matmul(a, b),
  linear: ({ input, weight, bias }) => g.linear(input, weight, bias),
  'attention/self': (inputs, { heads }) => attend(inputs.input, inputs.input, inputs.input, inputs, heads),
  'attention/cross': (inputs, { heads }) => attend(inputs.query, inputs.key, inputs.value, inputs, heads),
  embedding: ({ weight, ids }, { padding_idx }) => g.embedding(weight, ids, { paddingId: padding_idx }),
  gather: ({ input, index }, { axis }) => g.gather(input, index, { axis }),
  index_select: ({ input, index }, { axis }) => g.indexSelect(input, index, { axis }),
  'slice/steps': ({ input }) =>
    g.slice(input, { axis: 0, start: 1 }, { axis: 1, step: 2 }, { axis: 2, start: 1, end: 6, step: 3 }),
  'slice/negative': ({ input }) => g.slice(input, { axis: 0, start: -2 }, { axis: 1, end: -1 }),
  pad: ({ input }, { mode, pad: [before, after] }) =>
    g.pad(input, { axes: [{ axis: -1, before, after }], mode, value: 0.5 }),
  concat: ({ a, b, c }, { axis }) => g.concat([a, b, c], { axis }),
  stack: ({ a, b }, { axis }) => g.stack([a, b], { axis }),
  roll: ({ input }) =>
    g.roll(input, [
      { axis: 1, by: -1 },
      { axis: 2, by: 2 },
    ]),
  transpose: ({ input }, { perm }) => g.transpose(input, perm),
  mean: reductions(g.mean),
  sum: reductions(g.sum),
  amax: reductions(g.amax),
  logsumexp: reductions(g.logSumExp),
  var: reductions(g.variance),
  masked_mean: ({ input, mask }) => g.maskedMean(input, mask),
  'resize/bilinear': ({ input }, { size }) => g.resize(input, { size, mode: 'bilinear' }),
  'resize/bicubic_align_corners': ({ input }, { size }) =>
    g.resize(input, { size, mode: 'bicubic', alignCorners: true }),
  stft_power: ({ input }, options) => g.stftPower(input, spectrum(options)),
  log_mel: ({ input, bank }, options) => {
    const mel = g.matmul(bank, g.stftPower(input, spectrum(options)))
    return g.compress(mel, { kind: 'decibel', floor: 1e-10 })
  },
}

test('every operation and its gradients give what PyTorch gives', async (t) => {
  const runtime = await nodeRuntime()
  const ops = golden('ops')
  const cases = Object.entries<Record<string, any>>(ops.json.cases)
  assert.equal(cases.length, 103)
  for (const [name, { shapes, ...options }] of cases)
    await t.test(name, async () => {
      const key = Object.keys(CASES)
        .filter((prefix) => name === prefix || name.startsWith(prefix.includes('/') ? prefix : `${prefix}/`))
        .sort((a, b) => b.length - a.length)[0]
      assert.ok(key, `no operation is written for ${name}`)
      const graph = new g.Graph()
      const inputs: Inputs = {}
      const feeds: Record<string, g.NumericArray> = {}
      for (const [input, shape] of Object.entries<number[]>(shapes)) {
        if (/^(output|cotangent|attention|grad_.*|.*_after)$/.test(input)) continue
        const integer = ops.file.entries.get(`${name}/${input}`)!.dtype === 'I32'
        const { data } = ops.tensor(`${name}/${input}`)
        inputs[input] = graph.input(input, shape, integer ? 'int32' : 'float32')
        feeds[input] = integer ? Int32Array.from(data) : data
      }
      const made = CASES[key](inputs, options)
      const outputs: Record<string, g.Tensor> = made instanceof g.Tensor ? { output: made } : { ...made }
      const differentiable = Object.keys(inputs).filter((input) => ops.has(`${name}/grad_${input}`))
      const { data: cotangent, shape: full } = ops.tensor(`${name}/cotangent`)
      const weighted = g.mul(outputs.output, graph.constant(cotangent, full))
      g.gradients(
        g.sum(weighted),
        differentiable.map((input) => inputs[input]),
      ).forEach((gradient, i) => (outputs[`grad_${differentiable[i]}`] = gradient))
      const program = await g.compile(runtime, { outputs })
      const results = await program.run(feeds)
      for (const [output, { data, shape }] of Object.entries(results)) {
        assert.ok(ops.has(`${name}/${output}`), `the golden has no ${output}`)
        const expected = ops.tensor(`${name}/${output}`)
        assert.deepEqual(shape, expected.shape, `shape of ${output}`)
        assert.deepEqual(outputs[output].shape, expected.shape, `shape of ${output} when it was written`)
        const error = relativeDifference(data as Float32Array, expected.data)
        assert.ok(error <= TOLERANCE, `${output} differs by ${error}`)
      }
      await program.close()
    })
})
