import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HOSTILE_NAMES } from '../../test/cli-fake.js'
import { jsonText, printable } from './printable.js'

const FORBIDDEN =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])/

test('hostile names lose what a terminal would obey or hide', () => {
  for (const name of HOSTILE_NAMES) {
    const text = printable(name)
    assert.doesNotMatch(text, FORBIDDEN, JSON.stringify(name))
    assert.notEqual(text, name)
  }
})

test('every character that is escaped stays visible', () => {
  assert.equal(printable('a\nb\tc\r'), 'a\\nb\\tc\\r')
  assert.equal(printable('\x1b[2J'), '\\x1b[2J')
  assert.equal(printable('\x9b\x7f'), '\\x9b\\x7f')
  assert.equal(printable('abc\u202egpj.exe'), 'abc\\u202egpj.exe')
  assert.equal(printable('a\u200bb\ufeff'), 'a\\u200bb\\ufeff')
  assert.equal(printable('\u2028'), '\\u2028')
  assert.equal(printable('half \ud83d'), 'half \\ud83d')
  assert.equal(printable('\u{e0041}'), '\\u{e0041}')
})

test('every code point of the terminal-relevant classes is caught', () => {
  for (let code = 0; code < 0x110000; code++) {
    const character = String.fromCodePoint(code)
    if (/^[\p{Control}\p{Surrogate}\p{Bidi_Control}\p{Zl}\p{Zp}]$/u.test(character))
      assert.match(printable(`a${character}b`), /^a\\.+b$/u, code.toString(16))
  }
})

test('text of all scripts stays as it is', () => {
  const texts = [
    'Sigur Rós – Ágætis byrjun',
    '久石譲「人生のメリーゴーランド」',
    'שלום עולם',
    'می‌خواهم', // ZWNJ inside a Persian word
    'क्‍ष', // ZWJ inside a Devanagari cluster
    '👩‍🎤 🎹️ 🏴󠁧󠁢󠁥󠁮󠁧󠁿 1️⃣ ❤️',
    'ภาษาไทย',
    'a\u0301 e\u0323\u0302',
    'C:\\music\\new',
  ]
  for (const text of texts) assert.equal(printable(text), text)
})

test('joiners where nothing joins are shown', () => {
  assert.equal(printable('pass\u200dword'), 'pass\\u200dword')
  assert.equal(printable('\u200c'), '\\u200c')
})

test('a pile of marks is cut down', () => {
  assert.equal(printable('z' + '\u0301'.repeat(5000)), 'z' + '\u0301'.repeat(8))
})

test('JSON keeps every character and escapes what terminals and old parsers trip over', () => {
  for (const name of HOSTILE_NAMES) {
    const text = jsonText({ name })
    assert.doesNotMatch(text.replaceAll('\n', ''), FORBIDDEN, JSON.stringify(name))
    assert.deepEqual(JSON.parse(text), { name })
  }
  assert.equal(jsonText('é中🎹'), '"é中🎹"')
  assert.equal(jsonText('\u034f\u3164\u{e0041}'), '"\\u034f\\u3164\\udb40\\udc41"')
})
