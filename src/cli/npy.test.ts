import assert from 'node:assert/strict'
import { test } from 'node:test'
import { npy, npyHeader, parseNpy } from './npy.js'

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

/** As numpy.save writes it, with any header one likes. */
function file(dictionary: string, numbers: ArrayBuffer, version = 1): Uint8Array {
  const text = dictionary.padEnd(117) + '\n'
  const length =
    version === 1 ? [text.length & 255, text.length >> 8] : [text.length & 255, text.length >> 8, 0, 0]
  return Buffer.concat([
    Buffer.from([0x93, ...Buffer.from('NUMPY'), version, 0, ...length]),
    Buffer.from(text, 'latin1'),
    Buffer.from(numbers),
  ])
}

const header = ({ descr = '<f4', order = 'False', shape = '(2, 3)' } = {}) =>
  `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${shape}, }`

test('what is written is read; so are float64 and the later versions of the header', () => {
  const matrix = Float32Array.of(1, -0, 3.25, 1e-45, -2.5, 0.1)
  assert.deepEqual(parseNpy(npy(matrix, [2, 3]), 'a.npy'), { rows: 2, columns: 3, data: matrix })
  const doubles = Float64Array.from(matrix).buffer
  for (const version of [1, 2, 3])
    assert.deepEqual(parseNpy(file(header({ descr: '<f8' }), doubles, version), 'a.npy').data, matrix)
  assert.deepEqual(parseNpy(npy(new Float32Array(0), [0, 5]), 'a.npy'), {
    rows: 0,
    columns: 5,
    data: new Float32Array(0),
  })
})

test('what is not read is told, with what to do', () => {
  const six = new Float32Array(6).buffer
  const cases: [Uint8Array, RegExp][] = [
    [Buffer.from('hello, this is text'), /^a\.npy is no \.npy file: write it with numpy\.save/],
    [new Uint8Array(3), /is no \.npy file/],
    [file(header({ descr: '<f2' }), six), /numbers of type <f2: expected float32 or float64: array\.astype/],
    [file(header({ descr: '>f4' }), six), /numbers of type >f4/],
    [file(header({ descr: '|O' }), six), /numbers of type \|O/],
    [file(header({ order: 'True' }), six), /Fortran order: expected C order/],
    [file(header({ shape: '(6,)' }), six), /the shape \(6\): expected \(vectors, dimensions\)/],
    [
      file(header({ shape: '(2, 4)' }), six),
      /holds 24 bytes of numbers: expected 2 × 4 × 4 = 32; is it whole\?/,
    ],
    [file("{'descr': '<f4'}", six), /header that is cut or unknown/],
  ]
  for (const [bytes, message] of cases)
    assert.throws(() => parseNpy(bytes, 'a.npy'), { code: 'usage', message })
})
