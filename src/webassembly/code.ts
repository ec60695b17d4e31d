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
