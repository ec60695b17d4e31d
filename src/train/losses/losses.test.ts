import assert from 'node:assert/strict'
import { test } from 'node:test'
import { golden, relativeDifference } from '../../../test/golden.js'
import {
  compile,
  exp,
  Graph,
  gradients,
  l2Normalize,
  matmul,
  transpose,
  type NumericArray,
  type Tensor,
  type Value,
} from '../../graph/index.js'
import { nodeRuntime } from '../../graph/node.js'
import {
  clampLogScale,
  contentWeights,
  decoupledContrastive,
  distanceProbabilities,
  infoNce,
  MAX_LOG_SCALE,
  minedTriplet,
  multiPositive,
  ntXent,
  regression,
  sigmoidLoss,
  triplet,
  type Direction,
} from '../index.js'
import * as formulas from '../../../test/loss-formulas.js'

type Inputs = Readonly<Record<string, Tensor>>
type Loss = (x: Inputs) => Tensor

const TOLERANCE = 1e-5 // relative, of the goldens' README; PyTorch's float32 differs by up to 7e-7
const FIXED = new Set(['similarity', 'uniform', 'track'])
const DIRECTIONS: Record<string, Direction> = {
  audio_to_text: 'audio-to-text',
  text_to_audio: 'text-to-audio',
  symmetric: 'symmetric',
}

/** A golden's or an oracle's loss, of vectors before they are normalised, said with the library. */
function lossOf(name: string): Loss {
  const [kind, variant] = name.split('/')
  const margin = Number(/^delta(.*)$/.exec(variant ?? '')?.[1])
  const direction = DIRECTIONS[variant]
  const on =
    (build: (u: Inputs, x: Inputs, scale: Tensor) => Tensor): Loss =>
    (x) => {
      const units = Object.fromEntries(
        Object.entries(x).map(([key, value]) => [
          key,
          value.rank === 2 && !FIXED.has(key) ? l2Normalize(value) : value,
        ]),
      )
      return build(units, x, x.log_scale && exp(x.log_scale))
    }
  switch (kind) {
    case 'triplet_given_text':
      return on(({ audio, text, negative }) => triplet(audio, text, { margin, negativeText: negative }))
    case 'triplet_given_both':
      return on(({ audio, text, negative_text: negativeText, negative_audio: negativeAudio }) =>
        triplet(audio, text, { margin, negativeText, negativeAudio }),
      )
    case 'triplet_hardest':
      return on(({ audio, text }) => minedTriplet(audio, text, { margin, negatives: 'hardest' }))
    case 'triplet_semi_hard':
      return on(({ audio, text }) => minedTriplet(audio, text, { margin, negatives: 'semi-hard' }))
    case 'triplet_distance_weighted':
    case 'triplet_random': {
      const negatives = kind === 'triplet_random' ? 'random' : 'distance-weighted'
      return on(({ audio, text, uniform }) =>
        minedTriplet(audio, text, { margin, negatives, uniform, direction: 'audio-to-text' }),
      )
    }
    case 'info_nce':
      return on(({ audio, text }, _, scale) => infoNce(audio, text, scale, { direction }))
    case 'dcl':
      return on(({ audio, text }, _, scale) => decoupledContrastive(audio, text, scale, { direction }))
    case 'regression':
      return on(({ audio, text }) => regression(audio, text))
    case 'siglip':
      return on(({ audio, text, bias }, _, scale) => sigmoidLoss(audio, text, scale, bias))
    case 'nt_xent':
      return on(({ first, second }, _, scale) => ntXent(first, second, scale))
    case 'muscall_weighted':
      return on(({ audio, text }, { similarity }, scale) =>
        infoNce(audio, text, scale, { weights: contentWeights(similarity) }),
      )
    case 'text_swap':
      return on(({ audio, text, hard }, _, scale) => infoNce(audio, text, scale, { hardTexts: hard }))
    case 'multi_positive':
      return on(({ audio, caption }, { track }, scale) => multiPositive(audio, caption, scale, track))
  }
  throw new Error(`No loss for "${name}"`)
}

/** Compiles the loss with its gradients to all inputs but the fixed ones, and runs it once. */
async function run(loss: Loss, feeds: Readonly<Record<string, Value>>) {
  const graph = new Graph()
  const inputs: Record<string, Tensor> = {}
  for (const [key, { shape }] of Object.entries(feeds))
    inputs[key] = graph.input(key, shape, key === 'track' ? 'int32' : 'float32')
  const outputs: Record<string, Tensor> = { loss: loss(inputs) }
  const learnt = Object.keys(feeds).filter((key) => !FIXED.has(key))
  const slopes = gradients(
    outputs.loss,
    learnt.map((key) => inputs[key]),
  )
  for (const [i, key] of learnt.entries()) outputs[`gradient.${key}`] = slopes[i]
  const program = await compile(await nodeRuntime(), { outputs })
  const results = await program.run(feeds)
  await program.close()
  return results
}

