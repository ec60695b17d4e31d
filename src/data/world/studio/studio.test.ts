import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Random } from '../../../random/index.js'
import type { Stereo } from '../../stereo.js'
import { planRecording, recordingWords, type Recording } from '../era.js'
import { amplify } from './amplifier.js'
import { compress, rms, widen } from './dynamics.js'
import { BUTTERWORTH_4, filter, highPass, lowPass, peak, shelf } from './filter.js'
import { addNoise, master } from './master.js'
import { crackle, hiss, wow } from './wear.js'

const RATE = 22_050

function sine(hertz: number, seconds = 1, amplitude = 0.3): Float32Array {
  return Float32Array.from(
    { length: Math.round(seconds * RATE) },
    (_, i) => amplitude * Math.sin((2 * Math.PI * hertz * i) / RATE),
  )
}

/** Amplitude of a frequency in the second half of a signal: its Fourier coefficient. */
function amplitudeAt(samples: Float32Array, hertz: number): number {
  let [re, im] = [0, 0]
  const from = samples.length >> 1
  for (let i = from; i < samples.length; i++) {
    re += samples[i] * Math.cos((2 * Math.PI * hertz * i) / RATE)
    im += samples[i] * Math.sin((2 * Math.PI * hertz * i) / RATE)
  }
  return (2 * Math.hypot(re, im)) / (samples.length - from)
}

const db = (ratio: number): number => 20 * Math.log10(ratio)
const level = (samples: Float32Array): number => db(rms(samples, samples))

/** What a chain does to a tone, in dB. */
function response(hertz: number, process: (samples: Float32Array) => void): number {
  const samples = sine(hertz)
  process(samples)
  return db(amplitudeAt(samples, hertz) / 0.3)
}

function recordingOf(year: number, more: Partial<Recording> = {}): Recording {
  const plain = { loFi: false, brightness: 0, room: 0, drive: 0 }
  return { ...planRecording({ year, ...plain }, new Random(year)), ...more }
}

test('filters: 3 dB at the edge, 24 dB an octave beyond, shelves and bells as high as told', () => {
  const chain = (make: (q: number) => Parameters<typeof filter>[1]) => (samples: Float32Array) => {
    for (const q of BUTTERWORTH_4) filter(samples, make(q))
  }
  const low = chain((q) => lowPass({ frequency: 1000, q, sampleRate: RATE }))
  assert.ok(Math.abs(response(1000, low) + 3.01) < 0.1)
  assert.ok(Math.abs(response(100, low)) < 0.1)
  assert.ok(response(2000, low) < -23 && response(2000, low) > -27)
  const high = chain((q) => highPass({ frequency: 1000, q, sampleRate: RATE }))
  assert.ok(Math.abs(response(1000, high) + 3.01) < 0.1)
  assert.ok(Math.abs(response(500, high) + 24.1) < 0.6)
  const options = { frequency: 1000, gain: 6, sampleRate: RATE }
  assert.ok(Math.abs(response(1000, (s) => filter(s, peak(options))) - 6) < 0.1)
  assert.ok(Math.abs(response(5000, (s) => filter(s, shelf('high', options))) - 6) < 0.3)
  assert.ok(Math.abs(response(50, (s) => filter(s, shelf('low', options))) - 6) < 0.3)
  assert.ok(Math.abs(response(9000, (s) => filter(s, shelf('low', options)))) < 0.1)
})

test('a compressor brings loud and soft together, and width goes to mono', () => {
  const tone = sine(440, 2)
  for (let i = RATE; i < tone.length; i++) tone[i] *= 0.1
  const sound: Stereo = { left: tone.slice(), right: tone.slice(), sampleRate: RATE }
  compress(sound, 1)
  const range = (s: Float32Array): number =>
    level(s.subarray(RATE / 2, RATE)) - level(s.subarray(1.5 * RATE, 2 * RATE))
  assert.ok(range(tone) > 19 && range(sound.left) < 14, `${range(tone)} to ${range(sound.left)}`)
  const untouched = { left: tone.slice(), right: tone.slice(), sampleRate: RATE }
  compress(untouched, 0)
  assert.deepEqual(untouched.left, tone)
  const sides = { left: sine(300), right: sine(500), sampleRate: RATE }
  widen(sides, 0)
  assert.deepEqual(sides.left, sides.right)
})

test('noise is as loud as told, clicks as many, speed as unsteady', () => {
  assert.ok(Math.abs(level(hiss(RATE * 3, -45, new Random(1))) + 45) < 0.1)
  const clicks = crackle(RATE * 60, { rate: 20, level: 0.2, sampleRate: RATE, rng: new Random(2) })
  let count = 0
  for (let i = 1; i < clicks.length; i++) if (clicks[i] !== 0 && clicks[i - 1] === 0) count++
  assert.ok(count > 800 && count < 1500, String(count))
  assert.ok(clicks.every((x) => Math.abs(x) <= 0.4))
  const steady = { left: sine(1000, 8), right: sine(1000, 8), sampleRate: RATE }
  wow(steady, 0.01, new Random(3))
  // Zero crossings of each twentieth of a second: its frequency.
  const speeds: number[] = []
  for (let at = RATE; at + RATE / 10 < steady.left.length; at += RATE / 10) {
    let crossings = 0
    for (let i = at; i < at + RATE / 10; i++)
      if (steady.left[Math.round(i)] <= 0 && steady.left[Math.round(i) + 1] > 0) crossings++
    speeds.push(crossings * 10)
  }
  const spread = (Math.max(...speeds) - Math.min(...speeds)) / 2000
  assert.ok(spread > 0.006 && spread < 0.02, String(spread))
  assert.equal(steady.left.length, 8 * RATE)
})

