import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { readDelimited, type DelimitedOptions } from './delimited.js'
import { MAX_ROW_BYTES, type RowBlock } from './rows.js'

const root = await mkdtemp(join(tmpdir(), 'antiphon-csv-'))
after(() => rm(root, { recursive: true, force: true }))

let files = 0
async function read(
  content: string | Buffer,
  { name = 'x.csv', ...options }: DelimitedOptions & { name?: string } = {},
): Promise<{ rows: Record<string, unknown>[]; lines: number[]; wrong: string[] }> {
  const file = join(root, `${files++}-${name}`)
  await writeFile(file, content)
  return collect(readDelimited(file, options))
}

async function collect(blocks: AsyncIterable<RowBlock>) {
  const all = { rows: [] as Record<string, unknown>[], lines: [] as number[], wrong: [] as string[] }
  for await (const { rows, wrong } of blocks) {
    for (const { values, line } of rows) {
      all.rows.push(values)
      all.lines.push(line)
    }
    all.wrong.push(...wrong.map(({ line, reason }) => `${line}: ${reason}`))
  }
  return all
}

const field = fc.string({
  unit: fc.constantFrom('a', 'é', ',', '"', '\n', '\r\n', ' ', '音', ';'),
  maxLength: 12,
})
const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

test('rows and their lines as csv-parse has them, whatever is in the fields', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(field, field, field), { minLength: 1, maxLength: 8 }),
      fc.constantFrom('\n', '\r\n'),
      fc.boolean(),
      async (table, newline, ended) => {
        const text =
          ['p,q,r', ...table.map((row) => row.map(quoted).join(','))].join(newline) + (ended ? newline : '')
        const expected = parse(text, {
          columns: true,
          skip_empty_lines: true,
          info: true,
        }) as unknown as { record: Record<string, string>; info: { lines: number } }[]
        const { rows, lines, wrong } = await read(text)
        assert.deepEqual(wrong, [])
        assert.deepEqual(
          rows,
          expected.map(({ record }) => record),
        )
        let line = 2
        for (const [i, row] of table.entries()) {
          assert.equal(lines[i], line)
          line += 1 + row.join('').split('\n').length - 1
        }
      },
    ),
    { numRuns: 150 },
  )
})

test('pieces of a file meet in the middle of rows, quotes and characters', async () => {
  // Longer than what is read at once, at all offsets of it.
  const long = 'é"\n'.repeat(40_000)
  const rows = Array.from({ length: 40 }, (_, i) => [
    String(i),
    i % 7 === 3 ? long : 'x'.repeat(7777),
    '音'.repeat(i),
  ])
  const text = `a,b,c\n${rows.map((row) => row.map(quoted).join(',')).join('\n')}\n`
  for (const found of [await read(text), await read(gzipSync(text), { name: 'y.csv.gz' })]) {
    assert.deepEqual(found.wrong, [])
    assert.deepEqual(
      found.rows.map(({ a, b, c }) => [a, b, c]),
      rows,
    )
    assert.equal(found.lines.at(-1), text.trimEnd().split('\n').length)
  }
})

test('a quote that is never closed costs its line and no more', async () => {
  const good = Array.from(
    { length: 120_000 },
    (_, i) => `${i},a caption of some length without any quotes in it,c`,
  )
  const text = ['a,b,c', ...good.slice(0, 5), 'bad,"never closed,c', ...good.slice(5)].join('\n')
  assert.ok(text.length > MAX_ROW_BYTES)
  const { rows, lines, wrong } = await read(text)
  assert.deepEqual(wrong, ['7: a quote that is not closed'])
  assert.equal(rows.length, good.length)
  assert.equal(lines.at(-1), good.length + 2)

  const closed = await read('a,b\n1,"open\n2,x\n3,y\n4,"z"\n5,w\n')
  assert.deepEqual(closed.wrong, ['2: a quote that is not closed'])
  assert.deepEqual(
    closed.rows.map(({ a }) => a),
    ['2', '3', '4', '5'],
  )
  // One that swallows rows and closes well, but too early for its row.
  const short = await read('a,b,c\n1,"open,x\n2,y,z\n3,"\n4,v,w\n')
  assert.deepEqual(short.wrong, ['2: 2 fields, expected 3', '4: a quote that is not closed'])
  assert.deepEqual(
    short.rows.map(({ a }) => a),
    ['2', '4'],
  )
})

