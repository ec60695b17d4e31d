import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { encodeAudio, sine, tune } from '../../../test/audio-files.js'
import { changeSamples, type FileChange, type SampleChange } from '../index.js'
import { DecoderPool } from '../node.js'

const RATE = 22_050
const pool = new DecoderPool({ processes: 1 })
let dir: string
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'antiphon-change-test-'))
  const file = (name: string, channels: Float32Array[]) => ({
    path: join(dir, name),
    format: 'flac',
    codec: 'flac',
    sampleRate: RATE,
    channels,
  })
  const high = sine(7000, 3, RATE)
  await encodeAudio([
    file('tune.flac', [tune(4, RATE, 1), tune(4, RATE, 2)]),
    file('a.flac', [sine(440, 3, RATE)]),
    file('mix.flac', [sine(1000, 3, RATE).map((x, i) => 0.5 * (x + high[i]))]),
  ])
})
after(async () => {
  await pool.close()
  await rm(dir, { recursive: true, force: true })
})

async function all(samples: AsyncIterable<Float32Array>): Promise<Float32Array> {
  const found: number[] = []
  for await (const block of samples) for (const x of block) found.push(x)
  return Float32Array.from(found)
}
const decoded = (name: string) => all(pool.decode(join(dir, name), { sampleRate: RATE }))
async function changed(name: string, change: FileChange): Promise<Float32Array> {
  const to = `${change.kind}-${name}.changed`
  await pool.change(join(dir, name), { to: join(dir, to), change })
  return decoded(to)
}
const inSamples = (samples: Float32Array, change: SampleChange) =>
  all(
    changeSamples(
      (async function* () {
        for (let at = 0; at < samples.length; at += 1001) yield samples.subarray(at, at + 1001)
      })(),
      change,
      { sampleRate: RATE },
    ),
  )
const power = (samples: Float32Array): number => samples.reduce((sum, x) => sum + x * x, 0) / samples.length
const decibels = (ratio: number): number => 10 * Math.log10(ratio)
/** Of one frequency, over the middle of the samples. */
function level(samples: Float32Array, hz: number): number {
  const middle = samples.subarray(RATE / 2, RATE / 2 + RATE)
  let [re, im] = [0, 0]
  middle.forEach((x, n) => {
    const window = 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / middle.length)
    re += x * window * Math.cos((2 * Math.PI * hz * n) / RATE)
    im += x * window * Math.sin((2 * Math.PI * hz * n) / RATE)
  })
  return decibels((re * re + im * im) / middle.length ** 2)
}
/** The frequency with the highest level, in steps of 1 Hz. */
function loudest(samples: Float32Array, from: number, to: number): number {
  let best = from
  for (let hz = from; hz <= to; hz++) if (level(samples, hz) > level(samples, best)) best = hz
  return best
}

test('gain is exact and clips nothing', async () => {
  const before = await decoded('tune.flac')
  for (const gain of [-12, 6, 30]) {
    const after = await inSamples(before, { kind: 'gain', decibels: gain })
    assert.ok(Math.abs(decibels(power(after) / power(before)) - gain) < 1e-3)
    const factor = 10 ** (gain / 20)
    assert.ok(after.every((x, i) => Math.abs(x - factor * before[i]) < 1e-5 * factor))
  }
})

test('noise lies as far below the piece as it says, is white, and the same each time', async () => {
  const before = await decoded('tune.flac')
  const after = await inSamples(before, { kind: 'noise', snr: 20 })
  const noise = after.map((x, i) => x - before[i])
  assert.ok(Math.abs(decibels(power(before) / power(noise)) - 20) < 0.1)
  for (const lag of [1, 2, 17]) {
    const product = noise.subarray(lag).reduce((sum, x, i) => sum + x * noise[i], 0) / noise.length
    assert.ok(Math.abs(product / power(noise)) < 0.02, `lag ${lag}`)
  }
  assert.deepEqual(await inSamples(before, { kind: 'noise', snr: 20 }), after)
})

test('a crop is the same, later', async () => {
  const before = await decoded('tune.flac')
  const after = await inSamples(before, { kind: 'crop', seconds: 1.2 })
  assert.deepEqual(after, before.slice(1.2 * RATE))
})

test('resampling to 11,025 Hz and back takes what lies above half of it', async () => {
  const [before, after] = [
    await decoded('mix.flac'),
    await changed('mix.flac', { kind: 'resample', sampleRate: 11_025 }),
  ]
  assert.ok(Math.abs(after.length - before.length) < RATE * 0.01)
  assert.ok(Math.abs(level(after, 1000) - level(before, 1000)) < 0.2)
  assert.ok(level(after, 7000) < level(before, 7000) - 40)
})

test('pitch moves by semitones and the length stays; tempo the other way round', async () => {
  const before = await decoded('a.flac')
  for (const semitones of [1, -1]) {
    const after = await changed('a.flac', { kind: 'pitch', semitones })
    assert.ok(Math.abs(loudest(after, 380, 500) - 440 * 2 ** (semitones / 12)) < 2)
    assert.ok(Math.abs(after.length / before.length - 1) < 0.02, `${after.length} ${before.length}`)
  }
  for (const factor of [1.06, 0.94]) {
    const after = await changed('a.flac', { kind: 'tempo', factor })
    assert.ok(Math.abs(loudest(after, 380, 500) - 440) < 2)
    assert.ok(Math.abs((after.length * factor) / before.length - 1) < 0.02, `${after.length}`)
  }
})

test('MP3 is near the original, and not it', async () => {
  const [before, after] = [
    await decoded('tune.flac'),
    await changed('tune.flac', { kind: 'mp3', bitRate: 64_000 }),
  ]
  assert.ok(Math.abs(after.length - before.length) < RATE * 0.1, `${after.length} ${before.length}`)
  // Where it lies best: decoders may differ by a delay.
  const correlation = (lag: number): number => {
    const [a, b] = [before.subarray(3000, 60_000), after.subarray(3000 + lag, 60_000 + lag)]
    const product = a.reduce((sum, x, i) => sum + x * b[i], 0) / a.length
    return product / Math.sqrt(power(a) * power(b))
  }
  const best = Math.max(...Array.from({ length: 61 }, (_, i) => correlation(i - 30)))
  assert.ok(best > 0.95 && best < 0.99999, `${best}`)
  const { codec } = await pool.probe(join(dir, 'mp3-tune.flac.changed'))
  assert.equal(codec, 'mp3')
})

test('what can be no audio is told as when it is decoded', async () => {
  await assert.rejects(
    pool.change(join(dir, 'none.flac'), { to: join(dir, 'x'), change: { kind: 'tempo', factor: 1.06 } }),
    { code: 'file', message: /no such file/ },
  )
})
