import { instrument, type Instrument, type InstrumentId } from './instruments.js'
import { perform } from './performance.js'
import type { Random } from '../../random/index.js'
import type { Metre, Score } from './score.js'
import { Session, type Section } from './session.js'
import type { Mood, Style } from './style.js'
import type { Key } from './theory.js'

/** Everything that is decided before a note is written. */
export interface Choice {
  title: string
  mood: Mood
  /** An instrument a role of the style. */
  band: Readonly<Record<string, InstrumentId>>
  key: Key
  metre: Metre
  /** Beats of the metre per minute. */
  pulse: number
  sections: Section[]
  /** The piece's own. */
  rng: Random
  /** Whether players choose among all that they know, rather than play the first of it. @default false */
  varied?: boolean
  /** Called when all parts are written, before they are played. */
  finish?: (session: Session) => void
}

/** A player, and how many parts it plays. */
export interface Player {
  instrument: Instrument
  count: number
}

export interface Written {
  score: Score
  /** Those who have notes, the leading ones first, each once. */
  players: Player[]
}

/** Quarter notes of a metre's beat: three eighths in compound time. */
export function beatOf({ count, unit }: Metre): number {
  return unit === 8 && count % 3 === 0 ? 1.5 : 4 / unit
}

/** Writes and plays a piece of which all is chosen. */
export function write(style: Style, choice: Choice): Written {
  const { title, mood, band, key, metre, pulse, sections, rng, varied, finish } = choice
  const bpm = pulse * beatOf(metre)
  const session = new Session({
    rng: rng.fork('arrange'),
    key,
    metre,
    bpm,
    sections,
    energy: mood.energy,
    varied,
  })
  style.arrange(session, band)
  finish?.(session)
  const score = perform(session, title, rng.fork('perform'))
  const names = [...new Set(score.parts.map((part) => instrument(part.instrument).name))]
  const players = names.map((name) => {
    const parts = score.parts.filter((part) => instrument(part.instrument).name === name)
    return { instrument: instrument(parts[0].instrument), count: parts.length }
  })
  return { score, players }
}
