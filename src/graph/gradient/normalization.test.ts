import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import * as fc from 'fast-check'
import {
  checkTrials,
  numbers,
  positive,
  triedOperators,
  type Draw,
  type Inputs,
} from '../../../test/gradient-check.js'
import * as g from '../index.js'
import { NORMALIZATION_RULES } from './normalization.js'

const sizes = fc.constantFrom(1, 2, 3, 7, 11)
const channels = fc.constantFrom(1, 3, 7)

/** [batch, channels, …] with at least two values a channel, far enough apart for their deviation not to be tiny. */
const images = fc
  .record({
    batch: fc.constantFrom(2, 3, 7),
    channels,
    area: fc.array(fc.constantFrom(2, 3, 7), { maxLength: 2 }),
  })
  .map(({ batch, channels, area }) => [batch, channels, ...area])

test('the gradients of layer normalisation over one to three axes', async () => {
  const cases = fc.record({
    leading: fc.array(sizes, { maxLength: 2 }),
    axes: fc.array(fc.constantFrom(2, 3, 7), { minLength: 1, maxLength: 3 }),
  })
  await checkTrials(
    cases,
    ({ leading, axes }, random) => ({
      inputs: {
        x: numbers([...leading, ...axes], random),
        weight: numbers(axes, random),
        bias: numbers(axes, random),
      },
      // An epsilon that counts: the smaller a deviation, the less single precision says of it.
      build: ({ x, weight, bias }: Inputs) => g.layerNorm(x, weight, bias, { epsilon: 0.1 }),
    }),
    25,
  )
})

test('the gradients of group and instance normalisation', async () => {
  await checkTrials(
    fc.tuple(images, fc.constantFrom(1, 2, 3)),
    ([[batch, perGroup, ...area], groups], random) => {
      const width = perGroup * groups
      return {
        inputs: {
          x: numbers([batch, width, ...(area.length > 0 ? area : [3])], random),
          weight: numbers([width], random),
          bias: numbers([width], random),
        },
        build: ({ x, weight, bias }: Inputs) => g.groupNorm(x, weight, bias, { groups, epsilon: 0.1 }),
      }
    },
    15,
  )
})

const batchNormInputs = ([batch, width, ...area]: number[], random: () => number) => ({
  x: numbers([batch, width, ...area], random),
  weight: numbers([width], random),
  bias: numbers([width], random),
  mean: numbers([width], random),
  variance: positive([width], random),
})

test('the gradients of batch normalisation with running statistics, and to these', async () => {
  await checkTrials(
    images,
    (shape, random) => ({
      inputs: batchNormInputs(shape, random),
      build: ({ x, ...weights }: Inputs) =>
        g.batchNorm(x, weights as unknown as g.BatchNormWeights, { epsilon: 0.01 }),
    }),
    15,
  )
})

test('the gradients of batch normalisation with the statistics of the batch', async () => {
  await checkTrials(
    images,
    (shape, random) => ({
      inputs: batchNormInputs(shape, random),
      build: ({ x, ...weights }: Inputs) => {
        const names = weights as unknown as g.BatchNormWeights
        return g.batchNormTraining(g.square(x), names, { epsilon: 0.1 }).output
      },
    }),
    20,
  )
})

test('the gradients of new running statistics', async () => {
  await checkTrials(
    images,
    (shape, random) => ({
      inputs: batchNormInputs(shape, random),
      build: ({ x, ...weights }: Inputs) => {
        const names = weights as unknown as g.BatchNormWeights
        const { output, mean, variance } = g.batchNormTraining(x, names, { epsilon: 0.1, momentum: 0.3 })
        const total = g.sum(output, { axis: shape.map((_, i) => i).filter((i) => i !== 1) })
        return g.stack([g.mul(total, mean), variance], { axis: 0 })
      },
    }),
    10,
  )
})

const constant: Draw = (shape) => ({
  shape,
  data: new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(2),
})

test('the gradients where nothing deviates from the mean', async () => {
  await checkTrials(
    images,
    ([batch, width, ...area], random) => ({
      inputs: {
        x: constant([batch, width, ...area, 7], random),
        weight: numbers([7], random),
        bias: numbers([7], random),
      },
      build: ({ x, weight, bias }: Inputs) => g.layerNorm(x, weight, bias, { epsilon: 0.1 }),
    }),
    5,
  )
})

after(() => {
  const rules = Object.keys(NORMALIZATION_RULES)
  assert.deepEqual(
    rules.filter((rule) => !triedOperators.has(rule)),
    [],
    'rules that no trial reached',
  )
})
