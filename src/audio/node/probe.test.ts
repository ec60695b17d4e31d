import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { encodeAudio, formats, remuxAudio, tune } from '../../../test/audio-files.js'
import { AudioFileError } from '../index.js'
import { DecoderPool } from '../node.js'

const SECONDS = 2.5
const OLD_TAGS = { title: 'Before', artist: 'Someone', album: 'An album', genre: 'Jazz', date: '1959' }
const NEW_TAGS = {
  title: 'Behind a much longer title than the one before it',
  artist: 'Ärger & 音',
  genre: 'Bossa Nova',
}

let dir: string
const pool = new DecoderPool()
const at = (name: string) => join(dir, name)
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'antiphon-probe-'))
  await encodeAudio(
    formats.flatMap(({ extension, format, codec, sampleRate, sampleFormat }) =>
      [1, 2].map((seed) => ({
        path: at(`${seed}.${extension}`),
        format,
        codec,
        sampleFormat,
        sampleRate,
        tags: OLD_TAGS,
        channels: [tune(SECONDS, sampleRate, seed), tune(SECONDS, sampleRate, seed + 5)],
      })),
    ),
  )
})
after(async () => {
  await pool.close()
  await rm(dir, { recursive: true, force: true })
})

test('an edit of tags keeps the content, other audio does not, in every format', async () => {
  const editable = formats.filter(({ extension }) => extension !== 'aac')
  await remuxAudio(
    editable.map(({ extension, format }) => ({
      from: at(`1.${extension}`),
      path: at(`retagged.${extension}`),
      format,
      tags: NEW_TAGS,
    })),
  )
  const contents = new Set<string>()
  for (const { extension, sampleRate, codec } of editable) {
    const one = await pool.probe(at(`1.${extension}`))
    const two = await pool.probe(at(`2.${extension}`))
    const retagged = await pool.probe(at(`retagged.${extension}`))
    assert.notDeepEqual(await readFile(at(`1.${extension}`)), await readFile(at(`retagged.${extension}`)))
    assert.equal(retagged.content, one.content, extension)
    assert.notEqual(two.content, one.content, extension)
    assert.match(one.content, /^[0-9a-f]{64}$/)
    assert.equal(one.sampleRate, sampleRate)
    assert.equal(one.channels, 2)
    assert.ok(codec.includes(one.codec) || one.codec === 'mp3', `${codec}: ${one.codec}`)
    assert.ok(Math.abs(one.duration - SECONDS) < 0.12, `${extension}: ${one.duration} s`)
    contents.add(one.content).add(two.content)
  }
  // Opus in Ogg and in WebM, and Vorbis in Ogg and Matroska, are the same packets.
  assert.equal(contents.size, 2 * (editable.length - 2))
})

function id3v1(title: string): Buffer {
  const tag = Buffer.alloc(128)
  tag.write('TAG', 0, 'latin1')
  tag.write(title, 3, 'latin1')
  tag[127] = 8
  return tag
}

function id3v2(title: string, pictureBytes: number): Buffer {
  const frame = (id: string, body: Buffer) => {
    const head = Buffer.alloc(10)
    head.write(id, 0, 'latin1')
    head.writeUInt32BE(body.length, 4)
    return Buffer.concat([head, body])
  }
  const picture = Buffer.concat([
    Buffer.from('\0image/jpeg\0\x03\0', 'latin1'),
    Buffer.alloc(pictureBytes, 0x5a),
  ])
  const body = Buffer.concat([frame('TIT2', Buffer.from(`\0${title}`, 'latin1')), frame('APIC', picture)])
  const head = Buffer.from('ID3\x03\0\0\0\0\0\0', 'latin1')
  for (let i = 0; i < 4; i++) head[6 + i] = (body.length >> (7 * (3 - i))) & 0x7f
  return Buffer.concat([head, body])
}

function apeTag(title: string): Buffer {
  const item = Buffer.concat([Buffer.alloc(8), Buffer.from(`Title\0${title}`)])
  item.writeUInt32LE(title.length, 0)
  const mark = (flags: number) => {
    const out = Buffer.alloc(32)
    out.write('APETAGEX', 0, 'latin1')
    out.writeUInt32LE(2000, 8)
    out.writeUInt32LE(item.length + 32, 12)
    out.writeUInt32LE(1, 16)
    out.writeUInt32LE(flags >>> 0, 20)
    return out
  }
  return Buffer.concat([mark(0xa0000000), item, mark(0x80000000)])
}

