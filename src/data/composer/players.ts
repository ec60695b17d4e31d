import type { ChordSpan } from './harmony.js'
import { voiceChord } from './harmony.js'
import { fill, grooveBar, type FILLS, type Groove } from './drums.js'
import { instrument } from './instruments.js'
import { chordAt, fold } from './melody.js'
import { parseRhythm } from './rhythm.js'
import type { Random } from '../../random/index.js'
import type { Part } from './score.js'
import type { Section } from './session.js'
import { mod12, nearestPitch, scaleOver, stepInScale, type Key } from './theory.js'

/** Loudness of a section: its energy bends what a player would play. */
export function loudness(section: Section, base = 0.7): number {
  return base * (0.6 + 0.55 * section.energy)
}

export interface CompOptions {
  /** In grid notation. */
  rhythm: string
  low: number
  high: number
  count?: number
  velocity?: number
  rootless?: boolean
  /** Quarter notes between the strings of a strummed chord; up and down strokes alternate. */
  strum?: number
  /** Share of its length that a chord sounds. @default 0.95 */
  legato?: number
}

/** Chords in a rhythm, each moved to from the last by small steps; the closing chord rings. */
export function comp(part: Part, section: Section, options: CompOptions): void {
  const { low, high, count = 4, rootless, strum = 0, legato = 0.95 } = options
  const velocity = loudness(section, options.velocity)
  const beats = section.beats / section.bars
  const bars = section.label === 'end' ? [[{ at: 0, beats, weight: 1 }]] : parseRhythm(options.rhythm, beats)
  let voicing: number[] | undefined
  let spoken: ChordSpan | undefined
  for (let bar = 0; bar < section.bars; bar++) {
    ;(bars[bar % bars.length] ?? []).forEach((hit, stroke) => {
      const at = section.at + bar * beats + hit.at
      const span = chordAt(section.chords, at)
      if (span !== spoken || !voicing) {
        voicing = voiceChord(span.chord, { count, low, high, previous: voicing, rootless })
        spoken = span
      }
      const order = strum && stroke % 2 === 1 ? [...voicing].reverse() : voicing
      order.forEach((pitch, i) => {
        const delay = i * strum
        const length = Math.max(0.05, Math.min(hit.beats, span.at + span.beats - at) * legato - delay)
        part.notes.push({
          at: at + delay,
          beats: length,
          pitch,
          velocity: velocity * hit.weight * (1 - i * 0.02),
        })
      })
    })
  }
}

/** Long chords that flow into each other. */
export function pad(
  part: Part,
  section: Section,
  options: { low: number; high: number; count?: number; velocity?: number; overlap?: number },
): void {
  const { low, high, count = 4, overlap = 0 } = options
  let voicing: number[] | undefined
  for (const span of section.chords) {
    voicing = voiceChord(span.chord, { count, low, high, previous: voicing })
    for (const pitch of voicing) {
      const velocity = loudness(section, options.velocity)
      part.notes.push({ at: span.at, beats: span.beats + overlap, pitch, velocity })
    }
  }
}

export interface ArpeggioOptions {
  /** Note length, in quarter notes. */
  rate: number
  /** Indexes into the voicing, from below; past its end an octave up; -1 rests. */
  figure: readonly number[]
  low: number
  high: number
  count?: number
  velocity?: number
  /** How long a note sounds, in units of `rate`. @default 1 */
  ring?: number
  /** Starts the figure again with each bar. @default true */
  restart?: boolean
}

