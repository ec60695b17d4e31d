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
