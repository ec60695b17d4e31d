import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instrument } from '../composer/instruments.js'
import { seconds as secondsAt } from '../composer/score.js'
import { SCALES } from '../composer/theory.js'
import { composeTrack, type WorldPiece } from './compose-track.js'
import { worldPieces } from './pieces.js'
import { planWorld } from './plan.js'
import { WORLD_STYLES } from './repertoire.js'

const PIECES = 560 // 20 a style
const ALL = [...worldPieces({ pieces: PIECES, seed: 3 })]
const lasts = ({ score }: WorldPiece): number => secondsAt(score.tempo, score.beats)

/** The least and most common value of what is counted, per style. */
function byStyle(value: (piece: WorldPiece) => string): Map<string, Map<string, number>> {
  const found = new Map<string, Map<string, number>>()
  for (const piece of ALL) {
    const own = found.get(piece.track.style) ?? new Map<string, number>()
    own.set(value(piece), (own.get(value(piece)) ?? 0) + 1)
    found.set(piece.track.style, own)
  }
  return found
}

test('styles have about equal shares, and every piece is written', () => {
  const shares = byStyle(() => 'all')
  assert.equal(shares.size, WORLD_STYLES.length)
  for (const [style, count] of shares)
    assert.ok(count.get('all')! >= 10 && count.get('all')! <= 32, `${style}: ${count.get('all')}`)
})

test('the last chord begins in time, and rings to the end', () => {
  for (const piece of ALL) {
    const { score, track } = piece
    const last = Math.max(
      ...score.parts.flatMap(({ notes }) => notes.map(({ at, beats }) => secondsAt(score.tempo, at + beats))),
    )
    assert.ok(Math.abs(lasts(piece) - 30) < 0.01, `${track.id}: ${lasts(piece)}`)
    assert.ok(last > 27, `${track.id} is silent from ${last}`)
    assert.ok(last < 30.001)
  }
})

test('facts are true of the notes', () => {
  for (const { track, score } of ALL) {
    const names = new Set(score.parts.map((part) => instrument(part.instrument).name))
    assert.deepEqual(new Set(track.instruments.map(({ name }) => name)), names, track.id)
    for (const { name, count } of track.instruments)
      assert.equal(score.parts.filter((part) => instrument(part.instrument).name === name).length, count)
    for (const part of score.parts) assert.ok(part.notes.length > 0, `${track.id}: ${part.instrument}`)
    const beat = track.metre === '6/8' ? 1.5 : 1
    assert.equal(Math.round(score.tempo[0].bpm / beat / 5), Math.round(track.bpm / 5), track.id)
    assert.equal(`${score.metre.count}/${score.metre.unit}`, track.metre)
    assert.equal(track.voices, names.has('choir') || names.has('humming voices'))
    assert.equal(
      track.tags.includes('no drums'),
      !score.parts.some((part) => ['drums', 'percussion'].includes(instrument(part.instrument).family)),
    )
    for (const detail of track.details) assert.ok(!/[{}]|undefined/.test(detail), detail)
    assert.equal(new Set(track.tags).size, track.tags.length)
    assert.ok(track.energy >= 0.15 && track.energy <= 1)
  }
})

test('notes lie in the key that is told', () => {
  const shares = ALL.map(({ track, score }) => {
    const tonic = /^([A-G])( flat| sharp)?/.exec(track.key)!
    const root =
      { C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 }[tonic[1]]! +
      (tonic[2] === ' flat' ? 11 : tonic[2] === ' sharp' ? 1 : 0)
    const scale = new Set<number>(SCALES[track.mode].map((step) => (root + step) % 12))
    let [inside, all] = [0, 0]
    for (const part of score.parts) {
      if (instrument(part.instrument).kit || instrument(part.instrument).family === 'percussion') continue
      for (const { pitch, beats } of part.notes) {
        all += beats
        if (scale.has(pitch % 12)) inside += beats
      }
    }
    return inside / all
  })
  // Blue notes, secondary dominants and passing notes are outside.
  assert.ok(shares.filter((share) => share > 0.7).length / shares.length > 0.98)
  assert.ok(shares.reduce((sum, share) => sum + share, 0) / shares.length > 0.9)
})

test('pieces of a style differ: melodies, keys, tempos, forms, players', () => {
  const melody = ({ score }: WorldPiece): string => {
    const { notes } = score.parts[0]
    return notes
      .slice(0, 24)
      .map(({ pitch }, i) => (i === 0 ? '' : pitch - notes[i - 1].pitch))
      .join()
  }
  for (const [style, found] of byStyle(melody)) {
    const count = [...found.values()].reduce((sum, n) => sum + n)
    // Synthesizer basses of techno and pulses of others may agree for a while.
    assert.ok(found.size > count * 0.75, `${style}: ${found.size} of ${count} melodies`)
  }
  for (const [style, found] of byStyle(({ track }) => track.key)) assert.ok(found.size >= 5, `${style}: keys`)
  for (const [style, found] of byStyle(({ track }) => track.moods[0]))
    assert.ok(found.size >= 3, `${style}: ${[...found.keys()].join()}`)
  for (const [style, found] of byStyle(({ track }) => track.form))
    assert.ok(found.size >= (style === 'blues' ? 1 : 3), `${style}: ${[...found.keys()].join()}`)
})

test('an artist who leans to haste plays faster than one who leans to calm', () => {
  const [slow, fast] = [ALL.filter(leans('tempo', -1)), ALL.filter(leans('tempo', 1))].map((pieces) => {
    const paces = pieces.map(({ track }) => {
      const range = WORLD_STYLES.find(({ id }) => id === track.style)!.moods.map(({ tempo }) => tempo)
      const [low, high] = [Math.min(...range.map((t) => t[0])), Math.max(...range.map((t) => t[1]))]
      return (track.bpm - low) / (high - low)
    })
    return paces.reduce((sum, pace) => sum + pace, 0) / paces.length
  })
  assert.ok(fast - slow > 0.1, `${fast} and ${slow}`)
})

function leans(trait: 'tempo', sign: 1 | -1): (piece: WorldPiece) => boolean {
  const { artists } = planWorld({ pieces: PIECES, seed: 3 })
  const leaning = new Set(artists.filter(({ manner }) => manner[trait] * sign > 0.4).map(({ name }) => name))
  return ({ track }) => leaning.has(track.artist)
}

test('longer pieces have longer forms with contrast, shorter ones are possible in every style', () => {
  const plan = planWorld({ pieces: 56, seed: 5 })
  for (let index = 0; index < 28; index++) {
    for (const seconds of [10, 17, 120]) {
      const piece = composeTrack(plan.track(index), { seconds })
      assert.ok(Math.abs(lasts(piece) - seconds) < 0.01, `${piece.track.id}: ${lasts(piece)} for ${seconds}`)
      if (seconds < 100) continue
      const labels = piece.track.form.split(' ')
      assert.ok(labels.length >= 4 && new Set(labels).size >= 2, `${piece.track.style}: ${piece.track.form}`)
    }
  }
})

test('the same seed gives the same pieces, in whatever order; another seed others', () => {
  const plan = planWorld({ pieces: PIECES, seed: 3 })
  for (const index of [471, 3, 250])
    assert.deepEqual(composeTrack(plan.track(index), { seconds: 30 }), ALL[index])
  const other = planWorld({ pieces: PIECES, seed: 4 })
  assert.notDeepEqual(composeTrack(other.track(3), { seconds: 30 }).score, ALL[3].score)
})
