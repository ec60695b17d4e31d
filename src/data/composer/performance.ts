import { instrument } from './instruments.js'
import type { Random } from '../../random/index.js'
import { swing } from './rhythm.js'
import type { Note, Part, Score } from './score.js'
import type { Session } from './session.js'

/** Ticks of a quarter note in the MIDI file: notes are cut to this grid. */
export const TICKS = 480
const SHORTEST = 1 / 16

/** Turns the parts as written into parts as played: swing, small deviations of time and touch, nothing out of range. */
export function perform(session: Session, title: string, rng: Random): Score {
  const parts = session.parts
    .filter((part) => part.notes.length > 0)
    .map((part, i) => ({
      ...part,
      notes: tidy(play(part, session, rng.fork(`part ${i}`)), session.beats, part),
      controls: part.controls
        .filter((control) => control.at < session.beats)
        .sort((a, b) => a.at - b.at || String(a.controller).localeCompare(String(b.controller))),
    }))
  return {
    title,
    metre: session.metre,
    tempo: session.tempo,
    parts,
    room: session.room,
    drive: session.drive,
    beats: session.beats,
  }
}

function play(part: Part, session: Session, rng: Random): Note[] {
  const { groove, bpm } = session
  const beatsPerMs = bpm / 60_000
  const chords = new Map<number, number>()
  return part.notes.map((note) => {
    let at = note.at
    let end = note.at + note.beats
    if (groove) {
      at = swing(at, groove.unit, groove.ratio)
      end = Math.max(at + SHORTEST, swing(end, groove.unit, groove.ratio))
    }
    // Notes struck together stay together, but for a hair.
    const stroke = Math.round(note.at * 96)
    const shared = chords.get(stroke) ?? rng.gauss() * part.looseness
    chords.set(stroke, shared)
    const offset = (shared + rng.gauss() * part.looseness * 0.2 + part.late) * beatsPerMs
    const velocity = note.velocity * (1 + rng.gauss() * 0.035)
    return { at: at + offset, beats: end - at, pitch: note.pitch, velocity }
  })
}

/** Cuts notes to the grid, the piece and the instrument; no pitch is struck twice at once or while it still sounds. */
export function tidy(notes: readonly Note[], beats: number, part: Pick<Part, 'instrument'>): Note[] {
  const { range, kit } = instrument(part.instrument)
  const [low, high] = range
  const cut = notes
    .map((note) => {
      let pitch = note.pitch
      if (!kit) {
        while (pitch < low) pitch += 12
        while (pitch > high) pitch -= 12
      }
      const at = Math.max(0, Math.round(note.at * TICKS)) / TICKS
      const end = Math.min(beats, Math.max(at + SHORTEST, Math.round((note.at + note.beats) * TICKS) / TICKS))
      return { at, beats: end - at, pitch, velocity: Math.max(0.06, Math.min(1, note.velocity)) }
    })
    .filter((note) => note.beats >= SHORTEST / 2)
    .sort((a, b) => a.at - b.at || a.pitch - b.pitch || b.velocity - a.velocity)
  const sounding = new Map<number, Note>()
  const result: Note[] = []
  for (const note of cut) {
    const before = sounding.get(note.pitch)
    if (before) {
      // Struck twice at once: the first, louder one is enough.
      if (note.at - before.at < SHORTEST / 2) {
        before.beats = Math.max(before.beats, note.beats)
        continue
      }
      before.beats = Math.min(before.beats, note.at - before.at)
    }
    sounding.set(note.pitch, note)
    result.push(note)
  }
  return result
}
