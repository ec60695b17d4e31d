import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BasicMIDI } from 'spessasynth_core'
import { instrument } from './composer/instruments.js'
import { compose } from './composer/piece.js'
import type { Score } from './composer/score.js'
import { STYLES } from './composer/styles/index.js'
import { reverbTime, roomSeconds, toMidi } from './midi.js'

const NOTE_ON = 0x90
const NOTE_OFF = 0x80

test('a MIDI file holds the score: every note, on the right program, closed', () => {
  for (const style of STYLES) {
    const { score } = compose(style, { seed: 3, variant: 0 })
    const midi = BasicMIDI.fromArrayBuffer(toMidi(score).slice().buffer)
    assert.equal(midi.format, 1)
    assert.equal(midi.timeDivision, 480)
    assert.equal(midi.tracks.length, score.parts.length + 1)
    score.parts.forEach((part, i) => {
      const events = midi.tracks[i + 1].events
      const sounding = new Set<number>()
      let notes = 0
      for (const { statusByte, data } of events) {
        if ((statusByte & 0xf0) === NOTE_ON) {
          assert.ok(!sounding.has(data[0]), `${style.id}, ${part.instrument}: ${data[0]} is struck twice`)
          sounding.add(data[0])
          notes++
        } else if ((statusByte & 0xf0) === NOTE_OFF) {
          assert.ok(sounding.delete(data[0]), `${style.id}: an end without a beginning`)
        }
      }
      assert.equal(sounding.size, 0, `${style.id}: notes hang`)
      assert.equal(notes, part.notes.length)
      const program = events.find(({ statusByte }) => (statusByte & 0xf0) === 0xc0)
      assert.equal(program?.data[0], instrument(part.instrument).program)
    })
  }
})

test('a small score, byte for byte', () => {
  const score: Score = {
    title: 'One note',
    metre: { count: 3, unit: 4 },
    tempo: [{ at: 0, bpm: 120 }],
    parts: [
      {
        instrument: 'flute',
        notes: [{ at: 0.5, beats: 1, pitch: 72, velocity: 0.5 }],
        controls: [],
        level: 1,
        pan: -1,
        reverb: 0,
        chorus: 0,
        echo: 0,
        looseness: 0,
        late: 0,
      },
    ],
    room: 1.4,
    drive: 0,
    beats: 3,
  }
  const hex = Buffer.from(toMidi(score)).toString('hex')
  assert.ok(hex.startsWith('4d546864' + '00000006' + '0001' + '0002' + '01e0'), hex)
  assert.ok(hex.includes('ff5103' + '07a120'), 'half a second a quarter note')
  assert.ok(hex.includes('ff5804' + '03021808'), 'three four')
  assert.ok(hex.includes('c049'), 'program 73')
  // A quaver's rest (240 ticks), middle loudness, a quarter note (480 ticks) long.
  assert.ok(hex.includes('8170' + '904840' + '8360' + '8048'), hex)
})

test('the reverb time stands for seconds', () => {
  for (const seconds of [0.3, 0.7, 1.4, 3, 6]) {
    assert.ok(Math.abs(roomSeconds(reverbTime(seconds)) / seconds - 1) < 0.02)
  }
})
