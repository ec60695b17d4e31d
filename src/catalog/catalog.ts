import type { Track } from './track.js'

export interface IndexOptions {
  /** At most this many new files are embedded in this run. */
  readonly limit?: number
  /** Drop vanished files even where they are more than a fifth of what the named folders held. */
  readonly prune?: boolean
  /** Try files again that failed before and haven't changed. */
  readonly retry?: boolean
  /** Embedding workers; @default the number of cores. */
  readonly workers?: number
  /** Stops cleanly after what is under way has been stored. */
  readonly signal?: AbortSignal
}

/** What `index` says while it works. */
export type IndexEvent =
  | { readonly kind: 'scanned'; readonly files: number; readonly toEmbed: number; readonly unchanged: number }
  | {
      readonly kind: 'progress'
      /** Files done and files to do in this run. */
      readonly done: number
      readonly total: number
      /** Seconds of audio embedded so far in this run. */
      readonly audioSeconds: number
      /** Wall seconds since embedding began. */
      readonly elapsedSeconds: number
      readonly path: string
    }
  | { readonly kind: 'failed'; readonly path: string; readonly reason: string }
  /** Something the user should know, such as vanished files that were kept, and what to do. */
  | { readonly kind: 'notice'; readonly message: string }
  | { readonly kind: 'done'; readonly summary: IndexSummary }

export interface IndexSummary {
  readonly embedded: number
  /** Equal copies of audio already known: vectors shared. */
  readonly shared: number
  readonly moved: number
  /** Tags alone had changed. */
  readonly retagged: number
  readonly unchanged: number
  readonly removed: number
  readonly failed: number
  readonly interrupted: boolean
  readonly audioSeconds: number
  readonly elapsedSeconds: number
  readonly tracks: number
  readonly moments: number
}

export interface SearchOptions {
  /** @default 10 */
  readonly limit?: number
  /** A filter over artist, album, genre, year, duration and path: `genre=jazz,year>=1990`. */
  readonly where?: string
  /** A track, by id or path: "like this, but …". */
  readonly like?: string
  /** What the result should have more of, in words: each text weighs as much as the query. */
  readonly more?: string | readonly string[]
  /** What it should have less of, in words: half as much. */
  readonly less?: string
}

export interface SearchResult {
  readonly rank: number
  readonly trackId: string
  readonly path: string
  readonly artist: string | null
  readonly title: string | null
  readonly album: string | null
  /** The moment that matches best, in seconds. */
  readonly start: number
  readonly end: number
  /** 0 to 100: how far the cosine stands above the library's background for this query. */
  readonly match: number
  readonly cosine: number
}

export interface SearchResponse {
  readonly query: string
  readonly model: string
  readonly spaceId: string
  readonly results: readonly SearchResult[]
}

/** A process that is writing to a catalog. */
export interface Writer {
  readonly pid: number
  /** The machine that it runs on. */
  readonly host: string
  /** ISO 8601. */
  readonly since: string
}

/** What `remove` has forgotten. */
export interface Removed {
  readonly tracks: number
  /** Files that could not be read, and were remembered as such. */
  readonly failures: number
}

export interface CatalogInfo {
  readonly dir: string
  readonly formatVersion: number
  readonly model: string
  readonly spaceId: string
  readonly dim: number
  readonly tracks: number
  readonly moments: number
  readonly audioSeconds: number
  /** Folders that were named to `index`. */
  readonly folders: readonly string[]
  /** Files that could not be read, with their reasons. */
  readonly failures: readonly { readonly path: string; readonly reason: string }[]
  /** Whether moments are found by a vector index or by an exact scan. */
  readonly vectorIndex: 'exact' | 'approximate'
  readonly bytes: number
  /** Who is indexing, removing or reindexing now. */
  readonly writer: Writer | null
}

/** What a user's library is. Opened by `openCatalog` of the back door. */
export interface Catalog {
  info(): Promise<CatalogInfo>
  /** Brings the catalog up to date with these folders or files. Errors: `locked`, `space`, `failed`. */
  index(paths: readonly string[], options?: IndexOptions): AsyncIterable<IndexEvent>
  /** Tracks whose best moment fits the words. Errors: `usage` (bad filter, unknown track), `space`. */
  search(query: string, options?: SearchOptions): Promise<SearchResponse>
  /** Tracks near a track of the catalog, or near any audio file; track vectors are compared. */
  similar(trackOrFile: string, options?: { limit?: number; where?: string }): Promise<SearchResponse>
  /** Words that fit a track or a file best, with their match. */
  tags(
    trackOrFile: string,
    options?: { limit?: number },
  ): Promise<readonly { tag: string; match: number; cosine: number }[]>
  /** A track by id or path, or undefined. */
  find(trackOrPath: string): Promise<Track | undefined>
  /** Forgets a track by id or path, or all under a folder, and what is remembered of files there that could not be read. */
  remove(target: string): Promise<Removed>
  /** Embeds everything again with another model beside the old vectors, then swaps. */
  reindex(model: string, options?: IndexOptions): AsyncIterable<IndexEvent>
  /** Track vectors in one matrix, in the order of `tracks`. */
  vectors(): Promise<{ tracks: Track[]; dim: number; matrix: Float32Array }>
  close(): Promise<void>
}
