import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TINY_CONFIG } from '../../test/tiny-model.js'
import { parseConfig, parseParity } from './index.js'

const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value))
const refuses = (value: unknown, message: RegExp): void => {
  assert.throws(() => parseConfig(bytes(value), 'x/config.json'), {
    name: 'AntiphonError',
    code: 'model',
    message,
  })
}

test('a whole config is taken as it is', () => {
  assert.deepEqual(parseConfig(bytes(TINY_CONFIG)), TINY_CONFIG)
})

test('unknown keys are refused with the known ones, at any depth', () => {
  refuses(
    { ...TINY_CONFIG, temperature: 2 },
    /unknown key "temperature" \(expected format, name, .*madeFrom\)/,
  )
  refuses(
    { ...TINY_CONFIG, audio: { ...TINY_CONFIG.audio, rate: 1 } },
    /unknown key "audio\.rate" \(expected sampleRate, chunkSeconds, hopSeconds, minRestSeconds\)/,
  )
  refuses(
    { ...TINY_CONFIG, madeFrom: [{ name: 'a', license: 'b', source: 'c', url: 'd' }] },
    /unknown key "madeFrom\.0\.url" \(expected name, license, source\)/,
  )
})

test('every wrong field is named', () => {
  refuses({ ...TINY_CONFIG, dim: 0, matchScale: 'big' }, /x\/config\.json: dim: .*; matchScale: /)
  refuses({ ...TINY_CONFIG, format: 2 }, /format: /)
  refuses([], /config\.json: Invalid input: expected object/)
  assert.throws(() => parseConfig(new TextEncoder().encode('{"a":')), { code: 'model', message: /not JSON/ })
  assert.throws(() => parseParity(bytes({ spaceId: 'x' })), {
    code: 'model',
    message: /parity\.json: tolerance/,
  })
})
