import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instrument } from './instruments.js'
import { TICKS } from './performance.js'
import { compose, type Piece } from './piece.js'
import { barBeats, type Score } from './score.js'
import { findStyle, STYLES } from './styles/index.js'

const PIECES = STYLES.flatMap((style) => [0, 1, 2].map((variant) => compose(style, { seed: 1, variant })))
const OTHERS = STYLES.map((style) => compose(style, { seed: 'other', variant: 7 }))
const ALL = [...PIECES, ...OTHERS]

function named({ info }: Piece): string {
  return `${info.style} ${info.variant}`
}

/** Seconds from the start of a score to a beat. */
function seconds({ tempo }: Score, until: number): number {
  const changes = [...tempo].sort((a, b) => a.at - b.at)
  return changes.reduce((sum, { at, bpm }, i) => {
    const end = Math.min(until, changes[i + 1]?.at ?? until)
    return sum + (Math.max(0, end - at) * 60) / bpm
  }, 0)
}

test('there are styles enough, each with pieces that differ', () => {
  assert.ok(STYLES.length >= 20)
  assert.equal(new Set(STYLES.map(({ id }) => id)).size, STYLES.length)
  for (const style of STYLES) {
    const own = PIECES.filter(({ info }) => info.style === style.id).map(({ info }) => info)
    for (const field of ['title', 'key', 'caption', 'bpm'] as const) {
      assert.equal(new Set(own.map((info) => info[field])).size, 3, `${style.id}: ${field}`)
    }
  }
  assert.equal(new Set(PIECES.map(({ info }) => `${info.artist} ${info.title}`)).size, PIECES.length)
  assert.throws(() => findStyle('polka-metal'), /Unknown style "polka-metal"/)
})

test('every piece lasts half a minute or somewhat more', () => {
  for (const piece of ALL) {
    const length = seconds(piece.score, piece.score.beats)
    assert.ok(length >= 27 && length <= 43, `${named(piece)}: ${length.toFixed(1)} s`)
  }
})

test('every note lies within the piece and its instrument, and no pitch is struck while it sounds', () => {
  for (const piece of ALL) {
    for (const part of piece.score.parts) {
      const { range, kit } = instrument(part.instrument)
      const until = new Map<number, number>()
      let last = 0
      assert.ok(part.notes.length > 0)
      for (const note of part.notes) {
        const where = `${named(piece)}, ${part.instrument} at ${note.at}`
        assert.ok(note.at >= last && note.beats > 0, where)
        assert.ok(note.at + note.beats <= piece.score.beats + 1e-9, where)
        assert.ok(Number.isInteger(note.pitch) && note.pitch >= 0 && note.pitch <= 127, where)
        if (!kit) assert.ok(note.pitch >= range[0] && note.pitch <= range[1], where)
        assert.ok(note.velocity > 0 && note.velocity <= 1, where)
        assert.ok(Math.abs(note.at * TICKS - Math.round(note.at * TICKS)) < 1e-6, where)
        assert.ok(note.at >= (until.get(note.pitch) ?? 0) - 1e-9, where)
        until.set(note.pitch, note.at + note.beats)
        last = note.at
      }
    }
  }
})

test('sections are whole bars, and music sounds in every bar', () => {
  for (const piece of ALL) {
    const { metre, beats, parts } = piece.score
    const bar = barBeats(metre)
    assert.ok(Number.isInteger(beats / bar), named(piece))
    for (let at = 0; at < beats; at += bar) {
      const sounding = parts.some(({ notes }) =>
        notes.some((note) => note.at < at + bar && note.at + note.beats > at),
      )
      assert.ok(sounding, `${named(piece)} is silent at ${at}`)
    }
  }
})

test('tempo changes are sane and begin at the start', () => {
  for (const piece of ALL) {
    const { tempo } = piece.score
    assert.equal(tempo[0].at, 0)
    for (const { at, bpm } of tempo) assert.ok(at >= 0 && bpm > 25 && bpm < 320, `${named(piece)}: ${bpm}`)
  }
})

test('velocities vary: nobody plays at one loudness', () => {
  for (const piece of ALL) {
    const velocities = piece.score.parts.flatMap(({ notes }) => notes.map((note) => note.velocity))
    const mean = velocities.reduce((a, b) => a + b) / velocities.length
    const deviation = Math.sqrt(velocities.reduce((sum, v) => sum + (v - mean) ** 2, 0) / velocities.length)
    assert.ok(deviation > 0.03, `${named(piece)}: ${deviation.toFixed(3)}`)
  }
})

test('captions say what the metadata say', () => {
  for (const piece of ALL) {
    const { info } = piece
    const caption = info.caption.toLowerCase()
    assert.ok(/^[A-Z].*\.$/.test(info.caption), info.caption)
    assert.ok(!/[{}]|undefined|  |,,|\.\./.test(info.caption), info.caption)
    assert.ok(!/\ba (?!one)[aeio]|\ban [bcdfgjklmnpqrstvwxyz]/i.test(info.caption), info.caption)
    assert.ok(
      info.moods.some((mood) => caption.includes(mood)),
      info.caption,
    )
    const style = findStyle(info.style)
    assert.ok(caption.includes(style.name.toLowerCase()), info.caption)
    for (const name of info.instruments)
      assert.ok(caption.includes(name.toLowerCase().slice(0, 4)), `${name}: ${info.caption}`)
    // A caption names no key, tempo or mode but the piece's own.
    for (const other of ALL) {
      if (other.info.key !== info.key && !info.key.includes(other.info.key)) {
        assert.ok(!info.caption.includes(` in ${other.info.key}`), info.caption)
      }
    }
    const spoken = /(\d+) bpm/.exec(caption)
    if (spoken) assert.equal(Number(spoken[1]), info.bpm)
    if (caption.includes('no drums') || caption.includes('without drums')) {
      assert.ok(info.tags.includes('no drums'), info.caption)
    }
    assert.equal(
      info.tags.includes('no drums'),
      !piece.score.parts.some(({ instrument: id }) =>
        ['drums', 'percussion'].includes(instrument(id).family),
      ),
    )
    assert.equal(new Set(info.tags).size, info.tags.length)
  }
})

test('the same seed composes the same piece, another one another', () => {
  for (const style of STYLES.slice(0, 7)) {
    const options = { seed: 5, variant: 1 }
    assert.deepEqual(compose(style, options), compose(style, options))
    assert.notDeepEqual(
      compose(style, options).score.parts,
      compose(style, { ...options, seed: 6 }).score.parts,
    )
  }
})
