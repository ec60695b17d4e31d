import type { Condition } from './filter.js'
import type { Track } from './track.js'

/** A stored chunk: where in the track, and its vector. */
export interface Moment {
  readonly start: number
  readonly end: number
  /** Unit length, [dim]. */
  readonly vector: Float32Array
}

/** What embedding made of one piece of audio. Tracks that are copies of each other share it. */
export interface EmbeddedContent {
  readonly content: string
  /** In the order of time, at least one. */
  readonly moments: readonly Moment[]
}

/** A file that could not be read. It is tried again when its size or its time of change differ. */
export interface Failure {
  readonly path: string
  readonly size: number
  readonly modified: number
  readonly reason: string
}

/** The best moment of one track for one vector. */
export interface Hit {
  readonly track: Track
  readonly start: number
  readonly end: number
  readonly cosine: number
}

/** What is written together. A reader never sees a track before its moments. */
export interface Batch {
  readonly contents?: readonly EmbeddedContent[]
  /** Tracks that are no more, by id; gone before `tracks` come. */
  readonly removed?: readonly string[]
  /** New tracks, and known ones (by id) as they are now. */
  readonly tracks?: readonly Track[]
  /** Paths whose failure is forgotten; before `failures` come. */
  readonly resolved?: readonly string[]
  readonly failures?: readonly Failure[]
}

export interface NearestOptions {
  readonly limit: number
  /** Conditions that a track must meet, all of them. */
  readonly where?: readonly Condition[]
  /** A track that is left out, by id. */
  readonly without?: string
}

/**
 * Where a catalog is kept: tracks, failures, and the vectors of one space. Cosines are dot products of unit vectors.
 * All stores answer alike; a test compares them with the brute force of `MemoryStore`.
 */
export interface Store {
  readonly dim: number
  put(batch: Batch): Promise<void>
  /** Forgets tracks by id. Their vectors stay until `tidy`, unseen, for files that come back. */
  remove(trackIds: readonly string[]): Promise<void>
  /** Every track, or those that meet all conditions, by path. */
  tracks(where?: readonly Condition[]): Promise<Track[]>
  /** The track with this id or else this path. */
  find(trackIdOrPath: string): Promise<Track | undefined>
  failures(): Promise<Failure[]>
  /** Contents that have vectors. */
  contents(): Promise<Set<string>>
  /** The moments of a content in the order of time; none if it is unknown. */
  moments(content: string): Promise<Moment[]>
  /** Track vectors by content; unknown contents are left out. */
  trackVectors(contents: readonly string[]): Promise<Map<string, Float32Array>>
  /** Tracks by the cosine of their best moment, the best first; one hit a track. */
  nearest(vector: Float32Array, options: NearestOptions): Promise<Hit[]>
  /** Tracks by the cosine of their track vector; `start` and `end` are those of their best moment. */
  nearestTracks(vector: Float32Array, options: NearestOptions): Promise<Hit[]>
  /** At most `size` vectors, spread evenly over the store; the same while the store is the same. */
  sample(of: 'moments' | 'tracks', size: number): Promise<Float32Array[]>
  counts(): Promise<StoreCounts>
  /** After a run of writing: forgets vectors that no track uses, compacts, builds the vector index where it pays. */
  tidy(): Promise<void>
  close(): Promise<void>
}

export interface StoreCounts {
  readonly tracks: number
  readonly moments: number
  /** Pieces of audio that have vectors; fewer than tracks where there are copies. */
  readonly contents: number
  /** Over all tracks. */
  readonly audioSeconds: number
  readonly vectorIndex: 'exact' | 'approximate'
}
