import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { encodeAudio, formats, tune } from '../../../test/audio-files.js'
import { DecoderPool, type FileOptions } from '../node.js'

let dir: string
let archive: string
const ranges = new Map<string, readonly [number, number]>()
const pool = new DecoderPool()
const at = (extension: string): string => join(dir, `one.${extension}`)

before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'antiphon-archive-'))
  const seconds = 1.3
  await encodeAudio(
    formats.map(({ extension, format, codec, sampleRate, sampleFormat }, index) => ({
      path: at(extension),
      format,
      codec,
      sampleFormat,
      sampleRate,
      repeat: extension === 'ogg' ? 12 : 1, // so that its end is cut between pages
      tags: { title: `Number ${index}` },
      channels: [tune(seconds, sampleRate, index + 1)],
    })),
  )
  // A name that a URL of FFmpeg could read otherwise, and files without a gap between them.
  archive = join(dir, 'all, of:them %20 {1}.tar')
  const parts: Buffer[] = [Buffer.from('OggS, but no Ogg'.padEnd(512, '.'))]
  let offset = 512
  for (const { extension } of formats) {
    const content = await readFile(at(extension))
    parts.push(content)
    ranges.set(extension, [offset, offset + content.length])
    offset += content.length
  }
  parts.push(Buffer.from('RIFF'))
  await writeFile(archive, Buffer.concat(parts))
})
after(async () => {
  await pool.close()
  await rm(dir, { recursive: true, force: true })
})

async function decode(path: string, options: FileOptions = {}): Promise<Float32Array> {
  const samples: number[] = []
  for await (const block of pool.decode(path, { sampleRate: 16000, ...options })) samples.push(...block)
  return Float32Array.from(samples)
}

test('audio inside of an archive is the audio of the file, in every format', async () => {
  for (const { extension } of formats) {
    const bytes = ranges.get(extension)!
    assert.deepEqual(await decode(archive, { bytes }), await decode(at(extension)), extension)
    assert.deepEqual(await pool.probe(archive, { bytes }), await pool.probe(at(extension)), extension)
    assert.deepEqual(await pool.tags(archive, { bytes }), await pool.tags(at(extension)), extension)
  }
})

test('what is wrong with audio inside of an archive is told of it, not of its neighbours', async () => {
  const [from, to] = ranges.get('ogg')!
  await assert.rejects(decode(archive, { bytes: [from, from + Math.round((to - from) * 0.6)] }), {
    code: 'file',
    reason: /^truncated: it breaks off/,
  })
  const [start, end] = ranges.get('wav')!
  await assert.rejects(decode(archive, { bytes: [start, end - 30_000] }), { reason: /^truncated/ })
  await assert.rejects(decode(archive, { bytes: [0, 512] }), { reason: /begins as Ogg, but no audio/ })
  await assert.rejects(decode(archive, { bytes: [16, 512] }), { reason: 'not audio (text)' })
  await assert.rejects(decode(archive, { bytes: [0, 0] }), { reason: 'empty file' })
  const { length } = await readFile(archive)
  await assert.rejects(decode(archive, { bytes: [length - 4, length + 1] }), {
    reason: 'truncated: the archive that it is in ends before it does',
  })
})
