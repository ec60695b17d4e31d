import assert from 'node:assert/strict'
import { test } from 'node:test'
import { golden, maxAbsDifference } from '../../../test/golden.js'
import { AntiphonError } from '../../errors/index.js'
import {
  clipByGlobalNorm,
  createOptimizer,
  createSchedule,
  type OptimizerOptions,
  type Parameter,
} from '../index.js'

const reference = golden('optim')
const STEPS = 10
const NAMES = ['weight', 'bias']
// Float32 from float64; the README of the goldens. PyTorch's own float32 differs by up to 1e-6.
const TOLERANCE = 5e-6

/** The reference's PyTorch arguments, said as ours. */
function optionsOf(name: string): OptimizerOptions {
  const {
    class: kind,
    momentum,
    nesterov,
    betas,
    eps,
    weight_decay: weightDecay,
  } = reference.json.optimisers[name]
  // PyTorch decays biases too unless they are a group of their own.
  const rules = weightDecay && name !== 'adamw_no_bias_decay' ? [{ match: 'bias', weightDecay }] : []
  if (kind === 'SGD') return { kind: 'sgd', momentum, nesterov, weightDecay, rules }
  const [beta1, beta2] = betas
  return { kind: kind === 'Adam' ? 'adam' : 'adamw', beta1, beta2, epsilon: eps, weightDecay, rules }
}

function startingParameters(): Map<string, Parameter> {
  return new Map(
    NAMES.map((name) => [
      name,
      {
        data: Float32Array.from(reference.doubles(`start/${name}`)),
        shape: reference.tensor(`start/${name}`).shape,
      },
    ]),
  )
}

function gradientsAt(step: number): Map<string, Float32Array> {
  return new Map(
    NAMES.map((name) => {
      const all = reference.doubles(`grad/${name}`)
      const size = all.length / STEPS
      return [name, Float32Array.from(all.subarray(step * size, (step + 1) * size))]
    }),
  )
}

for (const name of Object.keys(reference.json.optimisers as object))
  test(`${name}: ten steps as in PyTorch, then the same state; saved at step 4 and gone on with, bit for bit`, () => {
    const { lr, max_norm: maxNorm } = reference.json.optimisers[name]
    const schedule =
      name === 'adamw_cosine'
        ? createSchedule({ kind: 'cosine', warmup: 3, steps: STEPS })
        : createSchedule({ kind: 'constant' })
    const parameters = startingParameters()
    let optimizer = createOptimizer(optionsOf(name), parameters)
    for (let step = 0; step < STEPS; step++) {
      if (step === 4) {
        const saved = new Map([...optimizer.state()].map(([key, data]) => [key, data.slice()]))
        optimizer = createOptimizer(optionsOf(name), parameters)
        optimizer.load(saved)
      }
      const gradients = gradientsAt(step)
      if (maxNorm) {
        const expected = reference.doubles(`${name}/float64/norm_before_clipping`)[step]
        const norm = clipByGlobalNorm(gradients, maxNorm)
        assert.ok(Math.abs(norm - expected) <= 1e-6 * expected, `norm ${norm}, expected ${expected}`)
      }
      optimizer.step(gradients, lr * schedule.factorAt(step))
      for (const [key, { data }] of parameters) {
        const track = reference.doubles(`${name}/float64/${key}`)
        const expected = track.subarray(step * data.length, (step + 1) * data.length)
        const error = maxAbsDifference(data, expected)
        assert.ok(error <= TOLERANCE, `${key} after step ${step} differs by ${error}`)
      }
    }
    for (const [key, data] of optimizer.state()) {
      if (key.endsWith('/step')) {
        assert.deepEqual([...data], [STEPS])
        continue
      }
      const error = maxAbsDifference(data, reference.doubles(`${name}/float64/state/${key}`))
      assert.ok(error <= TOLERANCE, `state ${key} differs by ${error}`)
    }
  })

/** Adam as its formula reads, in double precision. */
function slowAdam(
  p: number[],
  gradients: number[][],
  rate: number,
  decay: number,
  decoupled: boolean,
): number[] {
  const [b1, b2, epsilon] = [0.9, 0.95, 1e-6]
  return p.map((start, i) => {
    let [value, m, v] = [start, 0, 0]
    for (const [k, gradient] of gradients.entries()) {
      const g = gradient[i] + (decoupled ? 0 : decay * value)
      if (decoupled) value *= 1 - rate * decay
      m = b1 * m + (1 - b1) * g
      v = b2 * v + (1 - b2) * g * g
      value -= (rate * (m / (1 - b1 ** (k + 1)))) / (Math.sqrt(v / (1 - b2 ** (k + 1))) + epsilon)
    }
    return value
  })
}