test('all kinds of tags around an mp3 keep its content', async () => {
  const whole = await readFile(at('1.mp3'))
  const size = (whole[6] << 21) | (whole[7] << 14) | (whole[8] << 7) | whole[9]
  const bare = whole.subarray(10 + size)
  const variants: Record<string, Buffer[]> = {
    bare: [bare],
    id3v1: [bare, id3v1('One')],
    id3v2: [id3v2('Two', 100), bare],
    picture: [id3v2('Two', 70_000), bare],
    ape: [bare, apeTag('Three')],
    'longer ape': [bare, apeTag('Three and a longer title'.repeat(40))],
    'ape and id3v1': [bare, apeTag('Three'), id3v1('One')],
    all: [id3v2('Two', 5000), bare, apeTag('Three'), id3v1('One')],
  }
  const expected = (await pool.probe(at('1.mp3'))).content
  for (const [name, parts] of Object.entries(variants)) {
    await writeFile(at('variant.mp3'), Buffer.concat(parts))
    assert.equal((await pool.probe(at('variant.mp3'))).content, expected, name)
  }
})

test('a cover and its change keep the content', async () => {
  const covers = [1, 2].map((n) => at(`cover${n}.png`))
  const png = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  )
  await writeFile(covers[0], png)
  await writeFile(covers[1], Buffer.concat([png, Buffer.alloc(3000, 7)]))
  const channels = [tune(SECONDS, 44100, 1), tune(SECONDS, 44100, 6)]
  const targets = formats.filter(({ extension }) => ['mp3', 'flac', 'm4a'].includes(extension))
  await encodeAudio(
    targets.flatMap(({ extension, format, codec, sampleRate, sampleFormat }) =>
      covers.map((coverPath, n) => ({
        path: at(`cover${n}.${extension}`),
        format,
        codec,
        sampleFormat,
        sampleRate,
        coverPath,
        tags: OLD_TAGS,
        channels,
      })),
    ),
  )
  for (const { extension } of targets) {
    const { content } = await pool.probe(at(`1.${extension}`))
    for (const n of [0, 1])
      assert.equal((await pool.probe(at(`cover${n}.${extension}`))).content, content, extension)
  }
})

test('tags are read in every format that has them', async () => {
  for (const { extension } of formats) {
    if (extension === 'aac') continue
    const tags = await pool.tags(at(`1.${extension}`))
    assert.equal(tags.title, 'Before', extension)
    if (extension === 'aiff') continue // FFmpeg writes only some as AIFF chunks
    assert.equal(tags.artist, 'Someone', extension)
    assert.equal(tags.genre, 'Jazz', extension)
    if (!['webm', 'mka', 'wma', 'wv', 'wav'].includes(extension)) assert.equal(tags.year, 1959, extension)
  }
})

test('missing and damaged tags are no tags', async () => {
  assert.deepEqual(await pool.tags(at('1.aac')), {})
  await writeFile(
    at('blank.mp3'),
    Buffer.concat([id3v2(' \0 ', 1), (await readFile(at('1.mp3'))).subarray(200)]),
  )
  assert.equal((await pool.tags(at('blank.mp3'))).title, undefined)
  await writeFile(
    at('damaged.flac'),
    Buffer.concat([(await readFile(at('1.flac'))).subarray(0, 60), Buffer.alloc(99, 255)]),
  )
  assert.equal(typeof (await pool.tags(at('damaged.flac'))), 'object')
  await assert.rejects(
    pool.tags(at('not-there.flac')),
    (error) => error instanceof AudioFileError && error.reason === 'no such file',
  )
})

test('a tenth of a second is a tenth of a second, in every format', async () => {
  for (const seconds of [0.1, 0.15, 0.33]) {
    const jobs = formats.map(({ extension, format, codec, sampleRate, sampleFormat }) => ({
      path: at(`short-${seconds}.${extension}`),
      ...{ format, codec, sampleFormat, sampleRate },
      channels: [tune(seconds, sampleRate, 1)],
    }))
    await encodeAudio(jobs)
    for (const { path, sampleRate } of jobs) {
      const { duration } = await pool.probe(path)
      // Lossy codecs pad to whole frames, of up to 2048 samples and a delay.
      assert.ok(Math.abs(duration - seconds) < 0.01 + 3500 / sampleRate, `${path}: ${duration} s`)
    }
  }
})