const reference = golden('losses')

for (const [name, { formula }] of Object.entries<{ formula: string }>(reference.json.cases))
  test(`${name}: loss and gradients as PyTorch gives them for ${formula}`, async () => {
    const feeds: Record<string, Value> = {}
    const expected = new Map<string, Float64Array>()
    for (const [key, { dtype, shape }] of reference.file.entries) {
      const parts = key.split('/')
      const what = parts.pop()!
      if (parts.join('/') !== name) continue
      const isInput = reference.has(`${name}/grad_${what}`) || FIXED.has(what)
      if (isInput) {
        const data = reference.tensor(key).data
        // Draws come in a row for each direction.
        if (what === 'uniform') feeds[what] = { data, shape: [1, ...shape] }
        else feeds[what] = { data: dtype === 'I32' ? Int32Array.from(data) : data, shape }
      } else if (what === 'loss') expected.set('loss', reference.doubles(key))
      else if (what.startsWith('grad_')) expected.set(`gradient.${what.slice(5)}`, reference.doubles(key))
    }
    assert.ok(expected.size >= 3, 'a loss and two gradients at least')
    const results = await run(lossOf(name), feeds)
    assert.deepEqual(results.loss.shape, [])
    for (const [key, values] of expected) {
      const error = relativeDifference(results[key].data as Float32Array, values)
      assert.ok(error <= TOLERANCE, `${key} differs by ${error}`)
    }
  })

const waves = (rows: number, width: number, seed: number): Value => ({
  data: Float32Array.from(
    { length: rows * width },
    (_, i) => Math.sin(i * 1.7 + seed) + 0.2 * Math.cos(i * i + seed),
  ),
  shape: [rows, width],
})
const absolute = (data: NumericArray): Float32Array => Float32Array.from(data as Float32Array, Math.abs)
const scalar = (value: number): Value => ({ data: Float32Array.of(value), shape: [] })
const draws = (count: number): Value => ({
  data: Float32Array.from({ length: count }, (_, i) =>
    i === 0 ? 0 : i === 1 ? 1 - 2 ** -24 : (i * 0.618) % 1,
  ),
  shape: [1, count],
})

/** Each loss against its formula in plain loops; gradients against differences of the formula. */
const ORACLES: Record<
  string,
  { formula: (x: formulas.Doubles) => number; more?: (n: number, width: number) => Record<string, Value> }
> = {
  'triplet_given_text/delta0.3': {
    formula: formulas.givenText(0.3),
    more: (n, width) => ({ negative: waves(n, width, 3) }),
  },
  'triplet_given_both/delta0.3': {
    formula: formulas.givenBoth(0.3),
    more: (n, width) => ({ negative_text: waves(n, width, 3), negative_audio: waves(n, width, 4) }),
  },
  'triplet_hardest/delta0.3': { formula: formulas.hardest(0.3) },
  'triplet_semi_hard/delta0.3': { formula: formulas.semiHard(0.3) },
  'triplet_random/delta0.3': { formula: formulas.random(0.3), more: (n) => ({ uniform: draws(n) }) },
  'triplet_distance_weighted/delta0.3': {
    formula: formulas.distanceWeighted(0.3),
    more: (n) => ({ uniform: draws(n) }),
  },
  'info_nce/symmetric': { formula: formulas.infoNce('both'), more: () => ({ log_scale: scalar(2.5) }) },
  'info_nce/audio_to_text': { formula: formulas.infoNce('rows'), more: () => ({ log_scale: scalar(4.6) }) },
  'dcl/symmetric': { formula: formulas.decoupled, more: () => ({ log_scale: scalar(2.5) }) },
  regression: { formula: formulas.regression },
  siglip: { formula: formulas.sigmoid, more: () => ({ log_scale: scalar(1.5), bias: scalar(-3) }) },
  muscall_weighted: {
    formula: formulas.weighted,
    more: (n) => ({
      log_scale: scalar(2),
      similarity: { data: absolute(waves(n, n, 5).data), shape: [n, n] },
    }),
  },
  text_swap: {
    formula: formulas.textSwap,
    more: (_, width) => ({ log_scale: scalar(2), hard: waves(5, width, 6) }),
  },
}

for (const [name, { formula, more }] of Object.entries(ORACLES))
  for (const [pairs, width] of [
    [11, 7],
    [2, 5],
  ])
    test(`${name}: ${pairs} pairs of width ${width} agree with the formula and its differences`, async () => {
      const feeds = { audio: waves(pairs, width, 1), text: waves(pairs, width, 2), ...more?.(pairs, width) }
      await agreesWithFormula(lossOf(name), formula, feeds)
    })

