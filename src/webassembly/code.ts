/** The bytes of WebAssembly's binary format, for modules that are written out in the source (webassembly.github.io/spec, chapter 5). */
export type Code = readonly number[]

/** Of a page of memory, and of the 128-bit vectors. */
export const PAGE_BYTES = 65_536
export const VECTOR_BYTES = 16

export const unsigned = (value: number): Code =>
  value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)]
export const list = (items: readonly Code[]): Code => [...unsigned(items.length), ...items.flat()]
export const sized = (bytes: Code): Code => [...unsigned(bytes.length), ...bytes]
export const text = (name: string): Code => sized([...name].map((letter) => letter.charCodeAt(0)))

export const I32 = 0x7f
export const F32 = 0x7d
export const V128 = 0x7b

export const get = (local: number): Code => [0x20, ...unsigned(local)]
export const set = (local: number, value: Code): Code => [...value, 0x21, ...unsigned(local)]
export const vector = (op: number): Code => [0xfd, ...unsigned(op)]
export const splat = (value: Code): Code => [...value, ...vector(0x13)]

const ALIGNED = 4 // as a power of two: 16 bytes
/** The vector at a byte that a local holds, or so many behind it. */
export const load = (place: number, offset = 0): Code => [
  ...[...get(place), ...vector(0x00)],
  ...[ALIGNED, ...unsigned(offset)],
]
export const store = (place: number, value: Code, offset = 0): Code => [
  ...[...get(place), ...value, ...vector(0x0b)],
  ...[ALIGNED, ...unsigned(offset)],
]

// Of vectors of four float32.
export const add = (a: Code, b: Code): Code => [...a, ...b, ...vector(0xe4)]
export const mul = (a: Code, b: Code): Code => [...a, ...b, ...vector(0xe6)]

const BLOCK_END = 0x0b

/** Once and again, with the places one vector further on, while the first of them lies before the end. Places and end are locals. */
export const loop = (body: Code, places: readonly number[], end: number): Code => [
  ...[0x03, 0x40], // without a result
  ...body,
  ...places.flatMap((place) => set(place, [...get(place), 0x41, VECTOR_BYTES, 0x6a])),
  ...[...get(places[0]), ...get(end), 0x49, 0x0d, 0], // below, unsigned
  BLOCK_END,
]
