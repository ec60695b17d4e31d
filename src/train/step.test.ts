import assert from 'node:assert/strict'
import { test } from 'node:test'
import { relativeDifference } from '../../test/golden.js'
import { linear, tanh, type OnnxRuntime } from '../graph/index.js'
import { nodeRuntime } from '../graph/node.js'
import type { Scope } from '../model/index.js'
import { Random } from '../random/index.js'
import { cachedStep } from './cached-step.js'
import type { Parameter } from './optimizer/optimizer.js'
import { parseRecipe } from './recipe-file.js'
import type { Side } from './sides.js'
import { wholeStep, type StepDesign, type StepFeeds, type StepInputs, type TrainingStep } from './step.js'

const PAIRS = 12
const DIM = 5

/** A linear layer, or with batch norm and dropout. */
function side(name: 'audio' | 'text', width: number, { noisy = false } = {}): Side {
  return {
    name,
    inputs: [{ name: `${name}_rows`, shape: [width], dtype: 'float32' }],
    embed([x], scope) {
      let y = tanh(layer(x, scope, 'in', 7))
      if (noisy) y = scope.dropout(scope.batchNorm(y, 'norm'), 0.3)
      return layer(y, scope, 'out', DIM)
    },
  }
}

function layer(x: import('../graph/index.js').Tensor, scope: Scope, name: string, out: number) {
  const weight = scope.parameter(`${name}.weight`, [out, x.shape[1] as number])
  return linear(x, weight, scope.parameter(`${name}.bias`, [out]))
}

const recipe = (more = '') =>
  parseRecipe(
    `{ name: test, audio: { encoder: none }, text: { encoder: none, tokenizer: none }, projection: { dim: ${DIM} }, ${more} }`,
  )

function design(
  more = '',
  options: { noisy?: boolean; texts?: number; hardTexts?: number } = {},
): StepDesign {
  const { texts = PAIRS, hardTexts = 0 } = options
  return {
    recipe: recipe(more),
    audio: side('audio', 9, options),
    text: side('text', 6, options),
    counts: { audio: PAIRS, texts, hardTexts },
    frozen: () => false,
  }
}

