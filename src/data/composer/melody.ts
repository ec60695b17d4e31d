import type { ChordSpan } from './harmony.js'
import type { Random } from '../../random/index.js'
import { parseRhythm, type Hit } from './rhythm.js'
import type { Note } from './score.js'
import type { Section } from './session.js'
import { chordTones, nearestPitch, scaleOver, stepInScale, type Key, type ScaleName } from './theory.js'

/** One bar of a tune: its rhythm, and how many scale steps each note lies above the bar's first. */
interface TuneBar {
  hits: Hit[]
  steps: number[]
}

/** A theme without its harmony: bars that return, a cadence at the end of each phrase. */
export interface Tune {
  bars: TuneBar[]
  phraseBars: number
}

export interface TuneOptions {
  bars: number
  barBeats: number
  /** Bar rhythms to draw the motifs from, in grid notation. */
  rhythms: readonly string[]
  /** Bar rhythms that end a phrase. */
  cadences: readonly string[]
  /** Probability that a motif leaps (a third to a fifth) where it would step. @default 0.25 */
  leaps?: number
  /** Probability that a note repeats the one before. @default 0.12 */
  repeats?: number
}

/** Motifs of a phrase: letters that return are bars that return; `.` is the cadence. */
const PHRASES: Record<number, readonly string[]> = {
  1: ['.'],
  2: ['a.', 'a.'],
  3: ['ab.'],
  4: ['aba.', 'aab.', 'abb.', 'abc.'],
}

/** Writes a theme: motifs of a bar, repeated and varied, in phrases of four bars that end in cadences. */
export function makeTune(rng: Random, options: TuneOptions): Tune {
  const { bars, barBeats, rhythms, cadences } = options
  const phraseBars = Math.min(4, bars)
  const shape = rng.pick(PHRASES[phraseBars])
  const motifs = new Map<string, TuneBar>()
  const pool = rng.shuffle(rhythms)
  const motif = (letter: string, index: number): TuneBar => {
    const known = motifs.get(letter)
    if (known) return known
    const pattern = pool[index % pool.length]
    const made = shapeBar(rng, rng.pick(parseRhythm(pattern, barBeats)), options)
    motifs.set(letter, made)
    return made
  }
  const result: TuneBar[] = []
  const close = shapeBar(rng, parseRhythm(rng.pick(cadences), barBeats)[0], options)
  const open = rng.chance(0.5) ? close : shapeBar(rng, parseRhythm(rng.pick(cadences), barBeats)[0], options)
  for (let bar = 0; bar < bars; bar++) {
    const letter = shape.charAt(bar % phraseBars)
    const lastPhrase = bar >= bars - phraseBars
    if (letter === '.') result.push(lastPhrase ? close : open)
    else result.push(motif(letter, letter.charCodeAt(0) - 97))
  }
  return { bars: result, phraseBars }
}

/** A contour for a bar: mostly steps, a leap now and then that turns back. */
function shapeBar(rng: Random, hits: Hit[], { leaps = 0.25, repeats = 0.12 }: TuneOptions): TuneBar {
  const steps: number[] = []
  let position = 0
  let direction = rng.chance(0.55) ? 1 : -1
  let leapt = false
  hits.forEach((_, i) => {
    if (i > 0) {
      if (leapt) {
        direction = -direction
        position += direction
        leapt = false
      } else if (!rng.chance(repeats)) {
        leapt = rng.chance(leaps)
        position += direction * (leapt ? rng.int(2, 4) : 1)
        if (rng.chance(0.3)) direction = -direction
      }
      position = Math.max(-5, Math.min(6, position))
    }
    steps.push(position)
  })
  return { hits, steps }
}

export interface SingOptions {
  key: Key
  low: number
  high: number
  rng: Random
  /** Scale of the notes between chord tones. @default the key's mode */
  scale?: ScaleName
  /** Loudness, 0 to 1. @default 0.7 */
  velocity?: number
  /** Share of its length that a note sounds. @default 0.95 */
  legato?: number
  /** Probability that a long note is broken up by its neighbour: for repeats. @default 0 */
  ornament?: number
  /** Ends on the tonic of the last chord. @default the section's second half ends so */
  home?: boolean
  /** Where the tune begins: the last pitch sung. */
  from?: number
}

