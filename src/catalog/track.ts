/** Tags of a track as its file carries them; absent where the file does not say. */
export interface TrackTags {
  readonly title?: string
  readonly artist?: string
  readonly album?: string
  readonly genre?: string
  readonly year?: number
}

/** One file of the library. */
export interface Track extends TrackTags {
  /** 16 hex digits, stable while the file is moved, renamed or re-tagged. */
  readonly trackId: string
  /** Absolute. */
  readonly path: string
  /** Hash of the audio packets, tags left out: equal copies share it, and an edit of tags keeps it. */
  readonly content: string
  /** Bytes. */
  readonly size: number
  /** Milliseconds since 1970. */
  readonly modified: number
  /** Seconds of audio. */
  readonly duration: number
}