test('nt_xent: 11 things agree with the formula', async () => {
  const feeds = { first: waves(11, 7, 1), second: waves(11, 7, 2), log_scale: scalar(2) }
  await agreesWithFormula(lossOf('nt_xent'), formulas.ntXent, feeds)
})

test('multi_positive: captions in any order, tracks without any', async () => {
  const track = { data: Int32Array.of(10, 3, 3, 0, 7, 3, 0), shape: [7] }
  const feeds = { audio: waves(11, 5, 1), caption: waves(7, 5, 2), log_scale: scalar(2), track }
  await agreesWithFormula(lossOf('multi_positive'), formulas.multiPositive, feeds)
})

test('hopeless and perfect batches at the largest scale stay finite', async () => {
  const audio = waves(7, 11, 1)
  const opposite = { data: Float32Array.from(audio.data as Float32Array, (x) => -x), shape: audio.shape }
  for (const text of [audio, opposite])
    for (const name of [
      'info_nce/symmetric',
      'dcl/symmetric',
      'siglip',
      'triplet_semi_hard/delta0.3',
      'triplet_distance_weighted/delta0.3',
    ]) {
      const scale: Record<string, Value> = name.startsWith('triplet')
        ? {}
        : { log_scale: scalar(Math.log(100)) }
      const more: Record<string, Value> =
        name === 'siglip' ? { bias: scalar(-10) } : name.includes('distance') ? { uniform: draws(7) } : {}
      const results = await run(lossOf(name), { audio, text, ...scale, ...more })
      for (const [key, { data }] of Object.entries(results))
        assert.ok([...(data as Float32Array)].every(Number.isFinite), `${name}: ${key} is not finite`)
    }
})

async function agreesWithFormula(
  loss: Loss,
  formula: (x: formulas.Doubles) => number,
  feeds: Record<string, Value>,
) {
  const results = await run(loss, feeds)
  const doubles = formulas.doubles(feeds)
  assert.ok(relativeDifference(results.loss.data as Float32Array, [formula(doubles)]) <= TOLERANCE, 'loss')
  for (const key of Object.keys(feeds).filter((key) => !FIXED.has(key))) {
    const expected = formulas.differences(formula, doubles, key)
    const error = relativeDifference(results[`gradient.${key}`].data as Float32Array, expected)
    assert.ok(error <= TOLERANCE, `gradient of ${key} differs by ${error}`)
  }
}

test("distance-weighted sampling has the reference's probabilities", async () => {
  const name = 'triplet_distance_weighted/delta0.4'
  const graph = new Graph()
  const [a, t] = ['audio', 'text'].map((key) => l2Normalize(graph.input(key, [7, 11])))
  const outputs = { probability: distanceProbabilities(matmul(a, transpose(t)), { width: 11 }) }
  const program = await compile(await nodeRuntime(), { outputs })
  const { probability } = await program.run({
    audio: reference.tensor(`${name}/audio`).data,
    text: reference.tensor(`${name}/text`).data,
  })
  const expected = reference.doubles(`${name}/probability`)
  assert.ok(relativeDifference(probability.data as Float32Array, expected) <= TOLERANCE)
})

test('matrices that do not fit are refused where they are given', async () => {
  const graph = new Graph()
  const of = (name: string, ...shape: number[]) => graph.input(name, shape)
  const [a, t, wide, one, scale] = [of('a', 7, 5), of('t', 7, 5), of('w', 7, 6), of('o', 1, 5), of('s')]
  const cases: [() => unknown, RegExp][] = [
    [() => infoNce(a, wide, scale), /infoNce: \[7, 5\] and \[7, 6\] are not pairs of vectors/],
    [() => sigmoidLoss(one, one, scale, scale), /has 1 pair, to tell it from others needs 2/],
    [() => infoNce(a, t, scale, { weights: of('n', 6) }), /weights \[6\] are not one number for each of 7/],
    [() => infoNce(a, t, scale, { hardTexts: wide }), /hard texts \[7, 6\] are not vectors like/],
    [
      () => infoNce(a, t, scale, { hardTexts: t, direction: 'text-to-audio' }),
      /the direction text-to-audio has no place/,
    ],
    [() => triplet(a, t, {}), /needs negative texts or negative audio/],
    [
      () => minedTriplet(a, t, { negatives: 'random', uniform: of('u', 1, 7) }),
      /uniform \[1, 7\] is not \[2, 7\]/,
    ],
    [() => multiPositive(a, t, scale, of('k', 7)), /track \[7\] is not an int32 for each of 7 captions/],
  ]
  for (const [build, message] of cases) assert.throws(build, { code: 'shape', message })
})

test('the temperature stops at 1/100', () => {
  const logScale = Float32Array.of(4.7, 4.6, -1)
  clampLogScale(logScale)
  assert.deepEqual(logScale, Float32Array.of(MAX_LOG_SCALE, 4.6, -1))
})
