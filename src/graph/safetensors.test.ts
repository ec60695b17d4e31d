import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import {
  float32,
  floatToHalf,
  halfToFloat,
  parseSafetensors,
  type NamedTensor,
  tensorBytes,
  writeSafetensors,
} from './index.js'

const scores = {
  dtype: 'F32',
  shape: [2, 3],
  bytes: bytesOf(Float32Array.of(1, -2, 3.5, 0, 1e-30, 7)),
} as const
const ids = { dtype: 'I64', shape: [2], bytes: bytesOf(BigInt64Array.of(-1n, 11n)) } as const

test('what is written is read: shapes, types, order, metadata and bytes', () => {
  const tensors = new Map<string, NamedTensor>([
    ['scores', scores],
    ['ids', ids],
  ])
  const written = writeSafetensors(tensors, { licence: 'Apache-2.0' })
  const file = parseSafetensors(written)
  assert.deepEqual([...file.entries.keys()], ['scores', 'ids'])
  assert.deepEqual(file.metadata, { licence: 'Apache-2.0' })
  assert.deepEqual(file.entries.get('scores')!.shape, [2, 3])
  assert.deepEqual(tensorBytes(file, 'ids'), ids.bytes)
  assert.deepEqual([...float32(file, 'scores')], [1, -2, 3.5, 0, Math.fround(1e-30), 7])
  assert.deepEqual([...float32(file, 'ids')], [-1, 11])
  assert.equal(file.entries.get('scores')!.begin % 8, 0)
})

test('the layout is that of the format: length of the header, JSON, data', () => {
  const written = writeSafetensors(
    new Map([['a', { dtype: 'U8', shape: [3], bytes: Uint8Array.of(7, 8, 9) } as const]]),
  )
  const length = Number(new DataView(written.buffer).getBigUint64(0, true))
  const header = new TextDecoder().decode(written.subarray(8, 8 + length))
  assert.deepEqual(JSON.parse(header), { a: { dtype: 'U8', shape: [3], data_offsets: [0, 3] } })
  assert.deepEqual([...written.subarray(8 + length)], [7, 8, 9])
})

test('broken files and wrong sizes are refused', () => {
  const written = writeSafetensors(new Map([['scores', scores]]))
  const header = (text: string) => {
    const body = new TextEncoder().encode(text)
    const file = new Uint8Array(8 + body.byteLength)
    new DataView(file.buffer).setBigUint64(0, BigInt(body.byteLength), true)
    file.set(body, 8)
    return file
  }
  const refused = (bytes: Uint8Array, message: RegExp) =>
    assert.throws(() => parseSafetensors(bytes, 'x.safetensors'), { code: 'model', message })
  refused(written.subarray(0, 5), /x\.safetensors is not a whole safetensors file: 5 bytes/)
  refused(written.subarray(0, 40), /its header claims/)
  refused(written.subarray(0, written.byteLength - 1), /tensor "scores" ends at byte/)
  refused(header('{nonsense'), /its header is not JSON/)
  refused(
    header('{"a":{"dtype":"F8","shape":[1],"data_offsets":[0,1]}}'),
    /tensor "a" has type F8 \(expected one of F64/,
  )
  refused(
    header('{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}'),
    /has 4 bytes, its shape asks for 8/,
  )
  for (const nothing of ['null', '7', '"a"', '[]'])
    refused(header(nothing), /its header is not a JSON object/)
  for (const metadata of ['null', '7', '[]', '{"made":7}'])
    refused(header(`{"__metadata__":${metadata}}`), /its __metadata__ is not an object of strings/)
  for (const nothing of ['null', '7', '[]'])
    refused(header(`{"a":${nothing}}`), /tensor "a" is not an object/)
  // Nine bytes of data, so that some of these would fit if only the sizes were compared.
  const tensor = (fields: string) => header(`{"a":{${fields}}}${' '.repeat(9)}`)
  refused(tensor('"shape":[1],"data_offsets":[0,1]'), /tensor "a" has type undefined/)
  refused(tensor('"dtype":"toString","shape":[1],"data_offsets":[0,1]'), /tensor "a" has type toString/)
  for (const shape of [
    '',
    '"shape":null,',
    '"shape":[-2],',
    '"shape":[1.5],',
    '"shape":["2"],',
    '"shape":[-1,-1],',
  ])
    for (const offsets of ['[0,8]', '[8,0]', '[0,6]', '[0,4]'])
      refused(
        tensor(`"dtype":"F32",${shape}"data_offsets":${offsets}`),
        /tensor "a" has no shape of whole numbers/,
      )
  for (const offsets of ['', ',"data_offsets":null', ',"data_offsets":[0]', ',"data_offsets":[0,8,8]'])
    refused(tensor(`"dtype":"F32","shape":[2]${offsets}`), /tensor "a" has no data_offsets/)
  for (const offsets of ['[-8,0]', '[8,0]', '[0.5,8.5]', '["0","8"]', '[0,1e300]'])
    refused(tensor(`"dtype":"F32","shape":[2],"data_offsets":${offsets}`), /tensor "a" has no data_offsets/)
  assert.throws(
    () => float32(parseSafetensors(written), 'other'),
    /No tensor "other" \(the file has 1: scores/,
  )
  const short = new Map([['a', { dtype: 'F32', shape: [2], bytes: new Uint8Array(4) } as const]])
  assert.throws(() => writeSafetensors(short), { code: 'shape', message: /"a" has 4 bytes, .* asks for 8/ })
})

test('every half-precision number survives the way to a number and back', () => {
  for (let bits = 0; bits < 0x10000; bits++) {
    const value = halfToFloat(bits)
    if (Number.isNaN(value)) assert.ok(Number.isNaN(halfToFloat(floatToHalf(value))))
    else assert.equal(floatToHalf(value), bits)
  }
})

test('numbers round to the nearest half, ties to the even one', () => {
  assert.equal(halfToFloat(floatToHalf(1 + 2 ** -11)), 1)
  assert.equal(halfToFloat(floatToHalf(1 + 3 * 2 ** -11)), 1 + 2 ** -9)
  assert.equal(halfToFloat(floatToHalf(65519)), 65504)
  assert.equal(halfToFloat(floatToHalf(65520)), Infinity)
  assert.equal(halfToFloat(floatToHalf(2 ** -25)), 0)
  assert.equal(halfToFloat(floatToHalf(1.5 * 2 ** -24)), 2 ** -23)
  fc.assert(
    fc.property(fc.float({ min: -65000, max: 65000, noNaN: true }), (value) => {
      const bits = floatToHalf(value)
      const error = Math.abs(halfToFloat(bits) - value)
      const magnitude = bits & 0x7fff
      for (const neighbour of [magnitude - 1, magnitude + 1])
        if (neighbour >= 0) assert.ok(error <= Math.abs(halfToFloat((bits & 0x8000) | neighbour) - value))
    }),
  )
})

function bytesOf(array: Float32Array | BigInt64Array): Uint8Array {
  return new Uint8Array(array.buffer)
}
