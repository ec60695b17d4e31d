import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import stringWidth from 'string-width'
import { HOSTILE_NAMES } from '../../test/cli-fake.js'
import { table, truncate, wrap, type Column } from './table.js'

const columns: Column[] = [
  { header: '#', align: 'right' },
  { header: 'artist', min: 8, dispensable: 2 },
  { header: 'title', min: 8 },
  { header: 'at', align: 'right' },
  { header: 'path', min: 12, cut: 'start', dispensable: 4 },
]
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom('久石譲「人生のメリーゴーランド」', '👩‍🎤🎹🏴󠁧󠁢󠁥󠁮󠁧󠁿', 'e\u0301'.repeat(30), ...HOSTILE_NAMES),
)

test('no line is wider than the terminal, whatever is in the cells', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom('1', '100'), text, text, fc.constantFrom('0:00', '1:02:03'), text), {
        maxLength: 7,
      }),
      fc.integer({ min: 1, max: 131 }),
      (rows, width) => {
        for (const line of table(columns, rows, { width })) {
          assert.ok(stringWidth(line) <= width, `${stringWidth(line)} > ${width}: ${line}`)
          assert.ok(!line.includes('\n') && !line.includes('\x1b'))
          assert.equal(line, line.trimEnd())
        }
      },
    ),
  )
})

test('columns line up under their headers', () => {
  const lines = table(
    [{ header: 'name' }, { header: 'at', align: 'right' }, { header: 'end' }],
    [
      ['久石譲', '0:07', 'x'],
      ['e\u0301a', '1:00:07', 'x'],
      ['👩‍🎤', '', 'x'],
    ],
  )
  assert.deepEqual(lines, [
    'name         at  end',
    '久石譲     0:07  x',
    'e\u0301a      1:00:07  x',
    '👩‍🎤               x',
  ])
  for (const line of lines.slice(1)) assert.equal(stringWidth(line.slice(0, line.lastIndexOf('x'))), 17)
})

test('the widest column gives way first, then dispensable columns go', () => {
  const rows = [['1', 'a'.repeat(20), 'b'.repeat(40), '3:07', '/music/' + 'c'.repeat(30)]]
  assert.deepEqual(table(columns, rows, { width: 80 })[1].split(/ {2,}/), [
    '1',
    'a'.repeat(20),
    'b'.repeat(23) + '…',
    '3:07',
    '…' + 'c'.repeat(22),
  ])
  assert.match(table(columns, rows, { width: 40 })[1], /^1 {2}a{7,}… {2}b{7,}… {2}3:07$/)
  assert.match(table(columns, rows, { width: 20 })[1], /^1 {2}b+… {2}3:07$/)
  assert.equal(table(columns, rows)[1].length, 1 + 2 + 20 + 2 + 40 + 2 + 4 + 2 + 37)
})

test('truncate cuts between the characters that people see', () => {
  assert.equal(truncate('久石譲', 6), '久石譲')
  assert.equal(truncate('久石譲', 5), '久石…')
  assert.equal(truncate('久石譲', 4), '久…')
  assert.equal(truncate('👩‍🎤👩‍🎤', 3), '👩‍🎤…')
  assert.equal(truncate('e\u0301e\u0301e\u0301', 2), 'e\u0301…')
  assert.equal(truncate('/music/a.flac', 7, 'start'), '…a.flac')
  assert.equal(truncate('abc', 1), '…')
  assert.equal(truncate('abc', 0), '')
  assert.equal(truncate('', 0), '')
})

test('wrap breaks between words, by columns', () => {
  assert.deepEqual(wrap('one two three', 7), ['one two', 'three'])
  assert.deepEqual(wrap('久石 譲 x', 6), ['久石', '譲 x'])
  assert.deepEqual(wrap('/a/long/path is long', 6), ['/a/long/path', 'is', 'long'])
  assert.deepEqual(wrap('', 6), [''])
})
