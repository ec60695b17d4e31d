import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import * as g from '../src/graph/index.js'
import { nodeRuntime } from '../src/graph/node.js'
import { relativeDifference } from './golden.js'
import { interpret, type Feeds } from './interpreter/interpreter.js'
import { sizeOf } from './interpreter/numbers.js'

export type Inputs = Readonly<Record<string, g.Tensor>>

/** Something to differentiate: its inputs with their numbers, and how it is written. */
export interface Trial {
  readonly inputs: Readonly<Record<string, Fed>>
  readonly build: (inputs: any) => g.Tensor
}

export interface Fed {
  readonly shape: readonly number[]
  readonly data: Float32Array | Int32Array | Uint8Array
}

/** How the numbers of an input are drawn. */
export type Draw = (shape: readonly number[], random: () => number) => Fed

/** Operators of all trials so far, without those of their gradients. */
export const triedOperators = new Set<string>()

/** Checks the gradients of trials that fast-check thinks up, as often as `runs` says. */
export async function checkTrials<Case>(
  cases: fc.Arbitrary<Case>,
  trial: (drawn: Case, random: () => number) => Trial,
  runs = 8,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(cases, fc.nat(2 ** 31), async (drawn, seed) => {
      const random = seeded(seed)
      await checkGradients(trial(drawn, random), random)
    }),
    { numRuns: runs },
  )
}

const STEP = 1e-5 // of central differences, in double precision: good to about 1e-9
const TOLERANCE = 1e-5 // of float32, relative to the largest slope
const ROOM = 4 // a sum in single precision errs by the root of how many it sums; up to 16 the tolerance has room for it
const DENSE_DIRECTIONS = 2
const SINGLE_DIRECTIONS = 12

/**
 * Compares what ONNX Runtime computes, values and gradients of Σ w y, with the interpreter's values and their central
 * differences: for each float input, along directions that move everything and along some that move one element.
 */
async function checkGradients({ inputs, build }: Trial, random: () => number): Promise<void> {
  const graph = new g.Graph()
  const tensors = Object.fromEntries(
    Object.entries(inputs).map(([name, { shape, data }]) => [name, graph.input(name, shape, typeOf(data))]),
  )
  const y = build(tensors)
  const weights = numbers(y.shape as number[], random)
  const loss = g.sum(g.mul(y, graph.input('weights', y.shape)))
  for (const { op } of graph.nodes) triedOperators.add(op)
  const names = Object.keys(inputs).filter((name) => inputs[name].data instanceof Float32Array)
  const slopes = g.gradients(
    loss,
    names.map((name) => tensors[name]),
  )
  const outputs = Object.fromEntries(slopes.map((slope, i) => [`slope ${names[i]}`, slope]))
  const feeds = Object.fromEntries([...Object.entries(inputs), ['weights', weights]])
  const results = await run({ y, ...outputs }, feeds)
  const plain = Object.fromEntries(Object.entries(feeds).map(([name, { data }]) => [name, data]))

  const value = interpret(y, plain)
  assert.deepEqual(results.y.shape, value.shape)
  const error = relativeDifference(results.y.data as Float32Array, value.data)
  const allowed = TOLERANCE * Math.max(1, Math.sqrt(summed(inputs, value.data.length)) / ROOM)
  assert.ok(error <= allowed, `the value differs by ${error}`)
  for (const name of names) {
    const slope = results[`slope ${name}`]
    assert.deepEqual(slope.shape, inputs[name].shape, `shape of the gradient of ${name}`)
    assertSlope(loss, plain, name, slope.data as Float32Array, random)
  }
}

/** How many numbers one number of the result may be a sum of. */
function summed(inputs: Trial['inputs'], results: number): number {
  const count = Object.values(inputs).reduce((sum, { data }) => sum + data.length, 0)
  return count / Math.max(1, results)
}

