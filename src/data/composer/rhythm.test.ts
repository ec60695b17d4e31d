import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fill, FILLS, grooveBar } from './drums.js'
import { parseRhythm, swing } from './rhythm.js'

test('grid notation: strokes, holds, ghosts and rests', () => {
  assert.deepEqual(parseRhythm('X-.o|x---', 4), [
    [
      { at: 0, beats: 2, weight: 1 },
      { at: 3, beats: 1, weight: 0.45 },
    ],
    [{ at: 0, beats: 4, weight: 0.8 }],
  ])
  assert.deepEqual(
    parseRhythm('x..x..', 3)[0].map((hit) => hit.at),
    [0, 1.5],
  )
  assert.throws(() => parseRhythm('x.y.', 4), /Unknown sign "y"/)
})

test('swing keeps the beats and moves what lies between, in order', () => {
  for (const ratio of [0.5, 0.58, 2 / 3]) {
    for (const beat of [0, 1, 2, 7, 31]) assert.equal(swing(beat, 0.5, ratio), beat)
    assert.ok(Math.abs(swing(3.5, 0.5, ratio) - (3 + ratio)) < 1e-9)
    let last = -1
    for (let at = 0; at < 4; at += 1 / 48) {
      const moved = swing(at, 0.25, ratio)
      assert.ok(moved > last)
      last = moved
    }
  }
  assert.equal(swing(1.3, 0.5, 0.5), 1.3)
})

test('a groove plays its bars in turn; fills end where they should', () => {
  const groove = { kick: 'X...|..X.', snare: '..x.' }
  const bar = (index: number): number[][] =>
    grooveBar(groove, { at: 4 * index, bar: index, barBeats: 4, velocity: 1 }).map(({ at, pitch }) => [
      at,
      pitch,
    ])
  assert.deepEqual(bar(0), [
    [0, 36],
    [2, 38],
  ])
  assert.deepEqual(bar(1), [
    [6, 36],
    [6, 38],
  ])
  for (const name of Object.keys(FILLS)) {
    for (const note of fill(name, 16, 0.8)) assert.ok(note.at >= 14 && note.at < 16)
  }
})
