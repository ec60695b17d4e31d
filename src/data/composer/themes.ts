import { makeTune, singTune, type SingOptions, type Tune } from './melody.js'
import { loudness } from './players.js'
import { varyRhythm } from './rhythm.js'
import type { Note, Part } from './score.js'
import type { Section, Session } from './session.js'
import { chordTones, nearestPitch, type ScaleName } from './theory.js'

/** One tune for each label of the form: a returning section returns with its theme. */
export function tunes(
  session: Session,
  rhythms: readonly string[],
  cadences: readonly string[],
  more: { leaps?: number; repeats?: number } = {},
): Map<string, Tune> {
  const result = new Map<string, Tune>()
  for (const section of session.body) {
    if (result.has(section.label)) continue
    const rng = session.rng.fork(`tune ${section.label}`)
    const variety = session.variety?.fork(`rhythms ${section.label}`)
    result.set(
      section.label,
      makeTune(rng, {
        bars: section.bars,
        barBeats: session.barBeats,
        rhythms: variety ? rhythms.map((pattern) => varyRhythm(pattern, variety)) : rhythms,
        cadences,
        ...more,
      }),
    )
  }
  return result
}

export interface LeadOptions {
  rhythms: readonly string[]
  cadences: readonly string[]
  low: number
  high: number
  leaps?: number
  repeats?: number
  /** How many semitones higher B lies than A. @default 4 */
  lift?: number
  velocity?: number
  legato?: number
  ornament?: number
  scale?: ScaleName
  /** Sections in which the part plays. @default all but intros and breaks */
  where?: (section: Section) => boolean
}

/**
 * Plays themes through the piece: A's and B's own, embellished when they return, and the tonic at the end. Returns the
 * notes of each section, for a second voice.
 */
export function playLead(session: Session, part: Part, options: LeadOptions): Map<Section, Note[]> {
  const { rhythms, cadences, low, high, lift = 4, velocity = 0.75, ornament = 0.3, legato, scale } = options
  const where =
    options.where ?? ((section: Section) => section.label !== 'intro' && section.label !== 'break')
  const themes = tunes(session, rhythms, cadences, options)
  const lines = new Map<Section, Note[]>()
  let from: number | undefined
  for (const section of session.body) {
    if (!where(section)) continue
    const up = section.label === 'B' ? lift : 0
    const sing: SingOptions = {
      key: session.key,
      low: low + up,
      high: high + up,
      rng: session.rng,
      velocity: loudness(section, velocity),
      ornament: section.round > 0 ? ornament : ornament / 4,
      from,
    }
    if (legato !== undefined) sing.legato = legato
    if (scale !== undefined) sing.scale = scale
    const line = singTune(themes.get(section.label) as Tune, section, sing)
    from = line.at(-1)?.pitch
    part.notes.push(...line)
    lines.set(section, line)
  }
  const closing = session.ending
  const chord = closing.chords[0]
  if (chord && where(closing)) {
    const pitch = nearestPitch(from ?? low + 5, chordTones(chord.chord).slice(0, 1))
    part.notes.push({ at: closing.at, beats: closing.beats, pitch, velocity: loudness(closing, velocity) })
  }
  return lines
}