// Around the vectors of 4 and the blocks of 16,384 in which Adam is computed.
for (const size of [1, 7, 11, 16_383, 16_385, 32_779])
  for (const kind of ['adam', 'adamw'] as const)
    test(`${kind}: ${size} parameters agree with the formula; their neighbours in memory stay`, () => {
      const around = Float32Array.from({ length: size + 6 }, (_, i) => Math.sin(i * 0.7))
      const data = around.subarray(3, 3 + size)
      const gradients = [1, 2, 3].map((k) =>
        Array.from({ length: size }, (_, i) => Math.cos(i * 1.3 * k) / k),
      )
      const expected = slowAdam([...data], gradients, 0.01, 0.1, kind === 'adamw')
      const before = around.slice()
      const optimizer = createOptimizer(
        { kind, beta2: 0.95, epsilon: 1e-6, weightDecay: 0.1 },
        new Map([['w', { data, shape: [size, 1] }]]),
      )
      for (const gradient of gradients) optimizer.step(new Map([['w', Float32Array.from(gradient)]]), 0.01)
      const error = maxAbsDifference(data, expected)
      assert.ok(error <= 1e-6, `differs by ${error}`)
      for (const i of [0, 1, 2, size + 3, size + 4, size + 5]) assert.equal(around[i], before[i])
    })

test('what has no gradient or is frozen stays, and its bias correction begins when it does', () => {
  const parameters = () =>
    new Map<string, Parameter>(
      ['a', 'b', 'c'].map((name) => [name, { data: Float32Array.of(1, 2), shape: [1, 2] }]),
    )
  const late = parameters()
  const optimizer = createOptimizer({ kind: 'adamw', rules: [{ match: 'c', frozen: true }] }, late)
  const one = Float32Array.of(0.5, -0.5)
  optimizer.step(new Map([['a', one], ['c', one]]), 0.1) // prettier-ignore
  assert.deepEqual([...late.get('b')!.data, ...late.get('c')!.data], [1, 2, 1, 2])
  optimizer.step(new Map([['b', one]]), 0.1)
  assert.deepEqual(late.get('b')!.data, late.get('a')!.data)
  assert.deepEqual([...optimizer.state().keys()].sort(), [
    'a/exp_avg',
    'a/exp_avg_sq',
    'a/step',
    'b/exp_avg',
    'b/exp_avg_sq',
    'b/step',
  ])
})

test('rules scale the learning rate', () => {
  const parameters = new Map<string, Parameter>([
    ['audio.w', { data: Float32Array.of(1), shape: [1] }],
    ['text.w', { data: Float32Array.of(1), shape: [1] }],
  ])
  const rules = [{ match: 'audio.*', learningRate: 0.5 }]
  const optimizer = createOptimizer({ kind: 'sgd', rules }, parameters)
  optimizer.step(new Map([...parameters.keys()].map((name) => [name, Float32Array.of(1)])), 0.25)
  assert.deepEqual([parameters.get('audio.w')!.data[0], parameters.get('text.w')!.data[0]], [0.875, 0.75])
})

test('wrong gradients and states are refused, and nothing is changed', () => {
  const parameters = startingParameters()
  const options: OptimizerOptions = { kind: 'adamw' }
  const optimizer = createOptimizer(options, parameters)
  const before = parameters.get('weight')!.data.slice()
  const usage = (message: RegExp) => (error: unknown) =>
    error instanceof AntiphonError && error.code === 'usage' && message.test(error.message)
  const weight = new Float32Array(15)
  assert.throws(
    () => optimizer.step(new Map([['weight', weight], ['wait', weight]]), 0.1), // prettier-ignore
    usage(/"wait", which is not a parameter/),
  )
  assert.throws(
    () => optimizer.step(new Map([['weight', new Float32Array(14)]]), 0.1),
    usage(/"weight" has 14 numbers, expected 15/),
  )
  assert.deepEqual(parameters.get('weight')!.data, before)
  optimizer.step(gradientsAt(0), 0.1)
  const state = optimizer.state()
  const loading = (change: (state: Map<string, Float32Array>) => void) => () => {
    const changed = new Map(state)
    change(changed)
    optimizer.load(changed)
  }
  assert.throws(
    loading((s) => s.delete('weight/exp_avg')),
    /no "weight\/exp_avg", expected 15/,
  )
  assert.throws(
    loading((s) => s.set('bias/exp_avg', weight)),
    /15 numbers of "bias\/exp_avg", expected 5/,
  )
  assert.throws(
    loading((s) => s.set('bias/momentum_buffer', weight)),
    /"bias\/momentum_buffer", which is not expected/,
  )
  assert.deepEqual(optimizer.state(), state)
})
