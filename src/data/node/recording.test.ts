import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import type * as Libflac from 'libflacjs/dist/index.js'
import { parseBuffer } from 'music-metadata'
import { roomSeconds } from '../midi.js'
import { encodeFlac } from './flac.js'
import { loudness, normalise, saturate } from './loudness.js'
import { Room } from './room.js'
import type { Stereo } from '../stereo.js'

const RATE = 44_100

function recording(length: number, at: (i: number) => [number, number]): Stereo {
  const sound = { left: new Float32Array(length), right: new Float32Array(length), sampleRate: RATE }
  for (let i = 0; i < length; i++) [sound.left[i], sound.right[i]] = at(i)
  return sound
}

function sine(hertz: number, amplitude: number, seconds: number): Stereo {
  return recording(Math.round(seconds * RATE), (i) => {
    const x = amplitude * Math.sin((2 * Math.PI * hertz * i) / RATE)
    return [x, x]
  })
}

/** Decodes with libFLAC: interleaved 16-bit samples. */
async function decode(flac: Uint8Array): Promise<Int16Array> {
  const library = (createRequire(import.meta.url)('libflacjs') as (variant: string) => typeof Libflac)(
    'release',
  )
  if (!library.isReady()) await new Promise((ready) => library.on('ready', ready))
  const decoder = library.create_libflac_decoder(true)
  const samples: number[] = []
  let at = 0
  library.init_decoder_stream(
    decoder,
    (count) => {
      const buffer = flac.slice(at, at + count)
      at += buffer.length
      return { buffer, readDataLength: buffer.length, error: false }
    },
    (channels) => {
      const [left, right] = channels.map((bytes) => new Int16Array(bytes.slice().buffer))
      for (let i = 0; i < left.length; i++) samples.push(left[i], right[i])
    },
    (_, description) => assert.fail(String(description)),
  )
  assert.ok(library.FLAC__stream_decoder_process_until_end_of_stream(decoder))
  // False where the checksum in the header is not that of the samples.
  assert.ok(library.FLAC__stream_decoder_finish(decoder), 'checksum of the samples')
  library.FLAC__stream_decoder_delete(decoder)
  return Int16Array.from(samples)
}

test('FLAC keeps every sample, counts them, and carries their checksum', async () => {
  for (const length of [1, 4096, 4097, 30_011]) {
    const sound = recording(length, (i) => [Math.sin(i * 0.05) * 0.7, (((i * 7919) % 2001) - 1000) / 1000])
    const flac = await encodeFlac(sound, { title: 'x' })
    const expected = new Int16Array(length * 2)
    for (let i = 0; i < length; i++) {
      expected[2 * i] = Math.round(sound.left[i] * 32767)
      expected[2 * i + 1] = Math.round(sound.right[i] * 32767)
    }
    assert.deepEqual(await decode(flac), expected)
    const info = Buffer.from(flac).subarray(8, 42)
    assert.equal(Number(info.readBigUInt64BE(10) & 0xfffffffffn), length)
    const md5 = createHash('md5').update(new Uint8Array(expected.buffer)).digest('hex')
    assert.equal(info.subarray(18).toString('hex'), md5)
  }
})

test('tags are read back as they were written, in any script', async () => {
  const flac = await encodeFlac(sine(440, 0.5, 0.5), {
    title: 'Última Noche — 最後',
    artist: 'Orquesta Almagro',
    album: 'Demo',
    tracknumber: '2',
    genre: 'Tango',
    date: '2026',
    bpm: '118',
    mood: ['dramatic', 'passionate'],
    description: 'A tango.',
  })
  const { common, format } = await parseBuffer(flac, { mimeType: 'audio/flac' })
  assert.equal(common.title, 'Última Noche — 最後')
  assert.equal(common.artist, 'Orquesta Almagro')
  assert.equal(common.track.no, 2)
  assert.deepEqual(common.genre, ['Tango'])
  assert.equal(common.year, 2026)
  assert.equal(common.bpm, 118)
  assert.ok(common.comment?.some(({ text }) => text === 'A tango.'))
  assert.equal(format.sampleRate, RATE)
  assert.equal(format.numberOfChannels, 2)
  assert.equal(format.duration, 0.5)
})

