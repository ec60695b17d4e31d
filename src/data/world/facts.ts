import type { Family } from '../composer/instruments.js'
import type { Mode } from '../composer/theory.js'

/** What is known of a piece of the world: true of its sound. Texts, listeners and relations follow from it. */
export interface WorldTrack {
  /** Path inside the world's audio folder, without extension: `the-velvet-pylons/concrete-hearts/03-runaway-signal`. */
  readonly id: string
  readonly title: string
  /** Name of a `WorldArtist`. */
  readonly artist: string
  readonly album: string
  readonly year: number
  /** 1 is the first of its album. */
  readonly number: number
  /** Id of the style, and its name as in "a slow … in D minor". */
  readonly style: string
  readonly styleName: string
  readonly genre: string
  /** The first is the most telling. */
  readonly moods: readonly string[]
  /** 0 (hushed) to 1 (full). */
  readonly energy: number
  /** Beats of the metre per minute, and the word for it. */
  readonly bpm: number
  readonly tempo: string
  /** "A minor" */
  readonly key: string
  readonly mode: Mode
  /** "4/4" */
  readonly metre: string
  /** Who is heard, the leading ones first. */
  readonly instruments: readonly WorldInstrument[]
  /** Whether voices (without words) are heard. */
  readonly voices: boolean
  /** "A A B A" */
  readonly form: string
  readonly production: Production
  /** Sentences of the style that are true of this piece, without full stop: "A full rock band: riffing guitars, …". */
  readonly details: readonly string[]
  /** Short words and phrases for all of this. */
  readonly tags: readonly string[]
}

export interface WorldInstrument {
  /** As a listener would name it: "upright bass". */
  readonly name: string
  readonly family: Family
  /** Parts that it plays. */
  readonly count: number
}

/** How it was recorded: all of it is heard. */
export interface Production {
  /** "1960s" */
  readonly era: string
  /** The room, in words: "dry studio", "small room", "concert hall", "cathedral". */
  readonly room: string
  /** What a listener would say of the recording: "lo-fi", "tape hiss", "vinyl crackle", "bright", "compressed", "muffled". */
  readonly words: readonly string[]
}

/** An artist with a manner: how its pieces differ from others of their style. */
export interface WorldArtist {
  readonly name: string
  /** Ids of the styles it plays, the main one first, with the share of its pieces. */
  readonly styles: readonly { readonly id: string; readonly share: number }[]
  /** Where each trait leans, -1 to 1. */
  readonly manner: Readonly<Record<Trait, number>>
  /** Names of instruments that it is known for. */
  readonly instruments: readonly string[]
  /** First and last year of its albums. */
  readonly years: readonly [first: number, last: number]
}

/** What makes a manner: slow to fast, hushed to full, minor to major, dark to bright, dry to reverberant, clean to distorted, tight to loose. */
export const TRAITS = ['tempo', 'energy', 'mode', 'brightness', 'room', 'drive', 'looseness'] as const

export type Trait = (typeof TRAITS)[number]
