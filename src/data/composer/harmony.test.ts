import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fillFourParts, layChords, movement, parallels, voiceChord, type FourParts } from './harmony.js'
import { chordTones, mod12, romanChord, type Key } from './theory.js'

const G: Key = { tonic: 7, mode: 'major' }
const PROGRESSION = 'I vi ii7 V7 I IV V/3 I iii7 VI7 ii9 V13 Imaj7'.split(' ')

test('a progression is laid over bars, halves for two chords in a bar, and starts again', () => {
  const spans = layChords('I ii7,V7 vi', { key: G, at: 8, bars: 5, barBeats: 4 })
  assert.deepEqual(
    spans.map(({ at, beats, chord }) => [at, beats, chord.symbol]),
    [
      [8, 4, 'I'],
      [12, 2, 'ii7'],
      [14, 2, 'V7'],
      [16, 4, 'vi'],
      [20, 4, 'I'],
      [24, 2, 'ii7'],
      [26, 2, 'V7'],
    ],
  )
  assert.equal(layChords('I ii V', { key: G, at: 0, bars: 1, barBeats: 3, from: 2 })[0].chord.symbol, 'V')
})

test('voicings hold their range, their chord and its third, and move less than from the root up', () => {
  for (const [low, high, count] of [
    [48, 67, 3],
    [52, 71, 4],
    [55, 79, 4],
  ]) {
    let previous: number[] | undefined
    let moved = 0
    let jumped = 0
    let stacked: number[] | undefined
    for (const symbol of PROGRESSION) {
      const chord = romanChord(symbol, G)
      const voicing = voiceChord(chord, { count, low, high, previous })
      assert.equal(voicing.length, count)
      const tones = chordTones(chord)
      for (const pitch of voicing) {
        assert.ok(pitch >= low && pitch <= high, `${symbol}: ${voicing.join(' ')}`)
        assert.ok(tones.includes(mod12(pitch)))
      }
      assert.ok(
        voicing.some((pitch) => mod12(pitch) === tones[1]),
        `${symbol} lacks its third`,
      )
      assert.deepEqual(
        voicing,
        [...voicing].sort((a, b) => a - b),
      )
      const root = 60 + chord.root - (chord.root > 6 ? 12 : 0)
      const plain = chord.intervals.slice(0, 3).map((interval) => root + interval)
      if (previous) moved += movement(previous, voicing)
      if (stacked) jumped += movement(stacked, plain)
      previous = voicing
      stacked = plain
    }
    assert.ok(moved / count < jumped / 3, `${moved / count} < ${jumped / 3}`)
  }
})

test('four parts: nothing crosses, the third sounds, upper neighbours stay within an octave', () => {
  let previous: FourParts | undefined
  const sopranos = [71, 71, 69, 69, 71, 72, 74, 74]
  const basses = [43, 40, 45, 38, 43, 48, 42, 43]
  let faults = 0
  PROGRESSION.slice(0, 8).forEach((symbol, i) => {
    const chord = romanChord(symbol, G)
    const voices = fillFourParts(chord, sopranos[i], basses[i], previous)
    const { bass, tenor, alto, soprano } = voices
    assert.ok(bass <= tenor && tenor <= alto && alto <= soprano, JSON.stringify(voices))
    assert.ok(soprano - alto <= 12 && alto - tenor <= 12)
    const present = [bass, tenor, alto, soprano].map(mod12)
    assert.ok(present.includes(chordTones(chord)[1]), `${symbol} lacks its third`)
    if (previous) faults += parallels(previous, voices)
    previous = voices
  })
  assert.ok(faults <= 1, `${faults} parallels`)
})

test('parallel fifths and octaves are counted', () => {
  const from = { bass: 48, tenor: 55, alto: 64, soprano: 72 }
  assert.equal(parallels(from, { bass: 50, tenor: 57, alto: 65, soprano: 74 }), 2)
  assert.equal(parallels(from, { bass: 53, tenor: 57, alto: 65, soprano: 72 }), 0)
})
