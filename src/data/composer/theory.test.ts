import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  chordTones,
  isMajor,
  keyName,
  mod12,
  nearestPitch,
  romanChord,
  SCALES,
  scaleOver,
  stepInScale,
  type Mode,
} from './theory.js'

const C = { tonic: 0, mode: 'major' } as const
const A_MINOR = { tonic: 9, mode: 'minor' } as const

test('Roman numerals are spelt as in a harmony book', () => {
  const spelt = (symbol: string, key: Parameters<typeof romanChord>[1]): number[] =>
    chordTones(romanChord(symbol, key))
  assert.deepEqual(spelt('I', C), [0, 4, 7])
  assert.deepEqual(spelt('ii7', C), [2, 5, 9, 0])
  assert.deepEqual(spelt('V7', C), [7, 11, 2, 5])
  assert.deepEqual(spelt('viim7b5', C), [11, 2, 5, 9])
  assert.deepEqual(spelt('bVII', C), [10, 2, 5])
  assert.deepEqual(spelt('iv6', C), [5, 8, 0, 2])
  // Degrees count in the key's own scale: VI of A minor is F major, V is made major by its case.
  assert.deepEqual(spelt('VI', A_MINOR), [5, 9, 0])
  assert.deepEqual(spelt('V', A_MINOR), [4, 8, 11])
  assert.deepEqual(spelt('i9', A_MINOR), [9, 0, 4, 7, 11])
  assert.deepEqual(spelt('II', { tonic: 4, mode: 'phrygian' }), [5, 9, 0])
})

test('a digit after the slash puts that chord tone into the bass', () => {
  assert.equal(romanChord('V/3', C).bass, 11)
  assert.equal(romanChord('I/5', C).bass, 7)
  assert.equal(romanChord('II/7', { tonic: 0, mode: 'lydian' }).bass, 2) // a triad has no seventh: its root
})

test('an unknown chord is refused by name', () => {
  assert.throws(() => romanChord('Q7', C), /Unknown chord "Q7"/)
  assert.throws(() => romanChord('Vfoo', C), /Unknown chord quality "foo"/)
})

test('the scale over a dominant in minor has the leading note and not the seventh', () => {
  const over = scaleOver(romanChord('V7', A_MINOR), A_MINOR)
  assert.ok(over.includes(8))
  assert.ok(!over.includes(7))
  assert.deepEqual(scaleOver(romanChord('I', C), C), [0, 2, 4, 5, 7, 9, 11])
})

test('every scale over every chord holds the chord', () => {
  for (const mode of ['major', 'minor', 'dorian', 'phrygian', 'lydian', 'mixolydian'] as Mode[]) {
    for (const symbol of ['I7', 'ii7', 'iii', 'IVmaj7', 'V7b9', 'vi', 'bVII', 'iv6', '#idim7']) {
      const key = { tonic: 5, mode }
      const chord = romanChord(symbol, key)
      const scale = scaleOver(chord, key)
      for (const tone of chordTones(chord)) assert.ok(scale.includes(tone), `${symbol} in ${mode}`)
      assert.deepEqual(
        scale,
        [...new Set(scale)].sort((a, b) => a - b),
      )
    }
  }
})

test('nearestPitch finds what a search of all pitches finds; stepInScale goes up the scale', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 24, max: 100 }),
      fc.uniqueArray(fc.integer({ min: 0, max: 11 }), { minLength: 1 }),
      (target, classes) => {
        const found = nearestPitch(target, classes)
        const all = Array.from({ length: 128 }, (_, p) => p).filter((p) => classes.includes(p % 12))
        const best = Math.min(...all.map((p) => Math.abs(p - target)))
        assert.equal(Math.abs(found - target), best)
        const octave = stepInScale(found, classes.length, classes)
        assert.equal(octave, found + 12)
        assert.equal(stepInScale(octave, -classes.length, classes), found)
      },
    ),
  )
})

test('keys are named as musicians do', () => {
  assert.equal(keyName({ tonic: 10, mode: 'minor' }), 'B flat minor')
  assert.equal(keyName({ tonic: 6, mode: 'major' }), 'F sharp major')
  assert.equal(keyName({ tonic: 2, mode: 'dorian' }), 'D dorian')
  assert.ok(isMajor('lydian') && !isMajor('phrygian'))
  for (const scale of Object.values(SCALES)) assert.deepEqual([...scale].map(mod12), [...scale])
})