/** A broken chord. */
export function arpeggio(part: Part, section: Section, options: ArpeggioOptions): void {
  const { rate, figure, low, high, count = 4, ring = 1, restart = true } = options
  const velocity = loudness(section, options.velocity)
  const beats = section.beats / section.bars
  let voicing: number[] | undefined
  let spoken: ChordSpan | undefined
  if (section.label === 'end') {
    const chord = section.chords[0].chord
    voiceChord(chord, { count, low, high }).forEach((pitch, i) => {
      const delay = i * rate * 0.5
      part.notes.push({
        at: section.at + delay,
        beats: section.beats - delay,
        pitch,
        velocity: velocity * 0.9,
      })
    })
    return
  }
  const steps = Math.round(section.beats / rate)
  for (let i = 0; i < steps; i++) {
    const at = section.at + i * rate
    const inBar = restart ? Math.round(((i * rate) % beats) / rate) : i
    const index = figure[inBar % figure.length]
    if (index < 0) continue
    const span = chordAt(section.chords, at)
    if (span !== spoken || !voicing) {
      voicing = voiceChord(span.chord, { count, low, high, previous: voicing })
      spoken = span
    }
    const pitch = voicing[index % voicing.length] + 12 * Math.floor(index / voicing.length)
    const accent = inBar === 0 ? 1.12 : index === 0 ? 1.04 : 0.95
    part.notes.push({
      at,
      beats: Math.min(rate * ring, section.at + section.beats - at),
      pitch,
      velocity: velocity * accent,
    })
  }
}

export interface BassOptions {
  /** In grid notation. */
  rhythm: string
  /**
   * One sign a stroke, cycling in each bar: 1 3 5 7 8 chord tones above the root, `L` the fifth below, `a` a half step
   * below the next root, `s` a scale step on the way to it, `=` the note before.
   */
  notes: string
  low: number
  high: number
  velocity?: number
  legato?: number
  key: Key
}

/** A bass line by a riff. */
export function bass(part: Part, section: Section, options: BassOptions): void {
  const { low, high, legato = 0.92, key } = options
  const velocity = loudness(section, options.velocity)
  const beats = section.beats / section.bars
  const closing = section.label === 'end'
  const rhythms = parseRhythm(closing ? 'X---' : options.rhythm, beats)
  const riffs = options.notes.split('|').map((riff) => riff.trim().split(/\s+/))
  let last: number | undefined
  for (let bar = 0; bar < section.bars; bar++) {
    const riff = riffs[bar % riffs.length]
    ;(rhythms[bar % rhythms.length] ?? []).forEach((hit, i) => {
      const at = section.at + bar * beats + hit.at
      const { chord } = chordAt(section.chords, at)
      const root = rootNear(chord.bass, last, low, high)
      const third = chord.intervals.find((n) => n === 3 || n === 4) ?? 5
      const fifth = chord.intervals.find((n) => n >= 6 && n <= 8) ?? 7
      const seventh = chord.intervals.find((n) => n >= 9 && n <= 11) ?? 10
      const next = rootNear(
        chordAt(section.chords, section.at + (bar + 1) * beats).chord.bass,
        root,
        low,
        high,
      )
      const sign = closing ? '1' : riff[i % riff.length]
      let pitch = root
      if (sign === '3') pitch = root + third
      else if (sign === '5') pitch = root + fifth
      else if (sign === '7') pitch = root + seventh
      else if (sign === '8') pitch = root + 12
      else if (sign === 'L') pitch = root + fifth - 12
      else if (sign === 'a') pitch = next - 1
      else if (sign === 's') pitch = stepInScale(next, (last ?? root) < next ? -1 : 1, scaleOver(chord, key))
      else if (sign === '=') pitch = last ?? root
      else if (sign !== '1')
        throw new RangeError(`Unknown bass sign "${sign}" (expected 1, 3, 5, 7, 8, L, a, s or =)`)
      pitch = fold(pitch, low, high)
      part.notes.push({
        at,
        beats: hit.beats * legato,
        pitch,
        velocity: velocity * (0.75 + 0.25 * hit.weight),
      })
      if (sign === '1') last = pitch
    })
  }
}

function rootNear(pitchClass: number, last: number | undefined, low: number, high: number): number {
  const target = last === undefined ? low + 5 : Math.round(last * 0.6 + (low + 6) * 0.4)
  return fold(nearestPitch(target, [mod12(pitchClass)]), low, high)
}

