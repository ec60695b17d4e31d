import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { parseFile } from 'music-metadata'
import type { PieceInfo } from '../composer/piece.js'
import { makeDemoLibrary, type DemoProgress } from './demo-library.js'

const PLAN = { seed: 4, styles: ['music-box', 'church-organ'], perStyle: 1 }
const root = await mkdtemp(join(tmpdir(), 'antiphon-demo-'))
after(() => rm(root, { recursive: true, force: true }))

async function hashes(dir: string): Promise<Record<string, string>> {
  const files = (await readdir(dir, { recursive: true })).filter((name) => name.includes('.')).sort()
  const entries = files.map(async (name) => {
    const hash = createHash('sha256').update(await readFile(join(dir, name)))
    return [name, hash.digest('hex')] as const
  })
  return Object.fromEntries(await Promise.all(entries))
}

test('the library has the same bytes each time, with one worker or two', { timeout: 180_000 }, async () => {
  const progress: DemoProgress[] = []
  const first = join(root, 'first')
  const made = await makeDemoLibrary({ ...PLAN, dir: first, workers: 2, onProgress: (p) => progress.push(p) })
  assert.deepEqual(made, { total: 2, made: 2, kept: 0 })
  assert.deepEqual(
    progress.map(({ done, total }) => [done, total]),
    [
      [1, 2],
      [2, 2],
    ],
  )
  const second = join(root, 'second')
  await makeDemoLibrary({ ...PLAN, styles: ['church-organ', 'music-box'], dir: second, workers: 1 })
  const files = await hashes(first)
  assert.deepEqual(await hashes(second), files)
  assert.equal(Object.keys(files).length, 6)
  for (const ending of ['.flac', '.mid', '.json']) {
    assert.equal(Object.keys(files).filter((name) => name.endsWith(ending)).length, 2)
  }

  // What the file says of itself is what its composer says.
  for (const name of Object.keys(files).filter((file) => file.endsWith('.flac'))) {
    const info = JSON.parse(await readFile(join(first, name.replace('.flac', '.json')), 'utf8')) as PieceInfo
    const { common, format } = await parseFile(join(first, name))
    assert.equal(common.title, info.title)
    assert.equal(common.artist, info.artist)
    assert.equal(common.album, info.album)
    assert.deepEqual(common.genre, [info.genre])
    assert.equal(common.year, info.year)
    assert.ok(common.comment?.some(({ text }) => text === info.caption))
    const seconds = format.duration ?? 0
    assert.ok(seconds >= 30 && seconds <= 45, `${name}: ${seconds} s`)
    assert.equal(format.sampleRate, 44_100)
    assert.equal(format.bitsPerSample, 16)
  }

  // A second run keeps what is whole and makes again what isn't.
  const [flac, other] = Object.keys(files).filter((name) => name.endsWith('.flac'))
  const old = new Date(0)
  await utimes(join(first, other), old, old)
  assert.deepEqual(await makeDemoLibrary({ ...PLAN, dir: first }), { total: 2, made: 0, kept: 2 })
  await rm(join(first, flac))
  await writeFile(`${join(first, flac)}.part`, 'what a killed run leaves')
  assert.deepEqual(await makeDemoLibrary({ ...PLAN, dir: first }), { total: 2, made: 1, kept: 1 })
  assert.deepEqual(await hashes(first), files)
  assert.equal((await stat(join(first, other))).mtimeMs, 0)
  await truncate(join(first, flac.replace('.flac', '.mid')), 100)
  const stopped = new AbortController()
  stopped.abort()
  await assert.rejects(makeDemoLibrary({ ...PLAN, dir: first, signal: stopped.signal }), {
    code: 'interrupted',
  })
})

test('stopping leaves no half piece under a final name', { timeout: 60_000 }, async () => {
  const dir = join(root, 'stopped')
  const abort = new AbortController()
  const run = makeDemoLibrary({ ...PLAN, dir, workers: 1, signal: abort.signal })
  setTimeout(() => abort.abort(), 1_000)
  await assert.rejects(run, { code: 'interrupted' })
  const left = existsSync(dir)
    ? (await readdir(dir, { recursive: true })).filter((f) => f.endsWith('.flac'))
    : []
  for (const name of left) assert.ok(((await parseFile(join(dir, name))).format.duration ?? 0) > 30)
})

test('a place that cannot be written and an unknown style are told', { timeout: 60_000 }, async () => {
  const file = join(root, 'a-file')
  await writeFile(file, '')
  await assert.rejects(makeDemoLibrary({ ...PLAN, dir: file, workers: 1 }), {
    name: 'AntiphonError',
    code: 'failed',
  })
  await assert.rejects(makeDemoLibrary({ dir: root, styles: ['polka-metal'] }), { code: 'usage' })
})
