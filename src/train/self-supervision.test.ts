import assert from 'node:assert/strict'
import { test } from 'node:test'
import { relativeDifference } from '../../test/golden.js'
import * as formulas from '../../test/loss-formulas.js'
import { l2Normalize, linear, tanh, type OnnxRuntime } from '../graph/index.js'
import { nodeRuntime } from '../graph/node.js'
import type { AudioEncoder } from '../model/index.js'
import { Random } from '../random/index.js'
import { cachedStep } from './cached-step.js'
import type { Parameter } from './optimizer/optimizer.js'
import { parseRecipe } from './recipe-file.js'
import { trainedAudioSide } from './self-supervision.js'
import type { Side } from './sides.js'
import { wholeStep, type StepDesign, type StepInputs, type TrainingStep } from './step.js'

const PAIRS = 12
const FEATURES = 7
const WIDTH = 5
const DIM = 3

/** A linear layer and tanh; the features are the waveform. */
const ENCODER: AudioEncoder = {
  width: WIDTH,
  sampleRate: 1,
  features: (waveform) => waveform,
  encode: (x, scope) => tanh(linear(x, scope.parameter('in.weight', [WIDTH, FEATURES]))),
}

/** A matrix. */
const TEXT: Side = {
  name: 'text',
  inputs: [{ name: 'words', shape: [DIM], dtype: 'float32' }],
  embed: ([x], scope) => l2Normalize(linear(x, scope.parameter('out.weight', [DIM, DIM]))),
}

function design(loss: string): StepDesign {
  const recipe = parseRecipe(
    `{ name: test, audio: { encoder: none }, text: { encoder: none, tokenizer: none },
       projection: { dim: ${DIM}, layers: 1 }, loss: ${loss} }`,
  )
  return {
    recipe,
    audio: trainedAudioSide({ encoder: ENCODER, featureShape: [FEATURES], recipe }),
    text: TEXT,
    counts: { audio: PAIRS, texts: PAIRS, hardTexts: 0 },
    frozen: () => false,
  }
}

function numbers(length: number, seed: string): Float32Array {
  const random = new Random(seed)
  return Float32Array.from({ length }, () => random.gauss())
}

/** Rows of a chunk: each view has numbers of its own. */
function inputs({ audio, recipe }: StepDesign, chunks = 1): StepInputs {
  const content = numbers(PAIRS * PAIRS, 'content').map(Math.abs)
  return {
    rows(side, { chunk }) {
      const rows = PAIRS / chunks
      const wanted = side === 'audio' ? audio.inputs : TEXT.inputs
      return Object.fromEntries(
        wanted.map(({ name, shape }) => {
          const width = shape[0] as number
          const all = numbers(PAIRS * width, name)
          return [
            name,
            { data: all.slice(chunk * rows * width, (chunk + 1) * rows * width), shape: [rows, width] },
          ]
        }),
      )
    },
    ...(recipe.loss.kind === 'muscall' && { extra: () => ({ content }) }),
  }
}

function firstValues({ parameters }: TrainingStep): Map<string, Parameter> {
  return new Map(
    [...parameters].map(([name, { tensor, init }]) => {
      const random = new Random(name)
      const shape = tensor.shape as number[]
      return [name, { data: init(shape, () => random.next()), shape }]
    }),
  )
}

type Matrix = formulas.Doubles[string]

/** x [n, k] times w [m, k], transposed. */
function times(x: Matrix, w: Matrix, finish: (value: number) => number = (value) => value): Matrix {
  const [[n, k], [m]] = [x.shape, w.shape]
  const data = new Float64Array(n * m)
  for (let i = 0; i < n; i++)
    for (let j = 0; j < m; j++) {
      let sum = 0
      for (let l = 0; l < k; l++) sum += x.data[i * k + l] * w.data[j * k + l]
      data[i * m + j] = finish(sum)
    }
  return { data, shape: [n, m] }
}

