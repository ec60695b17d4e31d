import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { JsonEntries } from '../../formats/json-entries.js'
import { findFormat, type FormatOptions } from '../../node.js'
import { readJsonDocument } from './json-document.js'
import { columnsOf, readRows } from './row-files.js'
import { MAX_ROW_BYTES, ROWS_A_BLOCK } from './rows.js'

const root = await mkdtemp(join(tmpdir(), 'antiphon-rows-'))
after(() => rm(root, { recursive: true, force: true }))

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(await mkdtemp(join(root, 'x')), name)
  await writeFile(path, content)
  return path
}

async function read(path: string): Promise<{ rows: unknown[]; lines: number[]; wrong: string[] }> {
  const all = { rows: [] as unknown[], lines: [] as number[], wrong: [] as string[] }
  for await (const { rows, wrong } of readRows(path)) {
    all.rows.push(...rows.map(({ values }) => values))
    all.lines.push(...rows.map(({ line }) => line))
    all.wrong.push(...wrong.map(({ line, reason }) => `${line}: ${reason}`))
  }
  return all
}

test('JSONL: an object a line, what is none is told with its line', async () => {
  const text = '\uFEFF{"a": 1}\r\n\n[1]\n{"a": 2\n"x"\n{"a": "é"}'
  for (const path of [await file('a.jsonl', text), await file('b.ndjson.gz', gzipSync(text))]) {
    const { rows, lines, wrong } = await read(path)
    assert.deepEqual(rows, [{ a: 1 }, { a: 'é' }])
    assert.deepEqual(lines, [1, 6])
    assert.match(wrong[0], /^3: not a JSON object/)
    assert.match(wrong[1], /^4: not JSON \(/)
    assert.match(wrong[2], /^5: not a JSON object/)
    assert.equal(wrong.length, 3)
  }
  const bytes = Buffer.from('{"a": "ok"}\n{"a": "\xff"}\n', 'latin1')
  assert.deepEqual((await read(await file('c.jsonl', bytes))).wrong, ['2: it is not UTF-8'])
  const huge = `{"a": "${'x'.repeat(MAX_ROW_BYTES)}"}\n{"a": 2}\n`
  const found = await read(await file('d.jsonl', huge))
  assert.deepEqual(found.rows, [{ a: 2 }])
  assert.deepEqual(found.wrong, [`1: a line of more than ${MAX_ROW_BYTES} bytes`])
})

test('a JSON list, object by object; JSONL that calls itself .json', async () => {
  const list = '[\n  {"a": [1, "]"]},\n  {"a": "},{"},\n  7,\n  {"b": {"c": {}}\n  }\n]\n'
  const { rows, lines, wrong } = await read(await file('a.json', list))
  assert.deepEqual(rows, [{ a: [1, ']'] }, { a: '},{' }, { b: { c: {} } }])
  assert.deepEqual(lines, [2, 3, 5])
  assert.deepEqual(wrong, ['4: not a JSON object with fields such as path, captions, tags'])
  assert.deepEqual((await read(await file('b.json', '{"a": 1}\n{"a": 2}\n'))).lines, [1, 2])
  assert.deepEqual((await read(await file('c.json', '[{"a": 1}, {"a"'))).wrong, [
    '1: the file breaks off here',
  ])
  assert.deepEqual((await read(await file('d.json', '[{"a": 1}]\n[]'))).wrong, [
    '2: not JSON (more behind its end)',
  ])
  assert.deepEqual((await read(await file('e.json', '[]'))).rows, [])
})

test('entries are cut alike wherever the pieces of a file meet', () => {
  fc.assert(
    fc.property(
      fc.array(fc.jsonValue({ maxDepth: 3 }), { maxLength: 6 }),
      fc.boolean(),
      fc.integer({ min: 1, max: 9 }),
      fc.constantFrom(undefined, 2),
      (values, isObject, step, indent) => {
        const members = Object.fromEntries(values.map((value, i) => [`k"${i}`, value]))
        const bytes = new TextEncoder().encode(JSON.stringify(isObject ? members : values, null, indent))
        const entries = new JsonEntries({ maxLength: 1e6 })
        const found: [string, unknown][] = []
        for (let at = 0; at < bytes.length; at += step)
          for (const { key, value } of entries.push(bytes.subarray(at, at + step)))
            found.push([
              key.length > 0 ? (JSON.parse(new TextDecoder().decode(key)) as string) : '',
              JSON.parse(new TextDecoder().decode(value)),
            ])
        assert.ok(entries.ended)
        assert.deepEqual(
          found,
          values.map((value, i) => [isObject ? `k"${i}` : '', JSON.parse(JSON.stringify(value))]),
        )
      },
    ),
  )
})

test('an entry that is too long is told and passed by, its bytes are not kept', async () => {
  const path = await file('long.json', `{\n"a": {"x": "${'y'.repeat(MAX_ROW_BYTES)}"},\n"b": {"x": 1}}`)
  const rows: unknown[] = []
  const wrong: unknown[] = []
  for await (const block of readJsonDocument(path, { keyField: 'id' })) {
    rows.push(...block.rows.map(({ values }) => values))
    wrong.push(...block.wrong.map(({ line, reason }) => [line, reason]))
  }
  assert.deepEqual(rows, [{ x: 1, id: 'b' }])
  assert.deepEqual(wrong, [[2, `an entry of more than ${MAX_ROW_BYTES} bytes`]])
})

/** A table in Parquet, some rows a group. */
function parquet(rows: number, rowGroupSize: number): Buffer {
  const numbers = Array.from({ length: rows }, (_, i) => i)
  return Buffer.from(
    parquetWriteBuffer({
      columnData: [
        { name: 'file_name', data: numbers.map((i) => `${i}.flac`), type: 'STRING' },
        { name: 'caption', data: numbers.map((i) => (i === 3 ? null : `Caption ${i}`)), type: 'STRING' },
        { name: 'tags', data: numbers.map((i) => ['a', `b${i}`]) },
        { name: 'year', data: numbers.map((i) => BigInt(i)), type: 'INT64' },
      ],
      rowGroupSize,
    }),
  )
}

async function table(path: string, options: FormatOptions = {}) {
  const all = { pairs: [] as string[], wrong: [] as string[], blocks: 0 }
  for await (const { pairs, wrong } of findFormat('table').read(path, options)) {
    all.pairs.push(
      ...pairs.map(({ audio, texts, track }) =>
        [audio.path.split('/').at(-1), track.part, ...texts.map(({ value }) => value)].join(' '),
      ),
    )
    all.wrong.push(...wrong.map(({ line, reason }) => `${line}: ${reason}`))
    all.blocks++
  }
  return all
}

test('Parquet: row group by row group, lists and gaps, damage told by rows', async () => {
  const path = await file('music.parquet', parquet(ROWS_A_BLOCK + 10, ROWS_A_BLOCK + 5))
  assert.deepEqual(await columnsOf(path), ['file_name', 'caption', 'tags', 'year'])
  const { pairs, wrong, blocks } = await table(path)
  assert.equal(pairs.length, ROWS_A_BLOCK + 10)
  assert.equal(blocks, 3)
  assert.deepEqual(pairs.slice(2, 4), ['2.flac  Caption 2 a b2', '3.flac  a b3'])
  assert.equal(pairs.at(-1), `${ROWS_A_BLOCK + 9}.flac  Caption ${ROWS_A_BLOCK + 9} a b${ROWS_A_BLOCK + 9}`)
  assert.deepEqual(wrong, [])

  const bytes = parquet(300, 100)
  bytes.fill(0xff, 4, 60) // the head of the first group's first page
  const damaged = await table(await file('damaged.parquet', bytes))
  assert.equal(damaged.pairs.length, 200)
  assert.match(damaged.wrong[0], /^1: rows 1 to 100 can't be read/)
  await assert.rejects(table(await file('no.parquet', 'PAR1 no')), {
    code: 'usage',
    message: /no Parquet file, or damaged/,
  })
})

test('a folder of tables as the hub has them: parts by the names of files', async () => {
  const dir = join(root, 'hub')
  const { mkdir } = await import('node:fs/promises')
  await mkdir(join(dir, 'data'), { recursive: true })
  await writeFile(join(dir, 'data', 'train-00000-of-00001.parquet'), parquet(2, 2))
  await writeFile(join(dir, 'data', 'validation-00000-of-00001.parquet'), parquet(1, 1))
  const { pairs } = await table(dir, { audio: '/music' })
  assert.deepEqual(pairs, [
    '0.flac train Caption 0 a b0',
    '1.flac train Caption 1 a b1',
    '0.flac validation Caption 0 a b0',
  ])
})

test('a table that is of no use says what is missing; audio inside of a table is refused', async () => {
  await assert.rejects(table(await file('a.csv', 'caption\nx\n')), {
    code: 'usage',
    message: /no column with the path.*found caption/,
  })
  await assert.rejects(table(await file('a.csv', 'path\nx\n')), {
    code: 'usage',
    message: /no column of texts.*found path/,
  })
  await assert.rejects(table(await file('a.xls', 'path\nx\n')), { code: 'usage', message: /is no table/ })
  const held = await table(
    await file(
      'a.jsonl',
      '{"audio": {"path": "x.wav", "bytes": "AAAA"}, "text": "T"}\n{"audio": {"path": "y.wav"}, "text": "T", "start": 2, "end": 1}\n{"audio": {"path": "z.wav"}, "text": "T", "start": "2", "end": 4.5}',
    ),
  )
  assert.deepEqual(held.pairs, ['z.wav  T'])
  assert.match(held.wrong[0], /^1: its audio is inside of the table/)
  assert.match(held.wrong[1], /^2: it ends at 1 s/)
  const semicolons = await table(await file('a.csv', 'path;caption\nx.wav;A, and B\n'))
  assert.deepEqual(semicolons.pairs, ['x.wav  A, and B'])
})