/** Fits a theme to a section's chords: strong and long notes become chord tones, the others scale steps. */
export function singTune(tune: Tune, section: Section, options: SingOptions): Note[] {
  const { key, low, high, rng, velocity = 0.7, legato = 0.95, ornament = 0, scale } = options
  const barBeats = section.beats / section.bars
  const notes: Note[] = []
  const centre = (low + high) / 2
  const span = (high - low) / 2
  let last = options.from ?? Math.round(centre)
  for (let bar = 0; bar < section.bars; bar++) {
    const { hits, steps } = tune.bars[bar % tune.bars.length]
    const phase = ((bar % tune.phraseBars) + 0.5) / tune.phraseBars
    const arc = 4 * phase * (1 - phase) // rises to the middle of the phrase and falls again
    const home = centre + span * (0.7 * arc - 0.35)
    const barAt = section.at + bar * barBeats
    const cadence = bar % tune.phraseBars === tune.phraseBars - 1
    const final = cadence && bar === section.bars - 1
    let anchor: number | undefined
    hits.forEach((hit, i) => {
      const at = barAt + hit.at
      const { chord } = chordAt(section.chords, at)
      const classes = scaleOver(chord, key, scale)
      const tones = chordTones(chord)
      const strong = hit.at % 2 === 0 || hit.beats >= 1
      let target: number
      if (anchor === undefined) target = Math.round(last * 0.55 + home * 0.45)
      else target = stepInScale(anchor, steps[i], classes)
      let pitch = nearestPitch(fold(target, low, high), strong || i === 0 ? tones : classes)
      const ends = cadence && i === hits.length - 1
      if (ends && (final || (options.home ?? false))) pitch = nearestPitch(last, [chord.root])
      else if (ends) pitch = nearestPitch(last, tones.slice(0, 3))
      else if (!strong && pitch === last && i > 0 && steps[i] !== steps[i - 1]) {
        pitch = stepInScale(pitch, steps[i] > steps[i - 1] ? 1 : -1, classes)
      }
      pitch = fold(pitch, low, high)
      anchor ??= pitch
      const loud = velocity * (0.82 + 0.12 * arc + 0.12 * hit.weight) + ((pitch - centre) / span) * 0.03
      const beats = hit.beats * legato
      if (hit.beats >= 1 && !ends && rng.chance(ornament)) {
        const half = hit.beats / 2
        const neighbour = fold(stepInScale(pitch, rng.chance(0.6) ? 1 : -1, classes), low, high)
        notes.push({ at, beats: half * legato, pitch, velocity: loud })
        notes.push({ at: at + half, beats: (half / 2) * legato, pitch: neighbour, velocity: loud * 0.9 })
        notes.push({ at: at + half * 1.5, beats: (half / 2) * legato, pitch, velocity: loud * 0.85 })
      } else notes.push({ at, beats, pitch, velocity: loud })
      last = pitch
    })
  }
  return notes
}

/** The chord that sounds at a time. */
export function chordAt(chords: readonly ChordSpan[], at: number): ChordSpan {
  let found = chords[0]
  for (const span of chords) if (span.at <= at + 1e-6) found = span
  return found
}

/** Moves a pitch by octaves into a range. */
export function fold(pitch: number, low: number, high: number): number {
  let result = pitch
  while (result < low) result += 12
  while (result > high) result -= 12
  return result < low ? low : result
}

/** A second voice: the nearest scale note about a third (or sixth) below, moved to a chord tone on long notes. */
export function harmonise(
  notes: readonly Note[],
  chords: readonly ChordSpan[],
  { key, steps = -2, low, high }: { key: Key; steps?: number; low: number; high: number },
): Note[] {
  return notes.map((note) => {
    const { chord } = chordAt(chords, note.at)
    const below = stepInScale(note.pitch, steps, scaleOver(chord, key))
    const pitch =
      note.beats >= 0.9 ? nearestChordTone(below, chord.root, chordTones(chord), note.pitch) : below
    return { ...note, pitch: fold(pitch, low, high), velocity: note.velocity * 0.85 }
  })
}

function nearestChordTone(target: number, root: number, tones: readonly number[], not: number): number {
  const pitch = nearestPitch(target, tones)
  return pitch === not
    ? nearestPitch(target - 2, tones.length > 1 ? tones.filter((t) => t !== pitch % 12) : [root])
    : pitch
}