/** The whole of it in plain loops and double precision: (1 - weight) InfoNCE + weight NT-Xent. */
const total =
  (weight: number, temperature: number) =>
  (x: formulas.Doubles): number => {
    const [first, second] = [x.features, x.second_features].map((view) =>
      times(view, x['audio.in.weight'], Math.tanh),
    )
    const joint = times(first, x['audio.projection.0.weight'])
    const text = times(x.words, x['text.out.weight'])
    const head = (outputs: Matrix): Matrix =>
      times(
        times(outputs, x['audio.self_supervision.0.weight'], (value) => Math.max(0, value)),
        x['audio.self_supervision.1.weight'],
      )
    const main = formulas.infoNce('both')({ audio: joint, text, log_scale: x.log_scale })
    const own = formulas.ntXent({
      first: head(first),
      second: head(second),
      log_scale: { data: Float64Array.of(-Math.log(temperature)), shape: [] },
    })
    return (1 - weight) * main + weight * own
  }

async function run(runtime: OnnxRuntime, of: StepDesign) {
  const step = await wholeStep(runtime, of)
  const parameters = firstValues(step)
  // So that the formula is short.
  parameters.get('audio.projection.0.bias')!.data.fill(0)
  const result = await step.run(parameters, inputs(of), '')
  await step.close()
  return { parameters, result }
}

test('the loss and its slopes are those of the formula', async () => {
  const runtime = await nodeRuntime()
  const of = design('{ self_supervision: { weight: 0.4, temperature: 0.2, dim: 6, hidden: 9 } }')
  const { parameters, result } = await run(runtime, of)
  const read = inputs(of)
  const whole = { chunk: 0, pass: 0 }
  const fed = { ...(await read.rows('audio', whole)), ...(await read.rows('text', whole)) }
  const doubles = formulas.doubles({
    ...Object.fromEntries(parameters),
    ...(fed as Record<string, Parameter>),
  })
  const formula = total(0.4, 0.2)
  assert.ok(Math.abs(result.loss - formula(doubles)) < 1e-5 * formula(doubles))
  for (const name of [
    'audio.self_supervision.0.weight',
    'audio.self_supervision.1.weight',
    'audio.in.weight',
    'audio.projection.0.weight',
    'log_scale',
  ]) {
    const expected = formulas.differences(formula, doubles, name)
    const error = relativeDifference(result.gradients.get(name)!, expected)
    assert.ok(error < 1e-4, `${name} differs by ${error}`)
  }
  assert.deepEqual(parameters.get('audio.self_supervision.0.weight')!.shape, [9, WIDTH])
  assert.deepEqual(parameters.get('audio.self_supervision.1.weight')!.shape, [6, 9])
})

for (const kind of ['info_nce', 'muscall'])
  test(`gradient caching gives the same beside ${kind}: views of all chunks meet`, async () => {
    const runtime = await nodeRuntime()
    const of = design(`{ kind: ${kind}, self_supervision: { dim: 4 } }`)
    const { parameters, result: expected } = await run(runtime, of)
    for (const chunk of [3, 4]) {
      const step = await cachedStep(runtime, of, { chunk })
      const found = await step.run(parameters, inputs(of, PAIRS / chunk), '')
      await step.close()
      assert.ok(Math.abs(found.loss - expected.loss) < 1e-5)
      assert.ok(Math.abs(found.positive - expected.positive) < 1e-5)
      assert.deepEqual([...found.gradients.keys()].sort(), [...expected.gradients.keys()].sort())
      for (const [name, gradient] of expected.gradients) {
        const error = relativeDifference(found.gradients.get(name)!, gradient)
        assert.ok(error < 1e-5, `${name} differs by ${error} in chunks of ${chunk}`)
      }
    }
  })

test('without self-supervision a side has one view, and no head', async () => {
  const of = design('{ kind: info_nce }')
  assert.deepEqual(
    of.audio.inputs.map(({ name }) => name),
    ['features'],
  )
  const step = await wholeStep(await nodeRuntime(), of)
  assert.ok([...step.parameters.keys()].every((name) => !name.includes('self_supervision')))
  await step.close()
})
