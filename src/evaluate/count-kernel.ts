import {
  type Code,
  F32,
  I32,
  PAGE_BYTES,
  V128,
  VECTOR_BYTES,
  get,
  list,
  set,
  sized,
  splat,
  text,
  unsigned,
  vector,
} from '../webassembly/index.js'

/**
 * How many numbers of a row lie above a threshold, and how many equal it, in WebAssembly's 128-bit vectors: some 0.2 ns
 * a number, where a loop in JavaScript takes five times that, as V8 doesn't vectorise. The module is written here, byte by byte,
 * rather than kept as a binary that nobody can read.
 */

// TypeScript describes WebAssembly only together with the browser's whole DOM.
declare const WebAssembly: {
  Memory: new (options: { initial: number }) => { readonly buffer: ArrayBuffer }
  Module: new (bytes: Uint8Array) => object
  Instance: new (module: object, imports: object) => { readonly exports: Record<string, unknown> }
}

/** Both counts come back in one number of 32 bits. */
export const MAX_COUNTED = 32_767

const greater = (a: Code, b: Code): Code => [...a, ...b, ...vector(0x44)]
const equal = (a: Code, b: Code): Code => [...a, ...b, ...vector(0x41)]
const subIntegers = (a: Code, b: Code): Code => [...a, ...b, ...vector(0xb1)] // in each of four lanes
const lane = (a: Code, at: number): Code => [...a, ...vector(0x1b), at]
const add = (a: Code, b: Code): Code => [...a, ...b, 0x6a]
const shiftLeft = (a: Code, bits: number): Code => [...a, 0x41, bits, 0x74]

// Locals: the byte position and where it ends, the threshold, the same in all four lanes, four numbers, both counts by lane.
const AT = 0
const END = 1
const THRESHOLD = 2
const LANES = 3
const NUMBERS = 4
const ABOVE = 5
const EQUAL = 6

/** A module of one function, `count(at, end, threshold)`: those above << 16 | those equal, over the memory that it imports. */
function moduleBytes(pages: number): Uint8Array {
  const LOOP_WITHOUT_RESULT = [0x03, 0x40]
  const BLOCK_END = 0x0b
  const load = [...get(AT), ...vector(0x00), 4, 0] // 4: aligned to 2^4 bytes
  const stepAndRepeat = [
    ...[...get(AT), 0x41, VECTOR_BYTES, 0x6a, 0x22, AT], // at += 16
    ...[...get(END), 0x49, 0x0d, 0], // again while at < end, unsigned
  ]
  const total = (counts: Code) => [0, 1, 2, 3].map((at) => lane(counts, at)).reduce(add)
  const body: Code = [
    ...list([[4, V128]]),
    ...set(LANES, splat(get(THRESHOLD))),
    ...LOOP_WITHOUT_RESULT,
    ...set(NUMBERS, load),
    ...set(ABOVE, subIntegers(get(ABOVE), greater(get(NUMBERS), get(LANES)))), // true is -1
    ...set(EQUAL, subIntegers(get(EQUAL), equal(get(NUMBERS), get(LANES)))),
    ...stepAndRepeat,
    BLOCK_END,
    ...add(shiftLeft(total(get(ABOVE)), 16), total(get(EQUAL))),
    BLOCK_END,
  ]
  const section = (id: number, items: readonly Code[]): Code => [id, ...sized(list(items))]
  return Uint8Array.from([
    ...[0x00, ...text('asm').slice(1), 1, 0, 0, 0], // magic and version
    ...section(1, [[0x60, ...list([[I32], [I32], [F32]]), ...list([[I32]])]]), // its type
    ...section(2, [[...text('memory'), ...text('rows'), 2, 0, ...unsigned(pages)]]),
    ...section(3, [[0]]),
    ...section(7, [[...text('count'), 0, 0]]),
    ...section(10, [sized(body)]),
  ])
}

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
  const pages = Math.ceil((4 * size) / PAGE_BYTES)
  const memory = new WebAssembly.Memory({ initial: pages })
  const module = new WebAssembly.Module(moduleBytes(pages))
  const { exports } = new WebAssembly.Instance(module, { memory: { rows: memory } })
  const count = exports.count as (at: number, end: number, threshold: number) => number
  return {
    numbers: new Float32Array(memory.buffer, 0, size),
    count: (from, to, threshold) => (from === to ? 0 : count(4 * from, 4 * to, threshold)),
  }
}
