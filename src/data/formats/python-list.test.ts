import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parsePythonList } from './python-list.js'

/** Python's repr of a str: single quotes, unless it holds some and no double ones; C0, C1 and DEL are escaped. */
function repr(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  const inner = [...text].map((c) => {
    const code = c.codePointAt(0)!
    if (c === '\\' || c === quote) return `\\${c}`
    if (c === '\n') return '\\n'
    if (c === '\r') return '\\r'
    if (c === '\t') return '\\t'
    if (code < 0x20 || (code >= 0x7f && code < 0xa1)) return `\\x${code.toString(16).padStart(2, '0')}`
    if (code >= 0xe000 && code < 0xf900) return `\\u${code.toString(16).padStart(4, '0')}`
    if (code >= 0xf0000) return `\\U${code.toString(16).padStart(8, '0')}`
    return c
  })
  return quote + inner.join('') + quote
}

const value = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom("'", '"', '\\', ',', '[', ']', 'a', '\n', 'x41', ' ') }),
)

test('what Python writes is what was in the list', () => {
  fc.assert(
    fc.property(fc.array(value), (list) => {
      assert.deepEqual(parsePythonList(`[${list.map(repr).join(', ')}]`), list)
    }),
    { numRuns: 500 },
  )
})

test('what Python 3.13 wrote, and what it reads', () => {
  // repr(["it's", 'say "hi"', 'both \' and "', 'tab\t', 'café', '\x9f', None, True, 1, -2.5, float('inf')][:10])
  const written = String.raw`["it's", 'say "hi"', 'both \' and "', 'tab\t', 'café', '\x9f', None, True, 1, -2.5]`
  assert.deepEqual(parsePythonList(written), [
    "it's",
    'say "hi"',
    `both ' and "`,
    'tab\t',
    'café',
    '\x9f',
    null,
    true,
    1,
    -2.5,
  ])
  for (const [text, list] of [
    ['[]', []],
    [' [ ] ', []],
    ["['a',]", ['a']],
    ["[u'a','b']", ['a', 'b']],
    [String.raw`['\u00e9\U0001F3B5\101\q']`, ['é🎵A\\q']],
    ['["JSON", "too"]', ['JSON', 'too']],
    ["['over\\\nlines']", ['overlines']],
  ] as const)
    assert.deepEqual(parsePythonList(text), list, text)
})

test('what is no list is none', () => {
  for (const text of [
    '',
    'a',
    "['a'",
    "'a'",
    "['a' 'b']",
    "['a', , 'b']",
    '[,]',
    "['a'] x",
    "['a",
    '[a]',
    '[[1]]',
    "['a''",
    '(1,)',
    "['\\']",
  ])
    assert.equal(parsePythonList(text), undefined, text)
  assert.equal(parsePythonList(`['${'\\'.repeat(500_001)}`), undefined) // and without a deep search
})
