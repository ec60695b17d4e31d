import { AntiphonError } from '../errors/index.js'

/** Element types of the safetensors format that Antiphon reads and writes. */
export type DType = 'F64' | 'F32' | 'F16' | 'I64' | 'I32' | 'I8' | 'U8' | 'BOOL'

export interface TensorEntry {
  readonly dtype: DType
  readonly shape: readonly number[]
  /** First and last + 1 byte, counted from the start of the file. */
  readonly begin: number
  readonly end: number
}

export interface SafetensorsFile {
  readonly entries: ReadonlyMap<string, TensorEntry>
  readonly metadata: Readonly<Record<string, string>>
  readonly bytes: Uint8Array
}

export interface NamedTensor {
  readonly dtype: DType
  readonly shape: readonly number[]
  /** Raw little-endian bytes. */
  readonly bytes: Uint8Array
}

const ELEMENT_BYTES: Record<DType, number> = { F64: 8, F32: 4, F16: 2, I64: 8, I32: 4, I8: 1, U8: 1, BOOL: 1 }
const HEADER_LENGTH_BYTES = 8
const MAX_HEADER_LENGTH = 100_000_000 // the limit of the reference implementation, 100 MB
const ALIGNMENT = 8 // the reference implementation pads the header so that data starts on 8 bytes

/**
 * Reads the header of a safetensors file; the data stay where they are.
 * Format: https://huggingface.co/docs/safetensors
 * @throws AntiphonError `model` when the file is not safetensors, is cut short, or its header holds what the format does not allow.
 */
export function parseSafetensors(file: Uint8Array, name = 'safetensors file'): SafetensorsFile {
  // A Buffer of Node is a Uint8Array whose slice() is a view, not a copy: here it becomes a plain one.
  const bytes = new Uint8Array(file.buffer, file.byteOffset, file.byteLength)
  const fail = (why: string): never => {
    throw new AntiphonError('model', `${name} is not a whole safetensors file: ${why}`)
  }
  if (bytes.byteLength < HEADER_LENGTH_BYTES) fail(`${bytes.byteLength} bytes, expected at least 8`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const headerLength = Number(view.getBigUint64(0, true))
  const dataStart = HEADER_LENGTH_BYTES + headerLength
  if (headerLength > MAX_HEADER_LENGTH || dataStart > bytes.byteLength)
    fail(`its header claims ${headerLength} bytes, the file has ${bytes.byteLength}`)
  let header: unknown
  try {
    header = JSON.parse(new TextDecoder().decode(bytes.subarray(HEADER_LENGTH_BYTES, dataStart)))
  } catch (cause) {
    throw new AntiphonError('model', `${name} is not a whole safetensors file: its header is not JSON`, {
      cause,
    })
  }
  if (!isRecord(header)) return fail('its header is not a JSON object')
  const entries = new Map<string, TensorEntry>()
  let metadata: Record<string, string> = {}
  for (const [key, value] of Object.entries(header)) {
    if (key === '__metadata__') {
      if (!isRecord(value) || !Object.values(value).every((text) => typeof text === 'string'))
        return fail('its __metadata__ is not an object of strings')
      metadata = value as Record<string, string>
      continue
    }
    if (!isRecord(value)) return fail(`tensor "${key}" is not an object`)
    const { dtype, shape, data_offsets: offsets } = value
    if (!isDType(dtype))
      return fail(
        `tensor "${key}" has type ${String(dtype)} (expected one of ${Object.keys(ELEMENT_BYTES).join(', ')})`,
      )
    if (!isSizes(shape)) return fail(`tensor "${key}" has no shape of whole numbers`)
    if (!isSizes(offsets) || offsets.length !== 2 || offsets[1] < offsets[0])
      return fail(`tensor "${key}" has no data_offsets that begin before they end`)
    const begin = dataStart + offsets[0]
    const end = dataStart + offsets[1]
    const expected = shape.reduce((a, b) => a * b, 1) * ELEMENT_BYTES[dtype]
    if (end - begin !== expected)
      fail(`tensor "${key}" has ${end - begin} bytes, its shape asks for ${expected}`)
    if (end > bytes.byteLength) fail(`tensor "${key}" ends at byte ${end}, the file has ${bytes.byteLength}`)
    entries.set(key, { dtype, shape, begin, end })
  }
  return { entries, metadata, bytes }
}

/** Raw bytes of one tensor, a view into the file. */
export function tensorBytes(file: SafetensorsFile, name: string): Uint8Array {
  const entry = find(file, name)
  return file.bytes.subarray(entry.begin, entry.end)
}

/** One tensor as float32, converted from half or double precision where it is stored so. */
export function float32(file: SafetensorsFile, name: string): Float32Array {
  const entry = find(file, name)
  const raw = file.bytes.slice(entry.begin, entry.end).buffer
  switch (entry.dtype) {
    case 'F32':
      return new Float32Array(raw)
    case 'F64':
      return Float32Array.from(new Float64Array(raw))
    case 'F16':
      return Float32Array.from(new Uint16Array(raw), halfToFloat)
    case 'I32':
      return Float32Array.from(new Int32Array(raw))
    case 'I64':
      return Float32Array.from(new BigInt64Array(raw), Number)
    case 'I8':
      return Float32Array.from(new Int8Array(raw))
    case 'U8':
    case 'BOOL':
      return Float32Array.from(new Uint8Array(raw))
  }
}

/** Writes tensors in the given order. */
export function writeSafetensors(
  tensors: ReadonlyMap<string, NamedTensor>,
  metadata: Record<string, string> = {},
): Uint8Array {
  const header: Record<string, unknown> = Object.keys(metadata).length > 0 ? { __metadata__: metadata } : {}
  let offset = 0
  for (const [name, { dtype, shape, bytes }] of tensors) {
    const expected = shape.reduce((a, b) => a * b, 1) * ELEMENT_BYTES[dtype]
    if (bytes.byteLength !== expected)
      throw new AntiphonError(
        'shape',
        `Tensor "${name}" has ${bytes.byteLength} bytes, its shape [${shape.join(', ')}] asks for ${expected}`,
      )
    header[name] = { dtype, shape, data_offsets: [offset, offset + bytes.byteLength] }
    offset += bytes.byteLength
  }
  let json = JSON.stringify(header)
  const encoder = new TextEncoder()
  const length = encoder.encode(json).byteLength
  json += ' '.repeat((ALIGNMENT - (length % ALIGNMENT)) % ALIGNMENT)
  const head = encoder.encode(json)
  const out = new Uint8Array(HEADER_LENGTH_BYTES + head.byteLength + offset)
  new DataView(out.buffer).setBigUint64(0, BigInt(head.byteLength), true)
  out.set(head, HEADER_LENGTH_BYTES)
  let at = HEADER_LENGTH_BYTES + head.byteLength
  for (const { bytes } of tensors.values()) {
    out.set(bytes, at)
    at += bytes.byteLength
  }
  return out
}

/** IEEE 754 half precision, given as its 16 bits, to a number. */
export function halfToFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 31) return fraction ? NaN : sign * Infinity
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

