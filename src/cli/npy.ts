import { AntiphonError } from '../errors/index.js'

/** NumPy's format, version 1.0: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html */
const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]
const LENGTH_FIELD = 2
const ALIGNMENT = 64

/** Header of a row-major float32 file of this shape; the numbers follow it, little-endian. */
export function npyHeader(shape: readonly number[]): Uint8Array {
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(', ')
  const dictionary = `{'descr': '<f4', 'fortran_order': False, 'shape': (${tuple}), }`
  const before = MAGIC.length + LENGTH_FIELD
  // The header ends in a newline, padded so that the data starts at a multiple of 64 bytes.
  const total = Math.ceil((before + dictionary.length + 1) / ALIGNMENT) * ALIGNMENT
  const header = new Uint8Array(total).fill(0x20)
  header.set(MAGIC)
  new DataView(header.buffer).setUint16(MAGIC.length, total - before, true)
  header.set(new TextEncoder().encode(dictionary), before)
  header[total - 1] = 0x0a
  return header
}

/** A float32 matrix as the bytes of a .npy file. */
export function npy(matrix: Float32Array, shape: readonly number[]): Uint8Array {
  const header = npyHeader(shape)
  const bytes = new Uint8Array(header.length + matrix.byteLength)
  bytes.set(header)
  const view = new DataView(bytes.buffer, header.length)
  for (let i = 0; i < matrix.length; i++) view.setFloat32(i * 4, matrix[i], true)
  return bytes
}

/** A matrix of a .npy file. */
export interface NpyMatrix {
  readonly rows: number
  readonly columns: number
  /** Row by row; float64 is rounded. */
  readonly data: Float32Array
}

/**
 * Reads a matrix of float32 or float64, row by row (C order), little-endian, as `numpy.save` writes it.
 * @param name of the file, for messages
 * @throws AntiphonError `usage` saying what was found and what to do
 */
export function parseNpy(bytes: Uint8Array, name: string): NpyMatrix {
  const refuse = (found: string, todo: string): never => {
    throw new AntiphonError('usage', `${name} ${found}: ${todo}`)
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 12 || !MAGIC.slice(0, 6).every((byte, i) => bytes[i] === byte))
    refuse('is no .npy file', 'write it with numpy.save, one matrix a file')
  const wide = bytes[6] >= 2 // versions 2 and 3 have four bytes for the header's length
  const start = wide ? 12 : 10
  const length = wide ? view.getUint32(8, true) : view.getUint16(8, true)
  const header = new TextDecoder().decode(bytes.subarray(start, start + length))
  const [, kind = 'unknown'] = /'descr':\s*'([^']*)'/.exec(header) ?? []
  const [, fortran = ''] = /'fortran_order':\s*(True|False)/.exec(header) ?? []
  const [, tuple] = /'shape':\s*\(([^)]*)\)/.exec(header) ?? []
  const shape = (tuple ?? '').split(',').flatMap((part) => (part.trim() === '' ? [] : Number(part)))
  if (tuple === undefined || fortran === '')
    refuse('has a header that is cut or unknown', 'write it with numpy.save')
  const size = { '<f4': 4, '<f8': 8 }[kind]
  if (size === undefined)
    return refuse(`holds numbers of type ${kind}`, "expected float32 or float64: array.astype('<f4')")
  if (fortran === 'True') refuse('is in Fortran order', 'expected C order: numpy.ascontiguousarray(array)')
  if (shape.length !== 2 || !shape.every(Number.isSafeInteger))
    refuse(`has the shape (${shape.join(', ')})`, 'expected (vectors, dimensions)')
  const [rows, columns] = shape
  const from = start + length
  const there = bytes.length - from
  if (there !== rows * columns * size)
    refuse(
      `holds ${there} bytes of numbers`,
      `expected ${rows} × ${columns} × ${size} = ${rows * columns * size}; is it whole?`,
    )
  const data = new Float32Array(rows * columns)
  for (let i = 0; i < data.length; i++)
    data[i] = size === 4 ? view.getFloat32(from + i * 4, true) : view.getFloat64(from + i * 8, true)
  return { rows, columns, data }
}
