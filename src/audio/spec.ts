/** How a model wants its audio: mono, at this rate, in chunks of this length. Part of a model's config. */
export interface AudioSpec {
  /** Hz. */
  readonly sampleRate: number
  /** Length of the chunk that the model sees, in seconds. */
  readonly chunkSeconds: number
  /** Distance between the starts of two chunks, in seconds. */
  readonly hopSeconds: number
  /** A rest at least this long is a chunk (repeated until full); a shorter one is dropped unless it is the whole track. */
  readonly minRestSeconds: number
}

/** What a model sees at once. */
export interface Chunk {
  /** Seconds from the start of the track. */
  readonly start: number
  /** Seconds; for a repeated rest, the end of the track. */
  readonly end: number
  /** Mono, [sampleRate * chunkSeconds], finite, nominally in -1..1. */
  readonly samples: Float32Array
}