test('an amplifier makes sums and differences of notes, and its loudspeaker takes the treble', () => {
  const chord = sine(220).map((x, i) => x + 0.3 * Math.sin((2 * Math.PI * 330 * i) / RATE))
  const before = level(chord)
  const clean = chord.slice()
  amplify(chord, { gain: 0.9, sampleRate: RATE })
  assert.ok(Math.abs(level(chord) - before) < 0.1)
  for (const hertz of [110, 550, 770]) {
    assert.ok(db(amplitudeAt(clean, hertz)) < -60)
    assert.ok(db(amplitudeAt(chord, hertz)) > -36, `${hertz} Hz: ${db(amplitudeAt(chord, hertz))} dB`)
  }
  assert.ok(db(amplitudeAt(chord, 8800)) < -60)
  const tone = sine(3000)
  amplify(tone, { gain: 1, sampleRate: RATE })
  // Its harmonics at 9000, 15000 Hz … do not come back as 7050 or 1050.
  for (const hertz of [7050, 1050, 4950]) assert.ok(db(amplitudeAt(tone, hertz)) < -50)
})

test('eras are heard: band, width, noise floor and dynamics are what the words say', () => {
  const rng = new Random(5)
  /** Two seconds of noise with a loud and a soft half, different left and right, then silence. */
  const music = (): Stereo => {
    const side = (): Float32Array =>
      Float32Array.from({ length: RATE * 3 }, (_, i) =>
        i < 2 * RATE ? (rng.next() - 0.5) * (i % RATE < RATE / 2 ? 0.6 : 0.1) : 0,
      )
    return { left: side(), right: side(), sampleRate: RATE }
  }
  for (const year of [1934, 1945, 1955, 1966, 1974, 1985, 1996, 2004, 2013, 2022]) {
    const recording = recordingOf(year)
    const words = recordingWords(recording)
    const plain = music()
    const sound = { ...plain, left: plain.left.slice(), right: plain.right.slice() }
    master(sound, recording, new Random(1))
    const share = (s: Stereo, process: (samples: Float32Array) => void): number => {
      const part = s.left.slice(RATE / 4, 2 * RATE)
      const whole = level(part)
      process(part)
      return level(part) - whole
    }
    const treble = (s: Stereo): number =>
      share(s, (x) => {
        for (const q of BUTTERWORTH_4) filter(x, highPass({ frequency: 6500, q, sampleRate: RATE }))
      })
    const tilt = (s: Stereo): number =>
      share(s, (x) => filter(x, highPass({ frequency: 3500, sampleRate: RATE }))) -
      share(s, (x) => filter(x, lowPass({ frequency: 1000, sampleRate: RATE })))
    assert.equal(words.includes('narrow band'), treble(sound) - treble(plain) < -12, `${year}: band`)
    if (words.includes('bright')) assert.ok(tilt(sound) - tilt(plain) > 1.5, `${year}: bright`)
    if (words.includes('warm')) assert.ok(tilt(sound) - tilt(plain) < -4, `${year}: warm`)
    assert.equal(
      words.includes('mono'),
      sound.left.every((x, i) => x === sound.right[i]),
      `${year}: mono`,
    )
    const dynamics = (s: Stereo): number =>
      level(s.left.subarray(0.2 * RATE, 0.45 * RATE)) - level(s.left.subarray(0.7 * RATE, 0.95 * RATE))
    if (words.includes('compressed'))
      assert.ok(dynamics(plain) - dynamics(sound) > 4, `${year}: ${dynamics(plain)} to ${dynamics(sound)}`)
    const silence = { left: new Float32Array(RATE * 3), right: new Float32Array(RATE * 3), sampleRate: RATE }
    addNoise(silence, recording, new Random(2))
    const floor = level(silence.left.subarray(RATE, 2 * RATE))
    const noisy = words.some((word) => /crackle|hiss/.test(word))
    assert.ok(noisy ? floor > -60 : floor < -57, `${year}: floor ${floor}`)
    if (words.includes('clean')) assert.equal(floor, -Infinity)
  }
})

test('the same seed wears a recording alike', () => {
  const [a, b] = [0, 1].map(() => {
    const sound = { left: sine(440, 2), right: sine(550, 2), sampleRate: RATE }
    master(sound, recordingOf(1936), new Random('x'))
    addNoise(sound, recordingOf(1936), new Random('x'))
    return sound
  })
  assert.deepEqual(a, b)
})
