/** What music can be learnt from: a piece of audio, and what is said of it. The one shape behind every reader. */
export interface Pair {
  readonly audio: AudioRef
  /** At least one; no two alike. */
  readonly texts: readonly Text[]
  readonly track: TrackInfo
}

/** An audio file, or a part of it. */
export interface AudioRef {
  /** Absolute. */
  readonly path: string
  /** Seconds from the start of the file. @default 0 */
  readonly start?: number
  /** Seconds. @default the end of the file */
  readonly end?: number
}

/** Kinds of text; what a recipe's text policy chooses from. */
export const TEXT_KINDS = ['caption', 'tag', 'title', 'artist', 'album'] as const

export type TextKind = (typeof TEXT_KINDS)[number]

export interface Text {
  readonly kind: TextKind
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
}

/** A row that could not be taken. */
export interface WrongRow {
  /** Absolute. */
  readonly file: string
  /** Counted from 1; 0 where it is the file as a whole. */
  readonly line: number
  readonly reason: string
}

/** What a reader makes of a data set. */
export interface PairSet {
  readonly pairs: readonly Pair[]
  /** Rows that were read, the wrong ones among them. */
  readonly rows: number
  readonly wrong: readonly WrongRow[]
  /** Audio files that nothing is said of. */
  readonly withoutText: number
}
