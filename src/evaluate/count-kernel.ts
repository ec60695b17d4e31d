import { F32, I32, get, load, loop, openKernel, set, splat, vector, type Code } from '../webassembly/index.js'

/**
 * How many numbers of a row lie above a threshold, and how many equal it, in WebAssembly's 128-bit vectors: some 0.2 ns
 * a number, where a loop in JavaScript takes five times that, as V8 doesn't vectorise. The module is written here, byte by byte,
 * rather than kept as a binary that nobody can read.
 */

/** Both counts come back in one number of 32 bits. */
export const MAX_COUNTED = 32_767

const greater = (a: Code, b: Code): Code => [...a, ...b, ...vector(0x44)]
const equal = (a: Code, b: Code): Code => [...a, ...b, ...vector(0x41)]
const subIntegers = (a: Code, b: Code): Code => [...a, ...b, ...vector(0xb1)] // in each of four lanes
const lane = (a: Code, at: number): Code => [...a, ...vector(0x1b), at]
const addCounts = (a: Code, b: Code): Code => [...a, ...b, 0x6a]
const shiftLeft = (a: Code, bits: number): Code => [...a, 0x41, bits, 0x74]

// Locals: the byte position and where it ends, the threshold, the same in all four lanes, four numbers, both counts by lane.
const AT = 0
const END = 1
const THRESHOLD = 2
const LANES = 3
const NUMBERS = 4
const ABOVE = 5
const EQUAL = 6

const total = (counts: Code): Code => [0, 1, 2, 3].map((at) => lane(counts, at)).reduce(addCounts)

/** Of a memory of numbers: those above << 16 | those equal. */
const COUNT = {
  name: 'count',
  parameters: [I32, I32, F32],
  result: I32,
  vectors: 4,
  body: [
    ...set(LANES, splat(get(THRESHOLD))),
    ...loop(
      [
        ...set(NUMBERS, load(AT)),
        ...set(ABOVE, subIntegers(get(ABOVE), greater(get(NUMBERS), get(LANES)))), // true is -1
        ...set(EQUAL, subIntegers(get(EQUAL), equal(get(NUMBERS), get(LANES)))),
      ],
      [AT],
      END,
    ),
    ...addCounts(shiftLeft(total(get(ABOVE)), 16), total(get(EQUAL))),
  ],
} as const

export interface CountKernel {
  /** Memory that can be counted in, for as many numbers as were asked for. */
  readonly numbers: Float32Array
  /**
   * Counts in `numbers` from one place up to another, a multiple of four and at most MAX_COUNTED apart.
   * @returns those above the threshold × 65,536 + those equal to it
   */
  count(from: number, to: number, threshold: number): number
}

export function createCountKernel(size: number): CountKernel {
  const { memory, routines } = openKernel(4 * size, [COUNT])
  return {
    numbers: new Float32Array(memory, 0, size),
    count: (from, to, threshold) => (from === to ? 0 : routines.count(4 * from, 4 * to, threshold)),
  }
}
