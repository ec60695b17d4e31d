import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { tarHeader } from '../../../test/tar.js'
import { paddedSize, parsePax, parseTarHeader, TAR_BLOCK } from './tar-header.js'

const name = fc.string({ unit: fc.constantFrom('a', 'é', '/', '.', '音', ' '), minLength: 1, maxLength: 30 })

test('headers say what they were made to say', () => {
  fc.assert(
    fc.property(name, fc.nat({ max: 2 ** 33 - 1 }), fc.constantFrom('0', '\0', '7'), (name, size, type) => {
      assert.deepEqual(parseTarHeader(tarHeader({ name, size, type })), { name, size, type: 'file' })
    }),
  )
  fc.assert(
    fc.property(fc.nat({ max: 2 ** 53 - 1 }), (size) => {
      assert.equal(parseTarHeader(tarHeader({ name: 'x', size, binarySize: true }))?.size, size)
    }),
  )
})

test('long names are in two fields, and in headers of their own', () => {
  const header = tarHeader({ name: 'c.wav', prefix: 'a/b', size: 1 })
  assert.equal(parseTarHeader(header)?.name, 'a/b/c.wav')
  assert.equal(parseTarHeader(tarHeader({ name: '././@LongLink', size: 9, type: 'L' }))?.type, 'long-name')
  assert.equal(parseTarHeader(tarHeader({ name: 'x', size: 9, type: 'x' }))?.type, 'pax')
  assert.equal(parseTarHeader(tarHeader({ name: 'x/', size: 0, type: '5' }))?.type, 'other')
  assert.equal(parseTarHeader(new Uint8Array(TAR_BLOCK)), undefined)
})

test('what is no header is refused', () => {
  const header = tarHeader({ name: 'a', size: 7 })
  for (const [at, byte] of [
    [0, 0x62],
    [130, 0x39],
    [150, 0x39],
  ]) {
    const damaged = Uint8Array.from(header)
    damaged[at] = byte
    assert.throws(() => parseTarHeader(damaged), RangeError)
  }
  assert.throws(
    () => parseTarHeader(new TextEncoder().encode('text '.repeat(200)).subarray(0, 512)),
    RangeError,
  )
})

test('PAX records, their lengths in bytes', () => {
  const records = '18 path=a/é.flac\n21 comment=two\nlines\n12 size=123\n'
  assert.deepEqual(
    [...parsePax(new TextEncoder().encode(records))],
    [
      ['path', 'a/é.flac'],
      ['comment', 'two\nlines'],
      ['size', '123'],
    ],
  )
  for (const damaged of ['99 path=a\n', 'x path=a\n', '0 path=a\n', 'path'])
    assert.throws(() => parsePax(new TextEncoder().encode(damaged)), RangeError, damaged)
  assert.deepEqual([0, 1, 511, 512, 513].map(paddedSize), [0, 512, 512, 512, 1024])
})
