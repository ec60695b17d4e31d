import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { chunks } from '../../audio/index.js'
import { DecoderPool } from '../../audio/node.js'
import { writeTinyModel } from '../../../test/tiny-model.js'
import { wav } from '../../../test/wav.js'
import { openModel } from '../node.js'
import { embedFiles, type AudioPiece, type EmbedProgress } from './embed-files.js'

const root = mkdtempSync(join(tmpdir(), 'antiphon-embed-files-'))
after(() => rmSync(root, { recursive: true, force: true }))
process.env['XDG_CACHE_HOME'] = join(root, 'xdg')
const RATE = 2205

function tone(name: string, hertz: number, seconds: number): string {
  const path = join(root, name)
  const samples = Int16Array.from({ length: RATE * seconds }, (_, i) =>
    Math.round(9000 * Math.sin((2 * Math.PI * hertz * i) / RATE) * (1 + Math.sin(i / 900))),
  )
  writeFileSync(path, wav(samples, { rate: RATE }))
  return path
}

const model = await openModel(await writeTinyModel(join(root, 'tiny'), { sampleRate: 100 }), { workers: 2 })
after(() => model.close())
const long = tone('long.wav', 1.7, 33)
const short = tone('short.wav', 2.9, 4)
const pieces: AudioPiece[] = [{ path: long }, { path: short }, { path: long, start: 3, end: 25.5 }]
const keep = (found: readonly { start: number; end: number; vector: Float32Array }[]) =>
  found.map(({ start, end, vector }) => [start, end, ...vector])
const lists = (found: unknown[]): number[][][] => found as number[][][]

test('vectors are the chunks of each piece, embedded as the model does; kept ones have the same bits', async () => {
  const cacheDir = join(root, 'cache')
  const progress: EmbedProgress[] = []
  const first = lists(
    await embedFiles({ audio: pieces, model, keep, cacheDir, onProgress: (now) => progress.push(now) }),
  )
  assert.deepEqual({ ...progress.at(-1), path: '' }, { done: 3, total: 3, made: 3, failed: 0, path: '' })

  const pool = new DecoderPool()
  const blocks: number[] = []
  for await (const block of pool.decode(long, { sampleRate: model.audio.sampleRate })) blocks.push(...block)
  await pool.close()
  const expected: number[][] = []
  const part = Float32Array.from(blocks.slice(3 * 100, 25.5 * 100))
  for await (const { start, end, samples } of chunks([part], model.audio))
    expected.push([start, end, ...(await model.embedAudio([samples]))[0]])
  assert.deepEqual(first[2], expected)
  assert.deepEqual([first[0].length, first[1].length, first[2].length], [4, 1, 2])

  const again: EmbedProgress[] = []
  const silent = { ...model, embedAudio: () => assert.fail('embedded again') }
  const second = await embedFiles({
    audio: pieces,
    model: silent,
    keep,
    cacheDir,
    onProgress: (now) => again.push(now),
  })
  assert.deepEqual(second, first)
  assert.equal(again.at(-1)!.made, 0)

  const hopped = lists(await embedFiles({ audio: [{ path: long }], model, keep, cacheDir, hopSeconds: 5 }))
  assert.ok(hopped[0].length > first[0].length)
  utimesSync(long, 1, 1)
  const changed = lists(await embedFiles({ audio: [{ path: long }], model, keep, cacheDir }))
  assert.deepEqual(changed[0], first[0])
  assert.equal(readdirSync(join(cacheDir, model.spaceId)).length, 5)
})

test('a half-written file is made again; what cannot be read is told, each with its reason', async () => {
  const cacheDir = join(root, 'broken')
  const [whole] = await embedFiles({ audio: [{ path: short }], model, keep, cacheDir })
  const [name] = readdirSync(join(cacheDir, model.spaceId))
  truncateSync(join(cacheDir, model.spaceId, name), 30)
  const junk = join(root, 'junk.mp3')
  writeFileSync(junk, 'no audio')
  const found = await embedFiles({
    audio: [{ path: short }, { path: junk }, { path: join(root, 'none.wav') }, { path: short, start: 90 }],
    model,
    keep,
    cacheDir,
  })
  assert.deepEqual(found[0], whole)
  assert.match((found[1] as { reason: string }).reason, /not audio/)
  assert.match((found[2] as { reason: string }).reason, /does not exist/)
  assert.match((found[3] as { reason: string }).reason, /no sound/)
})

test('a stopped run keeps what is done, and the next one goes on with it', async () => {
  const cacheDir = join(root, 'stopped')
  const audio = Array.from({ length: 12 }, (_, i) => ({ path: tone(`t${i}.wav`, 1 + i / 7, 5) }))
  const stop = new AbortController()
  const run = embedFiles({
    audio,
    model,
    keep,
    cacheDir,
    signal: stop.signal,
    onProgress: ({ done }) => done === 3 && stop.abort(),
  })
  await assert.rejects(run, { code: 'interrupted' })
  const kept = readdirSync(join(cacheDir, model.spaceId)).length
  assert.ok(kept >= 3 && kept < 12, `${kept} kept`)
  let made = 0
  await embedFiles({ audio, model, keep, cacheDir, onProgress: (now) => (made = now.made) })
  assert.equal(made, 12 - kept)
})

test('what the model throws ends the run, and so does a cache that cannot be written', async () => {
  const broken = { ...model, embedAudio: () => Promise.reject(new Error('out of order')) }
  await assert.rejects(
    embedFiles({ audio: [{ path: short }], model: broken, keep, cacheDir: join(root, 'c') }),
    /out of order/,
  )
  await assert.rejects(embedFiles({ audio: [], model, keep, cacheDir: short }), {
    code: 'failed',
    message: /Cannot make the cache folder/,
  })
})
