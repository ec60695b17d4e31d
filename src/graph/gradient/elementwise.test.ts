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
import { ACTIVATION_RULES } from './activation.js'
import { ELEMENTWISE_RULES } from './elementwise.js'

const sizes = fc.constantFrom(1, 2, 3, 7, 11)
const shapes = fc.array(sizes, { minLength: 0, maxLength: 3 })

async function tryOn(
  inputs: Readonly<Record<string, Draw>>,
  shapesOf: fc.Arbitrary<Record<string, number[]>>,
  build: (inputs: any) => g.Tensor,
  runs = 6,
) {
  await checkTrials(
    shapesOf,
    (shape, random) => {
      const fed = Object.entries(inputs).map(([name, draw]) => [name, draw(shape[name], random)])
      return { inputs: Object.fromEntries(fed), build }
    },
    runs,
  )
}

const ofOne: Record<string, [Draw, (x: g.Tensor) => g.Tensor]> = {
  neg: [numbers, g.neg],
  abs: [numbers, g.abs],
  exp: [numbers, g.exp],
  log: [positive, g.log],
  sqrt: [positive, g.sqrt],
  square: [numbers, g.square],
  erf: [numbers, g.erf],
  sin: [numbers, g.sin],
  cos: [numbers, g.cos],
  clip: [numbers, (x) => g.clip(x, { min: -0.5, max: 0.75 })],
  'clip above': [numbers, (x) => g.clip(x, { max: 0.25 })],
  'clip below': [numbers, (x) => g.clip(x, { min: 0.25 })],
  'no clip': [numbers, (x) => g.clip(x, {})],
  'power 2': [numbers, (x) => g.pow(x, 2)],
  'power 3': [numbers, (x) => g.pow(x, 3)],
  'power 0': [numbers, (x) => g.pow(x, 0)],
  'power -1.5': [positive, (x) => g.pow(x, -1.5)],
  'to the power': [numbers, (x) => g.pow(1.7, x)],
  'steps between': [numbers, (x) => g.mul(g.floor(x), x)],
  'sign between': [numbers, (x) => g.mul(g.sign(x), g.square(x))],
  'integers between': [numbers, (x) => g.mul(g.cast(g.cast(g.mul(x, 7), 'int32'), 'float32'), x)],
  'used four times': [numbers, (x) => g.sub(g.mul(x, g.exp(x)), g.div(x, g.add(g.square(x), x.rank + 1)))],
  relu: [numbers, g.relu],
  'leaky relu': [numbers, (x) => g.leakyRelu(x, { slope: 0.3 })],
  sigmoid: [numbers, g.sigmoid],
  'log sigmoid': [numbers, g.logSigmoid],
  tanh: [numbers, g.tanh],
  softplus: [numbers, g.softplus],
  silu: [numbers, g.silu],
  gelu: [numbers, (x) => g.gelu(g.mul(x, 2))],
  'gelu by tanh': [numbers, (x) => g.gelu(g.mul(x, 2), 'tanh')],
  'quick gelu': [numbers, (x) => g.gelu(x, 'quick')],
}

for (const [name, [draw, build]] of Object.entries(ofOne))
  test(`the gradient of ${name}`, async () => {
    await tryOn(
      { x: draw },
      shapes.map((x) => ({ x })),
      ({ x }: Inputs) => build(x),
    )
  })

for (const [name, build] of Object.entries({ softmax: g.softmax, 'log softmax': g.logSoftmax }))
  test(`the gradient of ${name} along any axis`, async () => {
    for (const axis of [0, 1, -1])
      await tryOn(
        { x: numbers },
        fc.array(sizes, { minLength: 2, maxLength: 3 }).map((x) => ({ x })),
        ({ x }: Inputs) => build(g.mul(x, 3), { axis }),
        3,
      )
  })

/** Operands that broadcast against each other: axes of length 1, and missing leading ones. */
const pairs = fc.array(sizes, { minLength: 1, maxLength: 4 }).chain((shape) => {
  const ones = fc.array(fc.boolean(), { minLength: shape.length, maxLength: shape.length })
  const operand = fc
    .tuple(fc.nat(shape.length), ones)
    .map(([cut, one]) => shape.map((d, i) => (one[i] ? 1 : d)).slice(cut))
  return fc.record({ a: operand, b: operand, c: operand })
})

/** Never equal to a number of `numbers`. */
const between: Draw = (shape, random) => numbers(shape, random, { offset: 0.5 })

const ofTwo: Record<string, [Draw, Draw, (a: g.Tensor, b: g.Tensor) => g.Tensor]> = {
  add: [numbers, numbers, g.add],
  sub: [numbers, numbers, g.sub],
  mul: [numbers, numbers, g.mul],
  div: [numbers, positive, g.div],
  pow: [positive, numbers, g.pow],
  maximum: [numbers, between, g.maximum],
  minimum: [numbers, between, g.minimum],
  where: [numbers, between, (a, b) => g.where(g.and(g.less(a, b), g.not(g.greaterOrEqual(a, 1))), a, b)],
  'a sum with itself': [numbers, numbers, (a, b) => g.mul(g.add(a, a), g.sub(b, g.mul(a, b)))],
}

for (const [name, [first, second, build]] of Object.entries(ofTwo))
  test(`the gradient of ${name}, broadcasting`, async () => {
    await tryOn({ a: first, b: second }, pairs, ({ a, b }: Inputs) => build(a, b), 12)
  })

test('the gradient of where, its condition broadcasting too', async () => {
  await tryOn(
    { a: numbers, b: numbers, c: numbers },
    pairs,
    ({ a, b, c }: Inputs) => g.where(g.or(g.greater(c, 0.5), g.lessOrEqual(c, -0.5)), a, g.square(b)),
    12,
  )
})

test('sums over many rows, blocks of 64 of them, and over wide ones', async () => {
  for (const [a, b] of [
    [[4, 64, 3], [3]],
    [
      [320, 7],
      [1, 7],
    ],
    [
      [256, 2],
      [1, 1],
    ],
    [[257, 3], [3]],
    [[256], []],
    [[7, 300], [300]],
    [[3, 5, 257], [257]],
  ])
    await tryOn({ a: numbers, b: numbers }, fc.constant({ a, b }), ({ a, b }: Inputs) => g.mul(a, b), 1)
})

after(() => {
  const rules = Object.keys({ ...ELEMENTWISE_RULES, ...ACTIVATION_RULES })
  assert.deepEqual(
    rules.filter((rule) => !triedOperators.has(rule)),
    [],
    'rules that no trial reached',
  )
})
