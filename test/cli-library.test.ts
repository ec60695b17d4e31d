// The real command line over real files, with a model that loads in no time; and the library's door beside it.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { openCatalog } from '../src/index.js'
import { schemas } from '../src/cli/index.js'
import { encodeAudio, tune } from './audio-files.js'
import { repositoryRoot } from './golden.js'
import { writeTinyModel } from './tiny-model.js'

const folder = mkdtempSync(join(tmpdir(), 'antiphon-cli-library-'))
const music = join(folder, 'music')
const catalogDir = join(folder, 'catalog')
const model = join(folder, 'tiny')
const TITLE = 'right\u202eto left \x1b[31m 久石譲'
/** POSIX allows anything but / and NUL. */
const HOSTILE_NAME = process.platform === 'win32' ? 'plain.flac' : 'two\nlines \x1b]0;owned\x07.flac'

before(async () => {
  mkdirSync(music)
  await writeTinyModel(model)
  const flac = { format: 'flac', codec: 'flac', sampleRate: 44_100 }
  const channels = (seed: number) => [tune(13, 44_100, seed)]
  await encodeAudio([
    {
      ...flac,
      path: join(music, 'one.flac'),
      channels: channels(1),
      tags: { title: TITLE, artist: 'A', date: '1991' },
    },
    { ...flac, path: join(music, 'two.flac'), channels: channels(2), tags: { title: 'B', genre: 'Jazz' } },
    { ...flac, path: join(music, 'three.flac'), channels: channels(3) },
  ])
  renameSync(join(music, 'three.flac'), join(music, HOSTILE_NAME))
  writeFileSync(join(music, 'text.mp3'), 'not music at all\n')
})
after(() => rmSync(folder, { recursive: true, force: true }))

function antiphon(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(repositoryRoot, 'dist/src/cli/main.js'), ...args],
    {
      encoding: 'utf8',
      env: { ...process.env, ANTIPHON_CATALOG: catalogDir, XDG_CACHE_HOME: join(folder, 'cache') },
      timeout: 120_000,
    },
  )
  return { status, stdout, stderr }
}

