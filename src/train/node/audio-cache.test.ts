import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { wav } from '../../../test/wav.js'
import { cacheAudio } from './audio-cache.js'

const RATE = 16000

/** A second of one value: what comes out of the cache says which file it was made of. */
const level = (value: number): Buffer =>
  wav(Buffer.from(new Int16Array(RATE).fill(value).buffer), { rate: RATE })

async function* toInt16(blocks: AsyncIterable<Float32Array>): AsyncGenerator<Int16Array> {
  for await (const block of blocks) yield Int16Array.from(block, (x) => Math.round(x * 32768))
}

test('each audio of an archive has a cache file of its own', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'antiphon-cache-'))
  try {
    const path = join(dir, 'shard.tar')
    const [one, two] = [level(1000), level(-2000)]
    await writeFile(path, Buffer.concat([one, two]))
    const audio = [
      { path, bytes: [0, one.length] as const },
      { path, bytes: [one.length, one.length + two.length] as const },
      { path, bytes: [one.length, one.length + two.length] as const, end: 0.5 },
    ]
    const options = {
      audio,
      dir: join(dir, 'cache'),
      key: 'k',
      sampleRate: RATE,
      encode: toInt16,
      decoders: 1,
    }
    const made = await cacheAudio(options)
    const numbers: (readonly [length: number, first: number])[] = []
    for (const entry of made) {
      assert.ok('file' in entry)
      numbers.push([entry.length, (await readFile(entry.file)).readInt16LE(0)])
    }
    assert.deepEqual(numbers, [
      [RATE, 1000],
      [RATE, -2000],
      [RATE / 2, -2000],
    ])
    assert.equal(new Set(made.map((entry) => 'file' in entry && entry.file)).size, 3)
    let decoded = 0
    assert.deepEqual(await cacheAudio({ ...options, onProgress: ({ made }) => (decoded = made) }), made)
    assert.equal(decoded, 0)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
})
