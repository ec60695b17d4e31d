/** Tags as the file carries them, white space around them and NUL removed; absent where the file does not say. */
export interface AudioTags {
  readonly title?: string
  readonly artist?: string
  readonly album?: string
  /** Several are joined by `; `. */
  readonly genre?: string
  readonly year?: number
}

/** What a look at a file's packets tells, without decoding them. */
export interface AudioProbe {
  /** SHA-256, hex, of the codec, rate, channels and the audio packets: an edit of tags or pictures keeps it, equal copies share it. */
  readonly content: string
  /** Seconds. */
  readonly duration: number
  /** FFmpeg's name, such as `flac`, `mp3`, `pcm_s16le`. */
  readonly codec: string
  readonly channels: number
  /** Hz. */
  readonly sampleRate: number
}