function assertSlope(
  loss: g.Tensor,
  feeds: Feeds,
  name: string,
  slope: Float32Array,
  random: () => number,
): void {
  const count = slope.length
  const largest = slope.reduce((most, value) => Math.max(most, Math.abs(value)), 1)
  const directions = [
    ...Array.from({ length: DENSE_DIRECTIONS }, () =>
      Float64Array.from({ length: count }, () => (random() < 0.5 ? -1 : 1)),
    ),
    ...Array.from({ length: Math.min(count, SINGLE_DIRECTIONS) }, () =>
      new Float64Array(count).fill(1, ...oneOf(count, random)),
    ),
  ]
  for (const direction of directions) {
    const moved = (by: number): number => {
      const data = Float64Array.from(feeds[name], (value, i) => value + by * direction[i])
      return interpret(loss, { ...feeds, [name]: data }).data[0]
    }
    const expected = (moved(STEP) - moved(-STEP)) / (2 * STEP)
    const actual = slope.reduce((sum, value, i) => sum + value * direction[i], 0)
    const parts = direction.reduce((sum, d) => sum + Math.abs(d), 0)
    const error = Math.abs(actual - expected) / (largest * Math.sqrt(parts))
    const where = parts === 1 ? `element ${direction.findIndex((d) => d !== 0)} of ${count}` : 'everything'
    assert.ok(
      error <= TOLERANCE,
      `the gradient of ${name} is ${actual} where ${where} moves, not ${expected}`,
    )
  }
}

function oneOf(count: number, random: () => number): [number, number] {
  const place = Math.floor(random() * count)
  return [place, place + 1]
}

/** Compiles and runs once. */
export async function run(
  outputs: Readonly<Record<string, g.Tensor>>,
  feeds: Readonly<Record<string, Fed>>,
  options: g.ProgramOptions = {},
): Promise<Record<string, g.Value>> {
  const program = await g.compile(await nodeRuntime(), { outputs, ...options })
  const read = program.inputs.map(({ name }) => [name, feeds[name]] as const)
  const results = await program.run(Object.fromEntries(read))
  await program.close()
  return results
}

const typeOf = (data: Fed['data']): g.ElementType =>
  data instanceof Float32Array ? 'float32' : data instanceof Int32Array ? 'int32' : 'uint8'

/** Uniform numbers of [0, 1) by a seed: mulberry32. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let z = Math.imul(state ^ (state >>> 15), state | 1)
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61)
    return ((z ^ (z >>> 14)) >>> 0) / 2 ** 32
  }
}

const GRID = 64

/**
 * Numbers of (-1.5, 1.5) on a grid that leaves 0 out by 1/128, so that no step of a difference crosses a kink there.
 * `offset` (of grid places) sets two tensors apart that are compared.
 */
export function numbers(shape: readonly number[], random: () => number, { offset = 0 } = {}): Fed {
  const place = (): number => Math.floor(random() * 3 * GRID) - 1.5 * GRID + 0.5 + offset
  return { shape, data: Float32Array.from({ length: sizeOf(shape) }, () => place() / GRID) }
}

/** Numbers of [0.25, 1.75). */
export function positive(shape: readonly number[], random: () => number): Fed {
  return { shape, data: Float32Array.from({ length: sizeOf(shape) }, () => 0.25 + 1.5 * random()) }
}

/** No two the same, in any order: of each window one is the largest. */
export function distinct(shape: readonly number[], random: () => number): Fed {
  const count = sizeOf(shape)
  const data = Float32Array.from({ length: count }, (_, i) => (3 * (i + 0.5)) / count - 1.5)
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    ;[data[i], data[j]] = [data[j], data[i]]
  }
  return { shape, data }
}

/** Whole numbers of [first, end). */
export function whole(
  shape: readonly number[],
  [first, end]: readonly [number, number],
  random: () => number,
): Fed {
  const data = Int32Array.from({ length: sizeOf(shape) }, () => first + Math.floor(random() * (end - first)))
  return { shape, data }
}
