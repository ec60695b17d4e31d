/** What music can be learnt from: a piece of audio, and what is said of it. The one shape behind every reader. */
export interface Pair {
  readonly audio: AudioRef
  /** At least one; no two alike. */
  readonly texts: readonly Text[]
  readonly track: TrackInfo
  /** Which source of a mixture it is from. @default 0 */
  readonly source?: number
}

/** An audio file, or a part of it. */
export interface AudioRef {
  /** Absolute. */
  readonly path: string
  /** Seconds from the start of the file. @default 0 */
  readonly start?: number
  /** Seconds. @default the end of the file */
  readonly end?: number
  /** Where the audio file lies inside of `path`, an archive: its first byte, and the first one behind it. @default the file itself */
  readonly bytes?: readonly [from: number, to: number]
}

/**
 * Kinds of text; what a recipe's text policy chooses from. A `situation` says what the music is for, a `comment` is what people
 * write beside music on the web, much of it beside the point, an `article` is a paragraph about it, a `playlist` the title of
 * one that holds it.
 */
export const TEXT_KINDS = [
  'caption',
  'tag',
  'title',
  'artist',
  'album',
  'situation',
  'review',
  'comment',
  'article',
  'playlist',
] as const

export type TextKind = (typeof TEXT_KINDS)[number]

/** Kinds that no data set has: what training makes of others, such as sentences and aspects that are mined from articles. */
export const MADE_KINDS = ['sentence', 'aspect'] as const

export type MadeKind = (typeof MADE_KINDS)[number]

export interface Text {
  readonly kind: TextKind | MadeKind
  /** Not empty, no white space around it. */
  readonly value: string
}

/** Which piece of music it is: what splits keep apart. */
export interface TrackInfo {
  /** The same for all pairs of a track, unlike that of any other in its data set. */
  readonly id: string
  readonly artist?: string
  readonly album?: string
  readonly title?: string
  /** The part that those who published the data set put it in. */
  readonly part?: PartName
}

/** Parts that a data set is divided into. */
export type PartName = 'train' | 'validation' | 'test'

/** A row that could not be taken. */
export interface WrongRow {
  /** Absolute. */
  readonly file: string
  /** Counted from 1; 0 where it is the file as a whole. */
  readonly line: number
  readonly reason: string
}

/** What a reader makes of a data set, or of the next rows of it. */
export interface PairSet {
  readonly pairs: readonly Pair[]
  /** Rows that were read, the wrong ones among them. */
  readonly rows: number
  readonly wrong: readonly WrongRow[]
  /** Audio files that nothing is said of. */
  readonly withoutText: number
}
