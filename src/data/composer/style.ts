import type { InstrumentId } from './instruments.js'
import type { Metre } from './score.js'
import type { Session } from './session.js'
import type { Mode } from './theory.js'

/** How a piece feels, and what of the music makes it so. */
export interface Mood {
  /** As a listener would say it; the first is the most telling. */
  words: readonly string[]
  mode: Mode
  /** Beats (of the metre) per minute, lowest and highest. */
  tempo: readonly [number, number]
  /** 0 (hushed) to 1 (full). */
  energy: number
  /** @default the style's */
  metre?: Metre
}

/** A style of music: what can vary is data, how the parts are written is `arrange`. */
export interface Style<Role extends string = string> {
  /** A name for files: lower case, hyphens. */
  id: string
  /** As in "a slow … in D minor": a noun phrase without article. */
  name: string
  /** The genre tag. */
  genre: string
  tags: readonly string[]
  /** @default 4/4 */
  metre?: Metre
  moods: readonly Mood[]
  /** Who plays: an instrument a role. */
  ensembles: readonly Readonly<Record<Role, InstrumentId>>[]
  /** Tonics (pitch classes) that lie well. @default all */
  tonics?: readonly number[]
  /** Bars of a section. @default 4 or 8, by tempo */
  sectionBars?: number
  /** Labels of the sections, by how many there are. @default song form */
  forms?: Readonly<Record<number, string>>
  /** Progressions by mode and section label; a label without any takes A's. See `layChords` for the notation. */
  harmony: Readonly<Partial<Record<Mode, Readonly<Record<string, readonly string[]>>>>>
  /** Sentences that are true of every piece of the style; `{role}` is the role's instrument. */
  details: readonly string[]
  titles: { first: readonly string[]; second: readonly string[] }
  artists: readonly string[]
  arrange(session: Session, band: Readonly<Record<Role, InstrumentId>>): void
}

/** Checks a style's roles against its ensembles, and forgets them. */
export function style<Role extends string>(definition: Style<Role>): Style {
  return definition
}

export const FOUR_FOUR: Metre = { count: 4, unit: 4 }
export const THREE_FOUR: Metre = { count: 3, unit: 4 }
export const SIX_EIGHT: Metre = { count: 6, unit: 8 }
