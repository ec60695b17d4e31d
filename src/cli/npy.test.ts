import assert from 'node:assert/strict'
import { test } from 'node:test'
import { npy, npyHeader } from './npy.js'

test('a header is the one that numpy writes', () => {
  // numpy.save(f, numpy.zeros((7, 11), 'float32')), the first 128 bytes (numpy 2.4)
  const expected =
    `\x93NUMPY\x01\x00v\x00{'descr': '<f4', 'fortran_order': False, 'shape': (7, 11), }`.padEnd(127) + '\n'
  assert.equal(Buffer.from(npyHeader([7, 11])).toString('latin1'), expected)
})

test('the data starts at a multiple of 64 bytes whatever the shape', () => {
  for (const shape of [[0, 512], [1, 1], [123456789, 512], [5]]) {
    const header = npyHeader(shape)
    assert.equal(header.length % 64, 0)
    assert.equal(header[8] + 256 * header[9], header.length - 10)
    assert.equal(header[header.length - 1], 0x0a)
  }
  assert.match(Buffer.from(npyHeader([5])).toString('latin1'), /'shape': \(5,\), }/)
})

test('numbers follow bit by bit, little-endian', () => {
  const matrix = Float32Array.of(1, -0, Number.NaN, 1e-45, Infinity, 0.1)
  const bytes = npy(matrix, [2, 3])
  const view = new DataView(bytes.buffer, npyHeader([2, 3]).length)
  assert.deepEqual(
    Array.from(matrix, (_, i) => view.getFloat32(i * 4, true)),
    [...matrix],
  )
  assert.equal(view.byteLength, 24)
})
