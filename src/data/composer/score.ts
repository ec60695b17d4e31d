import type { InstrumentId } from './instruments.js'

/** A note. Times are in quarter notes from the start of the piece; velocity is 0 to 1. */
export interface Note {
  at: number
  beats: number
  pitch: number
  velocity: number
}

/** A controller change (MIDI number, value 0 to 1) or a pitch bend (value in semitones, ±2). */
export interface Control {
  at: number
  controller: number | 'bend'
  value: number
}

/** What one player plays, and how it stands in the mix (everything 0 to 1, pan -1 to 1). */
export interface Part {
  instrument: InstrumentId
  notes: Note[]
  controls: Control[]
  level: number
  pan: number
  reverb: number
  chorus: number
  /** Echo send. */
  echo: number
  /** Deviation of a note's time, in milliseconds: a machine has 0. */
  looseness: number
  /** Played through a guitar amplifier, where the renderer has one: 0 is just warm, 1 is all it has. None where undefined. */
  amp?: number
  /** Constant lateness, in milliseconds: positive lies back, negative pushes. */
  late: number
}

export interface Metre {
  /** As written: 6 and 8 for 6/8. */
  readonly count: number
  readonly unit: 4 | 8
}

export interface Score {
  title: string
  metre: Metre
  /** Quarter notes per minute, from `at` on; the first is at 0. */
  tempo: { at: number; bpm: number }[]
  parts: Part[]
  /** The room: seconds until an echo has fallen by 60 dB. */
  room: number
  /** Saturation of the mix, as of tape or an amplifier: 0 is clean, 1 is crushed. */
  drive: number
  /** Length in quarter notes; no note ends later. */
  beats: number
}

/** Length of a bar in quarter notes. */
export function barBeats(metre: Metre): number {
  return (metre.count * 4) / metre.unit
}

/** Seconds from the start of a piece to a beat (in quarter notes). */
export function seconds(tempo: Score['tempo'], until: number): number {
  const changes = [...tempo].sort((a, b) => a.at - b.at)
  return changes.reduce((sum, { at, bpm }, i) => {
    const end = Math.min(until, changes[i + 1]?.at ?? until)
    return sum + (Math.max(0, end - at) * 60) / bpm
  }, 0)
}

/** The beat (in quarter notes) at a second: where the last tempo lasts on, after the end. */
export function beatAt(tempo: Score['tempo'], second: number): number {
  const changes = [...tempo].sort((a, b) => a.at - b.at)
  let passed = 0
  for (const [i, { at, bpm }] of changes.entries()) {
    const next = changes[i + 1]?.at ?? Infinity
    const length = ((next - at) * 60) / bpm
    if (passed + length >= second) return at + ((second - passed) * bpm) / 60
    passed += length
  }
  return 0
}