test('index, search, similar, tags, export, remove: a library from beginning to end', () => {
  const none = antiphon('search', 'x')
  assert.equal(none.status, 1)
  assert.match(none.stderr, /^antiphon: There is no catalog in .*antiphon index/)

  const index = antiphon('index', music, '--model', model, '--json')
  assert.equal(index.status, 3, index.stderr)
  const summary = schemas.IndexOutput.parse(JSON.parse(index.stdout))
  assert.deepEqual([summary.embedded, summary.failed, summary.tracks], [3, 1, 3])
  assert.deepEqual(
    summary.failures.map(({ path }) => path),
    [join(music, 'text.mp3')],
  )

  assert.doesNotMatch(index.stderr, /[\u0000-\u0009\u000b-\u001f\u202e]/)

  const search = antiphon('search', 'calm piano', '--json')
  assert.equal(search.status, 0, search.stderr)
  const { results, model: maker } = schemas.SearchOutput.parse(JSON.parse(search.stdout))
  assert.equal(maker, model)
  const paths = ['one.flac', HOSTILE_NAME, 'two.flac'].map((name) => join(music, name))
  assert.deepEqual(results.map(({ path }) => path).sort(), paths.sort())
  assert.deepEqual(
    [...results].sort((a, b) => b.cosine - a.cosine),
    results,
  )
  const one = results.find(({ path }) => path === join(music, 'one.flac'))!
  assert.equal(one.title, TITLE)

  const table = antiphon('search', 'calm piano', '--where', 'year=1991')
  assert.match(
    table.stdout,
    /^(Nothing .*\n)?# {2}artist.*\n1 {2}A +right\\u202eto left \\x1b\[31m 久石譲 +0:\d\d +\d+ {2}.*one\.flac\n$/,
  )
  assert.equal(
    antiphon('search', 'x', '--where', 'year=1992').stdout,
    'No tracks found that pass the filter.\n',
  )
  assert.match(
    antiphon('search', 'x', '--where', 'yer=1992').stderr,
    /^antiphon: Filter "yer=1992".*expected one of/,
  )
  const liked = antiphon('search', 'calmer', '--like', one.trackId, '--less', 'drums', '--json')
  assert.equal(schemas.SearchOutput.parse(JSON.parse(liked.stdout)).results.length, 2)

  const similar = antiphon('similar', join(music, 'two.flac'), '--json')
  assert.equal(schemas.SearchOutput.parse(JSON.parse(similar.stdout)).results.length, 2)
  assert.equal(antiphon('similar', 'no such thing').status, 2)
  assert.equal(antiphon('similar', join(music, 'text.mp3')).status, 1)
  const tags = antiphon('tags', one.trackId, '-n', '3', '--json')
  assert.equal(schemas.TagsOutput.parse(JSON.parse(tags.stdout)).tags.length, 3)
  const info = schemas.InfoOutput.parse(JSON.parse(antiphon('info', '--json').stdout))
  assert.deepEqual([info.tracks, info.moments, info.folders], [3, 6, [music]])

  const playlist = antiphon('search', 'x', '--m3u', '-')
  assert.equal(
    playlist.stdout.split('\n').filter((line) => line.startsWith('/') || /^\w:/.test(line)).length,
    process.platform === 'win32' ? 3 : 2,
  )

  assert.equal(antiphon('export', '--npy', folder).status, 0)
  const bytes = readFileSync(join(folder, 'tracks.npy'))
  assert.match(bytes.subarray(0, 128).toString('latin1'), /'shape': \(3, 7\)/)
  for (let row = 0; row < 3; row++) {
    let squares = 0
    for (let i = 0; i < 7; i++) squares += bytes.readFloatLE(bytes.length - 4 * (21 - row * 7 - i)) ** 2
    assert.ok(Math.abs(squares - 1) < 1e-5)
  }

  const other = antiphon('search', 'x', '--model', 'bridge')
  assert.equal(other.status, 5, other.stderr)
  assert.match(other.stderr, /reindex --model bridge/)
  assert.equal(antiphon('search', 'x', '--model', join(folder, 'nowhere')).status, 1)

  const doctor = antiphon('doctor', '--json')
  const report = schemas.DoctorOutput.parse(JSON.parse(doctor.stdout))
  assert.deepEqual(
    report.checks.filter(({ status }) => status === 'fail'),
    [],
  )
  for (const name of ['decoder', 'model', 'parity', 'space', 'catalog'])
    assert.ok(
      report.checks.some((check) => check.name === name && check.status === 'ok'),
      name,
    )

  assert.equal(antiphon('remove', one.trackId).status, 0)
  assert.equal(antiphon('remove', one.trackId).status, 2)
  assert.equal(schemas.InfoOutput.parse(JSON.parse(antiphon('info', '--json').stdout)).tracks, 2)
})

test('the library works without the command line', async () => {
  const catalog = await openCatalog({ dir: join(folder, 'by-program'), model })
  const failed: string[] = []
  for await (const event of catalog.index([music])) if (event.kind === 'failed') failed.push(event.path)
  const { results } = await catalog.search('calm solo piano')
  await catalog.close()
  assert.deepEqual(failed, [join(music, 'text.mp3')])
  assert.deepEqual(
    results.map(({ rank }) => rank),
    [1, 2, 3],
  )
})

test('a command line of a thousand files works as one of a few does', () => {
  const missing = Array.from({ length: 1000 }, (_, i) => join(music, `no-such-file-in-this-folder-${i}.flac`))
  const search = antiphon('search', 'piano', '--json', '--like', join(music, 'two.flac'), ...missing)
  assert.equal(search.status, 0, search.stderr)
  assert.ok(schemas.SearchOutput.parse(JSON.parse(search.stdout)).query.includes('folder-999.flac'))
  const wrong = antiphon('remove', 'x'.repeat(60_000))
  assert.equal(wrong.status, 2, wrong.stderr)
})
