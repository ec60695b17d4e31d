import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { test, type TestContext } from 'node:test'
import { promisify } from 'node:util'
import { Random } from '../../../random/index.js'

const ROWS = 1_000_000
const MOST_MEGABYTES = 300

/** Rows of which each names what few others do: 40,000 users, 80,000 items. */
function* listening(separator: string, header: string): Generator<string> {
  const rng = new Random('million')
  yield header
  for (let row = 0; row < ROWS; row++) {
    const user = (row % 40_000).toString(16).padStart(40, '0')
    const item = `SO${String(rng.int(0, 79_999)).padStart(16, 'A')}`
    yield `${[user, item, rng.int(1, 30)].join(separator)}\n`
  }
}

function* triples(): Generator<string> {
  const rng = new Random('million')
  for (let row = 0; row < ROWS; row++) {
    const track = `track:The Song of the Number ${Math.floor(row / 3)}`
    const tail = row % 3 === 0 ? `artist:Some Band of ${rng.int(0, 100_000)}` : `tag:${rng.int(0, 500)}`
    yield `${track}\t${row % 3 === 0 ? 'made_by' : 'has_attribute'}\t${tail}\t${rng.int(1, 9)}\n`
  }
}

const READ = {
  listening: `const { readListening } = await import(process.argv[1])
    const { matrix, rows, wrongRows } = await readListening(process.argv[2])
    const size = [rows, wrongRows, matrix.users.size]`,
  knowledge: `const { readKnowledge } = await import(process.argv[1])
    const { graph, rows, wrongRows } = await readKnowledge(process.argv[2])
    const found = graph.find('some bnad of 77', { type: 'artist', limit: 1 })[0].entity.name
    const size = [rows, wrongRows, found]`,
}

/** Reads a file of a million rows in a process of its own. */
async function measured(
  t: TestContext,
  what: keyof typeof READ,
  name: string,
  rows: Iterable<string>,
): Promise<unknown[]> {
  const dir = await mkdtemp(join(tmpdir(), 'antiphon-million-'))
  try {
    const path = join(dir, name)
    await pipeline(Readable.from(rows), createWriteStream(path))
    const door = new URL(what === 'listening' ? './index.js' : '../knowledge/index.js', import.meta.url).href
    const script = `const started = performance.now()
      ${READ[what]}
      const seconds = (performance.now() - started) / 1000
      console.log(JSON.stringify({ size, seconds, megabytes: process.resourceUsage().maxRSS / 1024 }))`
    const args = ['--input-type=module', '--eval', script, door, path]
    const { stdout } = await promisify(execFile)(process.execPath, args)
    const { size, seconds, megabytes } = JSON.parse(stdout) as {
      size: unknown[]
      seconds: number
      megabytes: number
    }
    t.diagnostic(
      `${name}: ${(ROWS / seconds / 1000).toFixed(0)} thousand rows a second, ${megabytes.toFixed(0)} MB`,
    )
    assert.ok(megabytes < MOST_MEGABYTES, `${megabytes} MB`)
    return size
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

test('a million rows of listening are read in under 300 MB', async (t) => {
  assert.deepEqual(await measured(t, 'listening', 'triples.tsv', listening('\t', '')), [ROWS, 0, 40_000])
})

test('a million rows of CSV are read in under 300 MB', async (t) => {
  const rows = listening(',', 'user_id,track_id,play_count\n')
  assert.deepEqual(await measured(t, 'listening', 'listening.csv', rows), [ROWS, 0, 40_000])
})

test('a million triples are read, and their names found, in under 300 MB', async (t) => {
  assert.deepEqual(await measured(t, 'knowledge', 'graph.tsv', triples()), [ROWS, 0, 'Some Band of 77'])
})