function numbers(length: number, seed: string): Float32Array {
  const random = new Random(seed)
  return Float32Array.from({ length }, () => random.gauss())
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

/** Rows in `chunks` parts; the hard texts of a part stand behind its texts. */
function inputs({ counts }: StepDesign, chunks = 1, extra: StepFeeds = {}): StepInputs {
  const widths = { audio: 9, text: 6 }
  const blocks = { audio: [counts.audio], text: [counts.texts, counts.hardTexts] }
  return {
    rows(name, { chunk }) {
      const width = widths[name]
      let start = 0
      const parts = blocks[name].flatMap((block) => {
        const all = numbers(counts.audio * 99, name).subarray(start * width)
        const size = (block / chunks) * width
        start += block
        return [...all.subarray(chunk * size, (chunk + 1) * size)]
      })
      return {
        [`${name}_rows`]: { data: Float32Array.from(parts), shape: [parts.length / width, width] },
      }
    },
    extra: () => extra,
  }
}

async function compare(runtime: OnnxRuntime, whole: StepDesign, chunk: number, extra?: StepFeeds) {
  const [one, many] = [await wholeStep(runtime, whole), await cachedStep(runtime, whole, { chunk })]
  const parameters = firstValues(one)
  assert.deepEqual([...many.parameters.keys()].sort(), [...parameters.keys()].sort())
  const expected = await one.run(parameters, inputs(whole, 1, extra), 'seed')
  const found = await many.run(parameters, inputs(whole, PAIRS / chunk, extra), 'seed')
  await one.close()
  await many.close()
  return { expected, found }
}

for (const [kind, more, options] of [
  ['info_nce', '', {}],
  ['siglip', '', {}],
  ['dcl', '', {}],
  ['nt_xent', '', {}],
  ['multi_positive', '', { texts: 2 * PAIRS }],
  ['text_swap', '', { hardTexts: PAIRS }],
  ['triplet', 'negatives: { kind: semi_hard }', {}],
] as const)
  test(`gradient caching gives the gradients of the whole batch: ${kind}`, async () => {
    const runtime = await nodeRuntime()
    const whole = design(`loss: { kind: ${kind} }${more && `, ${more}`}`, options)
    for (const chunk of [3, 4, 12]) {
      const { expected, found } = await compare(runtime, whole, chunk)
      for (const name of ['loss', 'positive', 'negative'] as const)
        assert.ok(Math.abs(found[name] - expected[name]) < 1e-5, `${name} ${found[name]} ${expected[name]}`)
      assert.deepEqual([...found.gradients.keys()].sort(), [...expected.gradients.keys()].sort())
      for (const [name, gradient] of expected.gradients) {
        const error = relativeDifference(found.gradients.get(name)!, gradient)
        assert.ok(error < 1e-5, `${name} differs by ${error} in chunks of ${chunk}`)
      }
    }
  })

test('what the loss asks for beside the vectors reaches it, in chunks too', async () => {
  const runtime = await nodeRuntime()
  const content = numbers(PAIRS * PAIRS, 'content').map((x) => Math.abs(x))
  const uniform = numbers(2 * PAIRS, 'uniform').map((x) => Math.abs(x) % 1)
  for (const [more, extra] of [
    ['loss: { kind: muscall }', { content }],
    ['loss: { kind: triplet }', { uniform }],
    ['loss: { kind: triplet }, negatives: { kind: random }', { uniform }],
  ] as const) {
    const { expected, found } = await compare(runtime, design(more), 4, extra)
    assert.ok(expected.loss > 0)
    assert.ok(Math.abs(found.loss - expected.loss) < 1e-5)
  }
})

test('with one chunk, batch norm and dropout are those of the whole batch; with several, each step replays', async () => {
  const runtime = await nodeRuntime()
  const noisy = design('', { noisy: true })
  const one = await wholeStep(runtime, noisy)
  const parameters = firstValues(one)
  const [first, again, other] = [
    await one.run(parameters, inputs(noisy), 'a'),
    await one.run(parameters, inputs(noisy), 'a'),
    await one.run(parameters, inputs(noisy), 'b'),
  ]
  await one.close()
  assert.equal(first.loss, again.loss)
  assert.notEqual(first.loss, other.loss)
  const cached = await cachedStep(runtime, noisy, { chunk: 4 })
  const found = await cached.run(parameters, inputs(noisy, 3), 'a')
  const repeated = await cached.run(parameters, inputs(noisy, 3), 'a')
  assert.deepEqual(found, repeated)
  // The slope along a direction is what the loss does along it: both passes drop the same.
  const name = 'audio.in.weight'
  const { data } = parameters.get(name)!
  const direction = numbers(data.length, 'direction')
  const lossAt = async (distance: number): Promise<number> => {
    const moved = new Map(parameters)
    const values = data.map((value, i) => value + distance * direction[i])
    moved.set(name, { data: values, shape: parameters.get(name)!.shape })
    return (await cached.run(moved, inputs(noisy, 3), 'a')).loss
  }
  const measured = ((await lossAt(3e-4)) - (await lossAt(-3e-4))) / 6e-4
  const slope = found.gradients.get(name)!.reduce((sum, value, i) => sum + value * direction[i], 0)
  assert.ok(Math.abs(measured - slope) < 1e-2 * Math.max(1, Math.abs(slope)), `${measured} ${slope}`)
  // Running statistics go through all chunks: three updates of momentum 0.1 from a variance of 1.
  const variance = found.statistics.get('audio.norm.running_var')!
  assert.ok(variance.every((value) => value > 0.72 && value < 1.3))
  assert.notDeepEqual(variance, first.statistics.get('audio.norm.running_var'))
  await cached.close()
})

test('a batch that is not made of whole chunks is refused', async () => {
  const runtime = await nodeRuntime()
  await assert.rejects(cachedStep(runtime, design(), { chunk: 5 }), {
    code: 'usage',
    message: /A batch of 12 pairs .* chunks of 5/,
  })
})

test('what is frozen has no gradient', async () => {
  const runtime = await nodeRuntime()
  const step = await wholeStep(runtime, { ...design(), frozen: (name) => name.startsWith('text.') })
  const { gradients } = await step.run(firstValues(step), inputs(design()), '')
  assert.deepEqual(
    [...gradients.keys()].filter((name) => name.startsWith('text.')),
    [],
  )
  assert.ok(gradients.has('audio.in.weight') && gradients.has('log_scale'))
  await step.close()
})