const scratch = new DataView(new ArrayBuffer(4))

/** A number to the 16 bits of IEEE 754 half precision, rounding to nearest, ties to even. */
export function floatToHalf(value: number): number {
  scratch.setFloat32(0, value)
  const bits = scratch.getUint32(0)
  const sign = (bits >>> 16) & 0x8000
  const magnitude = bits & 0x7fffffff
  if (magnitude > 0x7f800000) return sign | 0x7e00 // NaN
  if (magnitude >= 0x477ff000) return sign | 0x7c00 // rounds beyond the largest half, 65504
  if (magnitude < 0x33000001) return sign // rounds to zero
  const exponent = magnitude >>> 23
  // Subnormal halves shift the mantissa, its hidden bit included, further right.
  const shift = exponent < 113 ? 126 - exponent : 13
  const mantissa = exponent < 113 ? (magnitude & 0x7fffff) | 0x800000 : magnitude - 0x38000000
  const half = 1 << (shift - 1)
  const rounded = (mantissa + half - 1 + ((mantissa >>> shift) & 1)) >>> shift
  return sign | rounded
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isDType(value: unknown): value is DType {
  return typeof value === 'string' && Object.hasOwn(ELEMENT_BYTES, value)
}

/** Whole numbers from 0 on. */
function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0)
}

function find(file: SafetensorsFile, name: string): TensorEntry {
  const entry = file.entries.get(name)
  if (!entry) {
    const known = [...file.entries.keys()].slice(0, 8).join(', ')
    throw new AntiphonError('model', `No tensor "${name}" (the file has ${file.entries.size}: ${known}, …)`)
  }
  return entry
}