/** A walking bass: a note a beat, from root towards the next root, the last one a half step or a step from it. */
export function walk(
  part: Part,
  section: Section,
  {
    key,
    rng,
    low,
    high,
    velocity = 0.75,
  }: { key: Key; rng: Random; low: number; high: number; velocity?: number },
): void {
  const loud = loudness(section, velocity)
  let last: number | undefined
  section.chords.forEach((span, i) => {
    const next = section.chords[i + 1]?.chord.bass ?? section.chords[0].chord.bass
    const root = rootNear(span.chord.bass, last, low, high)
    const goal = rootNear(next, root, low, high)
    const count = section.label === 'end' ? 1 : Math.round(span.beats)
    const scale = scaleOver(span.chord, key)
    const up = goal === root ? rng.chance(0.5) : goal > root
    let pitch = root
    for (let beat = 0; beat < count; beat++) {
      if (beat > 0) {
        if (beat === count - 1)
          pitch = goal + (rng.chance(0.5) ? (pitch < goal ? -1 : 1) : rng.pick([-2, 2, -1, 1]))
        else if (rng.chance(0.5)) pitch = nearestPitch(pitch + (up ? 4 : -4), chordClasses(span))
        else pitch = stepInScale(pitch, up ? 1 : -1, scale)
      }
      pitch = fold(pitch, low, high)
      const beats = section.label === 'end' ? span.beats : 0.9
      part.notes.push({ at: span.at + beat, beats, pitch, velocity: loud * (beat % 2 === 1 ? 1.05 : 0.97) })
      if (section.label !== 'end' && rng.chance(0.1)) {
        part.notes.push({ at: span.at + beat + 0.5, beats: 0.3, pitch, velocity: loud * 0.6 })
      }
    }
    last = root
  })
}

function chordClasses(span: ChordSpan): number[] {
  return span.chord.intervals.map((interval) => mod12(span.chord.root + interval))
}

export interface DrumOptions {
  velocity?: number
  /** The fill at the end of the section; none where undefined. */
  fill?: keyof typeof FILLS
  /** A crash on the section's first beat. */
  crash?: boolean
}

/** A groove through a section, with a fill at its end; the closing chord gets a kick and a cymbal. */
export function drums(part: Part, section: Section, groove: Groove, options: DrumOptions = {}): void {
  const velocity = loudness(section, options.velocity ?? 0.8)
  const beats = section.beats / section.bars
  const hit = (pitch: number, weight: number): void => {
    part.notes.push({ at: section.at, beats: 0.5, pitch, velocity: velocity * weight })
  }
  if (section.label === 'end') {
    hit(36, 1)
    if (options.crash) hit(49, 0.95)
    return
  }
  for (let bar = 0; bar < section.bars; bar++) {
    const notes = grooveBar(groove, { at: section.at + bar * beats, bar, barBeats: beats, velocity })
    const filled = options.fill !== undefined && bar === section.bars - 1
    const end = section.at + section.beats
    // A fill silences the groove's own drums, but not its cymbals.
    part.notes.push(
      ...notes.filter((note) => !filled || note.at < end - 2 || [42, 44, 51].includes(note.pitch)),
    )
    if (filled && options.fill) part.notes.push(...fill(options.fill, end, velocity))
  }
  if (options.crash) hit(49, 0.9)
}

/** Expression (controller 11) over a section: an arc over each phrase, or a line from one level to another. */
export function swell(
  part: Part,
  section: Section,
  { from, to, phraseBars, step = 0.5 }: { from: number; to: number; phraseBars?: number; step?: number },
): void {
  if (!instrument(part.instrument).kit) {
    const beats = phraseBars === undefined ? section.beats : (section.beats / section.bars) * phraseBars
    for (let at = 0; at < section.beats; at += step) {
      const phase = (at % beats) / beats
      const share = phraseBars === undefined ? phase : 4 * phase * (1 - phase)
      part.controls.push({ at: section.at + at, controller: 11, value: from + (to - from) * share })
    }
  }
}

/** A held note or chord on the closing bar. */
export function close(part: Part, section: Section, pitches: readonly number[], velocity = 0.7): void {
  for (const pitch of pitches) {
    part.notes.push({ at: section.at, beats: section.beats, pitch, velocity: loudness(section, velocity) })
  }
}
