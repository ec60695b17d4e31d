import assert from 'node:assert/strict'
import { it } from 'node:test'
import { Background } from './background.js'
import { audioMatch, FITS_FROM, mixtureMatch, textMatch } from './match.js'
import { queryVector } from './query-vector.js'
import { dot, normalised } from './vector.js'

it('reads cosines above the background on a fixed curve', () => {
  assert.equal(textMatch(0.3, 0.3, 0.15), 0)
  assert.equal(textMatch(0.1, 0.3, 0.15), 0)
  // cos 0.6 with the background leaves 0.8 to rise by
  assert.equal(textMatch(0.6 + 0.8 * 0.15, 0.6, 0.15), 76)
  assert.equal(textMatch(0.6 + 0.8 * 0.075, 0.6, 0.15), 46)
  assert.equal(textMatch(-0.6 + 0.8 * 0.075, -0.6, 0.15), 46)
  assert.equal(textMatch(1, 0.3, 0.15), 100)
  assert.ok(textMatch(0.34, 0.3, 0.15) < FITS_FROM)
  assert.deepEqual(
    [audioMatch(1, 0.8), audioMatch(0.9, 0.8), audioMatch(0.8, 0.8), audioMatch(0.1, 0.8)],
    [100, 50, 0, 0],
  )
  assert.equal(audioMatch(1, 1), 0)
  assert.deepEqual(
    [-1, 0, 1, 2, 3].map((deviations) => mixtureMatch(0.2 + 0.05 * deviations, 0.2, 0.05)),
    [0, 0, 38, 66, 83],
  )
})

it('draws the background of a small library towards what texts have in general, and leaves a large one alone', () => {
  const [x, y] = [Float32Array.of(1, 0), Float32Array.of(0, 1)]
  const usual = Float32Array.of(0.2, 0.2)
  const one = new Background([x], 1, 2, usual)
  // One track: 7.875 parts of 8.875 are the prior.
  const prior = (8 * 63) / 64
  assert.ok(Math.abs(one.ofText(x) - (1 + prior * 0.2) / (1 + prior)) < 1e-6)
  assert.ok(one.ofText(x) < 0.3, 'so that a perfect match stands above it')
  assert.ok(one.ofText(y) > 0)
  assert.ok(!Background.needsTexts(64) && Background.needsTexts(63))
  const many = new Background([x, y], 64, 2, usual)
  assert.equal(many.ofText(x), 0.5)
  assert.equal(many.ofAudio(y), 0.5)
})

it('mixes parts so that each moves the order, though audio lies close together and far from texts', () => {
  // Audio: a narrow cone around the first axis; the second axis is tempo, the third loudness. Texts: far from it, and weak.
  const audio = (tempo: number, loudness: number): Float32Array =>
    normalised(Float32Array.of(1, tempo, loudness, 0))
  const library = [-2, -1, 0, 1, 2].flatMap((tempo) =>
    [-2, -1, 0, 1, 2].map((loud) => audio(tempo / 5, loud / 5)),
  )
  const quiet = normalised(Float32Array.of(0.05, 0, -0.1, 1))
  const fastest = audio(0.4, 0.4)
  const { vector, spread, deviation } = queryVector({ text: quiet, like: fastest }, library)
  const best = library.reduce((a, b) => (dot(vector, b) > dot(vector, a) ? b : a))
  assert.deepEqual(best, audio(0.4, -0.4), 'as fast, but quiet')
  assert.ok(spread > 0.5 && spread < 20, String(spread))
  const cosines = library.map((other) => dot(vector, other))
  const average = cosines.reduce((sum, x) => sum + x, 0) / cosines.length
  const variance = cosines.reduce((sum, x) => sum + (x - average) ** 2, 0) / cosines.length
  assert.ok(Math.abs(deviation - Math.sqrt(variance)) < 1e-9)
  // The plain sum hears the audio only.
  const plain = normalised(quiet.map((value, d) => value + fastest[d]))
  assert.notDeepEqual(
    library.reduce((a, b) => (dot(plain, b) > dot(plain, a) ? b : a)),
    audio(0.4, -0.4),
  )
  const fast = normalised(Float32Array.of(0, 0.1, 0, 1))
  const fastNotLoud = queryVector(
    { text: fast, less: quiet.map((value, d) => (d === 2 ? -value : value)) },
    library,
  )
  assert.deepEqual(
    library.reduce((a, b) => (dot(fastNotLoud.vector, b) > dot(fastNotLoud.vector, a) ? b : a)),
    audio(0.4, -0.4),
  )
  // Each text more counts as much as the first.
  const loud = quiet.map((value, d) => (d === 2 ? -value : value))
  const both = [fast, loud].map((text, i, all) => queryVector({ text, more: [all[1 - i]] }, library).vector)
  assert.ok(both[0].every((value, d) => Math.abs(value - both[1][d]) < 1e-6))
  assert.deepEqual(
    library.reduce((a, b) => (dot(both[0], b) > dot(both[0], a) ? b : a)),
    fastest,
  )
  assert.deepEqual(queryVector({ text: fast, more: [] }, []), queryVector({ text: fast }, []))
  assert.deepEqual(queryVector({ text: fast }, []), { vector: fast, spread: 1, deviation: 1e-3 })
  // A library of one track has no spread; the mixture is a vector all the same.
  assert.ok(Math.abs(Math.hypot(...queryVector({ text: fast, like: fastest }, [fastest]).vector) - 1) < 1e-6)
})