test('what else is wrong is told at its line', async () => {
  const parts = [
    'a,b\n',
    '1,x\n',
    '2\n',
    '3,y,z\n',
    '4,"x" y\n',
    '\n',
    '5,\xff\n',
    '6,\0\n',
    '7,"ok"\n',
    '8,5" disk\n',
  ]
  const { rows, lines, wrong } = await read(Buffer.from(parts.join(''), 'latin1'))
  assert.deepEqual(wrong, [
    '3: 1 field, expected 2',
    '4: 3 fields, expected 2',
    '5: characters behind a closing quote, expected a delimiter',
    '7: it is not UTF-8',
    '8: it holds a NUL',
  ])
  assert.deepEqual(
    rows.map(({ b }) => b),
    ['x', 'ok', '5" disk'],
  )
  assert.deepEqual(lines, [2, 9, 10])
})

test('a line without end is passed by', async () => {
  const endless = 'x'.repeat(3 * MAX_ROW_BYTES)
  const { rows, lines, wrong } = await read(`a,b\n1,${endless}\n2,y\n"${endless}\n3,z\n`)
  assert.deepEqual(rows, [
    { a: '2', b: 'y' },
    { a: '3', b: 'z' },
  ])
  assert.deepEqual(lines, [3, 5])
  assert.deepEqual(
    wrong,
    [2, 4].map((line) => `${line}: a line of more than ${MAX_ROW_BYTES} bytes`),
  )
  // And where a quote waits for its end before it.
  const open = await read(`a,b\n1,"open\n${endless}\n2,y\n`)
  assert.deepEqual(open.rows, [{ a: '2', b: 'y' }])
  assert.equal(open.wrong[0], '2: a quote that is not closed')
})

test('several rows of names, an open end, no quotes', async () => {
  const levels = await read(',track,track\n,title,id\nkey,,\n1,T,2\n', { headerRows: 3 })
  assert.deepEqual(levels.rows, [{ key: '1', 'track/title': 'T', 'track/id': '2' }])
  const open = await read('a\tb\n1\tx\ty\t"z\n2\tv\n', { delimiter: '\t', quoted: false, openEnd: true })
  assert.deepEqual(
    open.rows.map(({ b }) => b),
    ['x\ty\t"z', 'v'],
  )
})

test('files that can’t be read say why', async () => {
  await assert.rejects(read('', {}), { code: 'usage', message: /no row with the names of its columns/ })
  await assert.rejects(read('a,b\n1,2\n', { required: ['b', 'c', 'd'] }), {
    code: 'usage',
    message: /has no columns c, d \(found "a", "b"\)/,
  })
  await assert.rejects(read(Buffer.from('\ufeffa,b\n', 'utf16le')), { code: 'usage', message: /UTF-16/ })
  await assert.rejects(collect(readDelimited(join(root, 'none.csv'))), {
    code: 'usage',
    message: /does not exist/,
  })
  await assert.rejects(read('a\n1\n', { signal: AbortSignal.abort() }), { code: 'interrupted' })
  const packed = gzipSync(`a,b\n${'1,2\n'.repeat(300_000)}`)
  const cut = await read(packed.subarray(0, packed.length - 200), { name: 'z.csv.gz' })
  assert.ok(cut.rows.length > 0)
  assert.match(cut.wrong[0], /^\d+: the file can't be read further: unexpected end of file$/)
})
