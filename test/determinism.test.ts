// A file of music, through decoder, model and store: its vectors don't depend on what was indexed with it, or by how many.
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { after, before, test } from 'node:test'
import { openCatalog } from '../src/index.js'
import { encodeAudio, tune } from './audio-files.js'

const root = mkdtempSync(join(tmpdir(), 'antiphon-determinism-'))
const music = join(root, 'music')
const NAMES = ['a.flac', 'b.mp3', 'c.ogg', 'd.wav', 'e.opus', 'f.m4a', 'g.flac']
const CODECS: Record<string, [format: string, codec: string, sampleRate: number]> = {
  flac: ['flac', 'flac', 44_100],
  mp3: ['mp3', 'libmp3lame', 44_100],
  ogg: ['ogg', 'libvorbis', 22_050],
  wav: ['wav', 'pcm_s16le', 16_000],
  opus: ['opus', 'libopus', 48_000],
  m4a: ['ipod', 'aac', 48_000],
}

before(async () => {
  mkdirSync(music)
  await encodeAudio(
    NAMES.map((name, i) => {
      const [format, codec, sampleRate] = CODECS[name.split('.')[1]]
      const channels = [tune(13 + 2 * i, sampleRate, i), tune(13 + 2 * i, sampleRate, i + 50)]
      return { path: join(music, name), format, codec, sampleRate, channels }
    }),
  )
})
after(() => rmSync(root, { recursive: true, force: true }))

let made = 0
/** Track vectors by file name, as bytes, of a catalog of these files. */
async function vectorsOf(paths: string[], workers: number): Promise<Map<string, Buffer>> {
  const catalog = await openCatalog({ dir: join(root, `catalog${made++}`) })
  for await (const event of catalog.index(paths, { workers })) assert.notEqual(event.kind, 'failed')
  const { tracks, matrix, dim } = await catalog.vectors()
  const results = (await catalog.search('slow piano', { limit: 100 })).results
  assert.equal(results.length, tracks.length)
  await catalog.close()
  return new Map(
    tracks.map(({ path }, i) => [
      basename(path),
      Buffer.from(matrix.slice(i * dim, (i + 1) * dim).buffer), // a copy: the matrix is shared
    ]),
  )
}

test('a file has the same bits alone, among seven, and with 1 and 2 workers', async () => {
  const one = await vectorsOf([music], 1)
  const two = await vectorsOf([music], 2)
  assert.deepEqual([...one.keys()].sort(), NAMES)
  assert.deepEqual(two, one)
  for (const name of ['a.flac', 'c.ogg']) {
    const alone = await vectorsOf([join(music, name)], 2)
    assert.deepEqual(alone, new Map([[name, one.get(name)]]))
  }
  assert.notDeepEqual(one.get('a.flac'), one.get('g.flac'))
})
