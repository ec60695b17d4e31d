// A million rows take no more memory than some thousand.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { after, test, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createGzip } from 'node:zlib'

const ROWS = 1_000_000
const MOST_MEGABYTES = 300
const LARGEST_BLOCK = 8192

const root = await mkdtemp(join(tmpdir(), 'antiphon-million-'))
after(() => rm(root, { recursive: true, force: true }))

async function write(
  name: string,
  line: (i: number) => string,
  ends: readonly string[] = ['', ''],
): Promise<string> {
  const path = join(root, name)
  function* lines(): Generator<string> {
    yield ends[0]
    for (let from = 0; from < ROWS; from += 1000)
      yield Array.from({ length: 1000 }, (_, i) => line(from + i)).join('')
    yield ends[1]
  }
  const packed = name.endsWith('.gz') ? [createGzip({ level: 1 })] : []
  await pipeline([Readable.from(lines()), ...packed, createWriteStream(path)])
  return path
}

async function read(t: TestContext, format: string, path: string): Promise<Record<string, number>> {
  const child = fileURLToPath(new URL('./data-sets-child.js', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, [child, format, path])
  const found = JSON.parse(stdout) as Record<string, number>
  const rate = Math.round(found.rows / found.seconds)
  t.diagnostic(`${path.slice(root.length + 1)}: ${rate} rows a second, ${Math.round(found.megabytes)} MB`)
  assert.ok(found.megabytes < MOST_MEGABYTES, `${found.megabytes} MB`)
  assert.ok(found.largest <= LARGEST_BLOCK, `${found.largest} pairs at once`)
  await rm(path)
  return found
}

const caption = (i: number): string => `A slow song number ${i} with piano and strings`
const HEAD = 'path,caption,tags,artist,split\n'
const plain = (i: number): string =>
  `audio/${i % 100}/${i}.mp3,${caption(i)},rock;pop,Artist ${i % 5000},train\n`

test('a million rows of CSV: plain, packed, in quotes, with a quote that is never closed', async (t) => {
  const expected = { rows: ROWS, pairs: ROWS, wrong: 0, texts: 4 * ROWS }
  const quoted = (i: number): string =>
    `audio/${i}.mp3,"${caption(i)}, ""slowly""\nand long","['rock', 'pop']",Artist ${i % 5000},train\n`
  const unclosed = (i: number): string => (i === 10 ? 'audio/x.mp3,"never closed,rock,X,train\n' : plain(i))
  for (const [name, line, wrong] of [
    ['plain.csv', plain, 0],
    ['packed.csv.gz', plain, 0],
    ['quoted.csv', quoted, 0],
    ['unclosed.csv', unclosed, 1],
  ] as const) {
    const found = await read(t, 'table', await write(name, line, [HEAD, '']))
    const { rows, pairs, texts } = found
    const good = { rows, pairs: pairs + wrong, wrong: found.wrong - wrong, texts: texts + 4 * wrong }
    assert.deepEqual(good, expected, name)
  }
})

test('a million rows of JSONL, and of one JSON list', async (t) => {
  const row = (i: number): string =>
    JSON.stringify({
      path: `audio/${i}.mp3`,
      caption: caption(i),
      tags: ['rock', 'pop'],
      artist: `Artist ${i % 5000}`,
    })
  const expected = { rows: ROWS, pairs: ROWS, wrong: 0, texts: 4 * ROWS }
  for (const path of [
    await write('rows.jsonl', (i) => `${row(i)}\n`),
    await write('list.json', (i) => `${i > 0 ? ',' : ''}\n ${row(i)}`, ['[', '\n]\n']),
  ]) {
    const { rows, pairs, wrong, texts } = await read(t, 'table', path)
    assert.deepEqual({ rows, pairs, wrong, texts }, expected)
  }
})

test('a million entries of one JSON object, all on one line', async (t) => {
  const id = (i: number): string => `TR${String(i).padStart(16, '0')}`
  const path = await write(
    'annotation.json',
    (i) =>
      `${i > 0 ? ', ' : ''}"${id(i)}": ${JSON.stringify({ tag: ['rock', 'pop', 'loud'], release: 'An album', artist_name: `Artist ${i % 5000}`, year: 1990, title: `Song ${i}`, track_id: id(i) })}`,
    ['{', '}'],
  )
  await writeFile(join(root, 'ecals_track_split.json'), JSON.stringify({ train_track: [id(1)] }))
  const { rows, pairs, wrong } = await read(t, 'msd-ecals', path)
  assert.deepEqual({ rows, pairs, wrong }, { rows: ROWS, pairs: ROWS, wrong: 0 })
})
