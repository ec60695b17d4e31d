import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { parseFile } from 'music-metadata'
import type { WorldTrack } from '../../world/facts.js'
import { readFolder } from '../folder.js'
import { readWorldArtists, readWorldTracks } from './files.js'
import { makeWorld } from './make.js'

const OPTIONS = { pieces: 3, seconds: 10, seed: 7 }
const root = await mkdtemp(join(tmpdir(), 'antiphon-world-'))
after(() => rm(root, { recursive: true, force: true }))

async function hashes(dir: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    found[path.slice(dir.length)] = createHash('sha256')
      .update(await readFile(path))
      .digest('hex')
  }
  return Object.fromEntries(Object.entries(found).sort())
}

test('a world has the same bytes each time, and goes on where it was', { timeout: 180_000 }, async () => {
  const first = join(root, 'first')
  const seen: number[] = []
  const onProgress = ({ done }: { done: number }) => seen.push(done)
  assert.deepEqual(await makeWorld({ ...OPTIONS, dir: first, workers: 2, onProgress }), {
    total: 3,
    made: 3,
    kept: 0,
  })
  assert.deepEqual(seen, [1, 2, 3])
  const files = await hashes(first)
  assert.deepEqual(
    Object.keys(files).filter((name) => !name.startsWith('/audio/')),
    ['/artists.jsonl', '/graph.tsv', '/listening.tsv', '/playlists/0001.m3u8', '/world.json'],
  )
  const flacs = Object.keys(files).filter((name) => name.endsWith('.flac'))
  assert.equal(flacs.length, 3)
  assert.equal(Object.keys(files).length, 3 * 3 + 5)

  // What a run that was killed leaves: drafts, a piece without its recording, no description.
  const [kept, lost, draft] = flacs.map((name) => join(first, name))
  const old = new Date(0)
  await utimes(kept, old, old)
  await rm(lost)
  await rm(draft.replace('.flac', '.json'))
  await writeFile(`${draft}.part`, 'half a')
  await rm(join(first, 'world.json'))
  await rm(join(first, 'graph.tsv'))
  await writeFile(join(first, 'playlists/0007.m3u8'), 'of another run')
  await writeFile(join(first, 'world.making.json'), await readFile(join(first, 'artists.jsonl')))
  await assert.rejects(makeWorld({ ...OPTIONS, dir: first }), { code: 'usage', message: /another world/ })
  const whole = join(root, 'whole')
  await makeWorld({ ...OPTIONS, dir: whole, workers: 1 })
  assert.deepEqual(await hashes(whole), files)
  await writeFile(join(first, 'world.making.json'), await readFile(join(whole, 'world.json')))
  assert.deepEqual(await makeWorld({ ...OPTIONS, dir: first }), { total: 3, made: 2, kept: 1 })
  assert.deepEqual(await hashes(first), files)
  assert.equal((await stat(kept)).mtimeMs, 0)

  // What is read back is what the pieces are.
  const tracks: WorldTrack[] = []
  for await (const track of readWorldTracks(whole)) tracks.push(track)
  assert.equal(tracks.length, 3)
  let artists = 0
  for await (const { name } of readWorldArtists(whole)) {
    artists++
    assert.ok(tracks.some(({ artist }) => artist === name))
  }
  assert.equal(artists, 3)
  for (const track of tracks) {
    const base = join(whole, 'audio', track.id)
    const { common, format } = await parseFile(`${base}.flac`)
    assert.equal(common.title, track.title)
    assert.equal(common.artist, track.artist)
    assert.equal(common.year, track.year)
    assert.equal(format.duration, 10)
    assert.equal(format.sampleRate, 22_050)
    const json = JSON.parse(await readFile(`${base}.json`, 'utf8')) as Record<string, unknown>
    for (const field of ['title', 'artist', 'album', 'tags', 'captions', 'reviews', 'comments', 'articles'])
      assert.ok(json[field], field)
    assert.deepEqual(json.facts, track)
  }
  const [listed] = (await readFolder(whole)).pairs
  assert.ok(listed.texts.some(({ kind, value }) => kind === 'playlist' && value !== ''))
  for (const name of ['listening.tsv', 'graph.tsv'])
    assert.ok((await readFile(join(whole, name), 'utf8')).split('\n').every((line) => /^$|\t.*\t/.test(line)))
})

test('stopping leaves only whole pieces', { timeout: 60_000 }, async () => {
  const dir = join(root, 'stopped')
  const abort = new AbortController()
  const run = makeWorld({
    ...OPTIONS,
    dir,
    workers: 1,
    signal: abort.signal,
    onProgress: () => abort.abort(),
  })
  await assert.rejects(run, { code: 'interrupted' })
  const names = await readdir(dir, { recursive: true })
  assert.ok(!names.includes('world.json') && names.includes('world.making.json') && !names.includes('lock'))
  for (const name of names.filter((file) => file.endsWith('.flac')))
    assert.equal((await parseFile(join(dir, name))).format.duration, 10)
})

test('folders that hold something else, places that cannot be written, and impossible wishes are told', async () => {
  const other = join(root, 'other')
  await mkdir(other)
  await writeFile(join(other, 'holiday.jpg'), 'x')
  await assert.rejects(makeWorld({ ...OPTIONS, dir: other }), { code: 'usage', message: /holiday\.jpg/ })
  await assert.rejects(makeWorld({ ...OPTIONS, dir: join(other, 'holiday.jpg') }), { code: 'usage' })
  const strange = join(root, 'strange')
  await mkdir(strange)
  await writeFile(join(strange, 'world.json'), 'null')
  await assert.rejects(makeWorld({ ...OPTIONS, dir: strange }), { code: 'usage', message: /another world/ })
  await assert.rejects(makeWorld({ ...OPTIONS, dir: join(other, 'holiday.jpg', 'world') }), {
    name: 'AntiphonError',
  })
  const dir = join(root, 'none')
  await assert.rejects(makeWorld({ ...OPTIONS, dir, pieces: 0 }), { code: 'usage' })
  await assert.rejects(makeWorld({ ...OPTIONS, dir, seconds: 2 }), { code: 'usage', message: /10 to 600/ })
  await assert.rejects(makeWorld({ ...OPTIONS, dir, sampleRate: 1 }), { code: 'usage' })
  await assert.rejects(makeWorld({ ...OPTIONS, dir, soundBanks: [] }), { code: 'usage' })
  await assert.rejects(makeWorld({ ...OPTIONS, dir, soundBanks: [join(other, 'holiday.jpg')] }), {
    code: 'usage',
    message: /no sound bank/,
  })
})