test('loudness is that of BS.1770: a 997 Hz sine at full scale in one channel is -3.01 LUFS', () => {
  const mono = recording(RATE * 2, (i) => [Math.sin((2 * Math.PI * 997 * i) / RATE), 0])
  assert.ok(Math.abs(loudness(mono) + 3.01) < 0.05, String(loudness(mono)))
  const both = sine(997, 0.1, 2)
  assert.ok(Math.abs(loudness(both) + 20) < 0.05, String(loudness(both)))
  // Gated: silence after it doesn't count.
  const padded = recording(RATE * 6, (i) => [both.left[i] ?? 0, both.right[i] ?? 0])
  assert.ok(Math.abs(loudness(padded) - loudness(both)) < 1)
  assert.equal(loudness(recording(RATE, () => [0, 0])), -Infinity)
})

test('normalising ends at -16 LUFS, and no peak passes -1 dBFS', () => {
  const quiet = sine(440, 0.01, 3)
  normalise(quiet)
  assert.ok(Math.abs(loudness(quiet) + 16) < 0.05)
  // A soft tone with clicks that would clip.
  const clicks = recording(RATE * 3, (i) => {
    const x = 0.05 * Math.sin(i * 0.06) + (i % 9001 < 3 ? 0.4 : 0)
    return [x, -x]
  })
  normalise(clicks)
  const peak = Math.max(
    ...[...clicks.left, ...clicks.right].reduce((most, x) => [Math.max(most[0], Math.abs(x))], [0]),
  )
  assert.ok(peak <= 10 ** (-1 / 20) + 1e-6, String(peak))
  assert.ok(peak > 0.8)
  const silence = recording(1000, () => [0, 0])
  normalise(silence)
  assert.ok(silence.left.every((x) => x === 0))
})

test('saturation leaves quiet mixes alone where it is off, and flattens peaks where it is on', () => {
  const sound = recording(RATE, (i) => [i % 100 === 0 ? 1 : 0.1, i % 100 === 0 ? -1 : -0.1])
  const before = sound.left.slice()
  saturate(sound, 0)
  assert.deepEqual(sound.left, before)
  saturate(sound, 0.8)
  const crest = sound.left[0] / sound.left[1]
  assert.ok(crest < 6 && crest > 1, String(crest))
  assert.ok(sound.left.every((x) => Math.abs(x) <= 1))
})

test('a room decays by 60 dB in the time it is given, differently left and right', () => {
  for (const time of [40, 64, 110]) {
    const seconds = roomSeconds(time)
    const room = new Room(RATE)
    room.time = time
    const length = Math.round(RATE * Math.max(1, seconds * 1.5))
    const [left, right] = [new Float32Array(length), new Float32Array(length)]
    for (let at = 0; at < length; at += 128) {
      const input = new Float32Array(128)
      if (at === 0) input[0] = 1
      room.process(input, left, right, at, Math.min(128, length - at))
    }
    // Schroeder's backward integration; the slope between -5 and -25 dB. Treble falls faster than the stated time.
    const energy = new Float64Array(length + 1)
    for (let i = length - 1; i >= 0; i--) energy[i] = energy[i + 1] + left[i] ** 2
    const fallen = (db: number): number => energy.findIndex((e) => e <= energy[0] * 10 ** (-db / 10)) / RATE
    const decay = 3 * (fallen(25) - fallen(5))
    assert.ok(decay > seconds * 0.5 && decay < seconds * 1.15, `${decay} for ${seconds}`)
    let [both, own, other] = [0, 0, 0]
    for (let i = 0; i < length; i++) {
      both += left[i] * right[i]
      own += left[i] ** 2
      other += right[i] ** 2
    }
    assert.ok(Math.abs(both / Math.sqrt(own * other)) < 0.2)
  }
})
