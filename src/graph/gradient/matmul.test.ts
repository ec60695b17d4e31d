import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import * as fc from 'fast-check'
import {
  checkTrials,
  numbers,
  triedOperators,
  whole,
  type Fed,
  type Inputs,
} from '../../../test/gradient-check.js'
import * as g from '../index.js'
import { MATMUL_RULES } from './matmul.js'

const sizes = fc.constantFrom(1, 2, 3, 7, 11)

/** Leading axes of two operands that broadcast: some of length 1, some missing, none at all. */
const stacks = fc.array(sizes, { maxLength: 2 }).chain((shape) => {
  const ones = fc.array(fc.boolean(), { minLength: shape.length, maxLength: shape.length })
  const operand = fc
    .tuple(fc.nat(shape.length), ones)
    .map(([cut, one]) => shape.map((d, i) => (one[i] ? 1 : d)).slice(cut))
  return fc.record({ a: operand, b: operand })
})
const products = fc.record({ stack: stacks, rows: sizes, inner: sizes, columns: sizes })

test('the gradients of products of stacks that broadcast', async () => {
  await checkTrials(
    products,
    ({ stack, rows, inner, columns }, random) => ({
      inputs: {
        a: numbers([...stack.a, rows, inner], random),
        b: numbers([...stack.b, inner, columns], random),
      },
      build: ({ a, b }: Inputs) => g.matmul(a, b),
    }),
    40,
  )
})

test('the gradients of a stack times one matrix, and of one matrix times a stack', async () => {
  await checkTrials(
    products,
    ({ stack, rows, inner, columns }, random) => ({
      inputs: {
        a: numbers([3, ...stack.a, rows, inner], random),
        b: numbers([inner, columns], random),
        c: numbers([rows, rows], random),
      },
      build: ({ a, b, c }: Inputs) => g.matmul(c, g.matmul(a, b)),
    }),
    15,
  )
})

test('the gradients of products with scales, transposed operands and itself', async () => {
  await checkTrials(
    products,
    ({ stack, rows, inner, columns }, random) => ({
      inputs: {
        a: numbers([...stack.a, rows, inner], random),
        b: numbers([...stack.a, columns, inner], random),
      },
      build: ({ a, b }: Inputs) => {
        const scores = g.mul(g.matmul(g.mul(a, 0.7), g.transpose(b)), 0.3)
        return g.matmul(g.matmul(scores, g.transpose(scores)), g.mul(scores, scores))
      },
    }),
    15,
  )
})

/** Everything that Gemm can: the layers here ask for a part of it. */
test('the gradients of op(a) op(b) + c, each transposed or not, c in any shape that broadcasts', async () => {
  const cases = fc.record({
    rows: sizes,
    inner: sizes,
    columns: sizes,
    transA: fc.boolean(),
    transB: fc.boolean(),
    bias: fc.constantFrom('none', 'number', 'vector', 'row', 'column', 'matrix'),
  })
  await checkTrials(
    cases,
    ({ rows, inner, columns, transA, transB, bias }, random) => {
      const shapes: Record<string, number[]> = {
        number: [],
        vector: [columns],
        row: [1, columns],
        column: [rows, 1],
        matrix: [rows, columns],
      }
      return {
        inputs: {
          a: numbers(transA ? [inner, rows] : [rows, inner], random),
          b: numbers(transB ? [columns, inner] : [inner, columns], random),
          ...(bias === 'none' ? {} : { c: numbers(shapes[bias], random) }),
        },
        build: ({ a, b, c }: Inputs) => {
          const attributes = { transA: transA ? 1 : 0, transB: transB ? 1 : 0 }
          const operands = c ? [a, b, c] : [a, b]
          return a.graph.apply('Gemm', operands, attributes, [{ shape: [rows, columns] }])[0]
        },
      }
    },
    40,
  )
})

test('the gradients of a linear layer of any rank, its weight used twice', async () => {
  await checkTrials(
    fc.record({ leading: fc.array(sizes, { maxLength: 3 }), width: sizes }),
    ({ leading, width }, random) => ({
      inputs: {
        x: numbers([...leading, width], random),
        weight: numbers([width, width], random),
        bias: numbers([width], random),
      },
      build: ({ x, weight, bias }: Inputs) => g.linear(g.tanh(g.linear(x, weight, bias)), weight),
    }),
    15,
  )
})

/** Ones and zeros, of each row a one first: double precision still tells scores apart that are all masked. */
function mask(shape: readonly number[], random: () => number): Fed {
  const { data } = whole(shape, [0, 2], random)
  return { shape, data: data.map((value, i) => (i % shape.at(-1)! === 0 ? 1 : value)) }
}

test('the gradients of attention, keys masked and not', async () => {
  const cases = fc.record({
    batch: fc.constantFrom(1, 3),
    heads: fc.constantFrom(1, 2, 3),
    queries: fc.constantFrom(1, 3, 7),
    keys: fc.constantFrom(2, 7),
    masked: fc.boolean(),
    self: fc.boolean(),
  })
  await checkTrials(
    cases,
    ({ batch, heads, queries, keys, masked, self }, random) => {
      const width = heads * 2
      const tokens = self ? queries : keys
      const keyMask = mask([batch, tokens], random)
      return {
        inputs: {
          q: numbers([batch, queries, width], random),
          k: numbers([batch, tokens, width], random),
          inWeight: numbers([3 * width, width], random),
          inBias: numbers([3 * width], random),
          outWeight: numbers([width, width], random),
          outBias: numbers([width], random),
          keyMask,
        },
        build: ({ q, k, keyMask, ...weights }: Inputs) => {
          const seen = self ? q : k
          const options = { heads, ...(masked ? { keyMask } : {}) }
          return g.multiHeadAttention(q, seen, seen, weights as unknown as g.MultiHeadWeights, options).output
        },
      }
    },
    15,
  )
})

test('the gradients of attention with a bias and a mask of its own, of scores and of values', async () => {
  await checkTrials(
    fc.record({
      heads: fc.constantFrom(1, 2),
      queries: fc.constantFrom(3, 7),
      scale: fc.constantFrom(0.3, 1),
    }),
    ({ heads, queries, scale }, random) => ({
      inputs: {
        q: numbers([2, heads, queries, 3], random),
        k: numbers([2, heads, 7, 3], random),
        v: numbers([2, heads, 7, 2], random),
        bias: numbers([heads, queries, 7], random),
        mask: mask([queries, 7], random),
      },
      build: ({ q, k, v, bias, mask }: Inputs) => {
        const { output, attention } = g.scaledDotProduct(q, k, v, { bias, mask, scale })
        return g.concat([output, g.square(attention)], { axis: -1 })
      },
    }),
    15,
  )
})

after(() => {
  const rules = Object.keys(MATMUL_RULES)
  assert.deepEqual(
    rules.filter((rule) => !triedOperators.has(rule)),
    [],
    'rules that no trial reached',
  )
})
