import type { Table } from '@lancedb/lancedb'
import { byCosine } from '../memory-store.js'
import type { Hit, NearestOptions } from '../store.js'
import type { Track } from '../track.js'
import { valuesOf, type Columns } from './arrow.js'
import { FEW_VALUES, oneOf } from './sql.js'
import { probeParameters, vectorIndexOf } from './vector-index.js'

/** A moment as it is found, before it is known whose it is. */
export interface MomentHit {
  readonly content: string
  readonly start: number
  readonly end: number
  readonly cosine: number
}

/** A table of moments, or of track vectors, which have no times. */
export interface VectorTable {
  readonly table: Table
  readonly columns: Columns
}

export interface ScanOptions {
  /** Compares with every row. */
  readonly exact?: boolean
  /** Only rows that meet this condition in SQL. */
  readonly only?: string
}

/** Rows of a table, the nearest first; times that it does not have are 0. */
export async function scan(
  { table, columns }: VectorTable,
  vector: Float32Array,
  limit: number,
  { exact = false, only }: ScanOptions = {},
): Promise<MomentHit[]> {
  const index = exact ? undefined : await vectorIndexOf(table)
  const kept = ['content', 'start', 'end'].filter((name) => name in columns)
  const query = table
    .query()
    .nearestTo(vector)
    .distanceType('dot')
    .select([...kept, '_distance'])
    .limit(limit)
  if (only) query.where(only)
  if (index) {
    const { nprobes, refineFactor } = probeParameters(index.rows, limit)
    query.nprobes(nprobes).refineFactor(refineFactor)
  } else query.bypassVectorIndex()
  const rows = await query.toArrow()
  const distance = valuesOf<number>(rows, '_distance')
  const [start, end] = [valuesOf<number>(rows, 'start'), valuesOf<number>(rows, 'end')]
  return valuesOf<string>(rows, 'content').map((content, i) => ({
    content,
    start: start[i] ?? 0,
    end: end[i] ?? 0,
    cosine: 1 - distance[i], // LanceDB's dot distance is 1 - a · b
  }))
}

/** Rows that are asked for first, for each track that is wanted: most tracks have several good moments. */
const FETCH_PER_TRACK = 4
const MIN_FETCH = 40
const FETCH_GROWTH = 4
/** Beyond this many, an exact scan is quicker than the index. */
const MAX_APPROXIMATE_FETCH = 5_000

export interface TrackSource {
  /** Tracks that meet all conditions. */
  tracks(where: NonNullable<NearestOptions['where']>): Promise<Track[]>
  /** Tracks that have one of these contents. */
  tracksWith(contents: readonly string[]): Promise<Track[]>
}

/** Tracks by their best row, the best first: rows are fetched until enough tracks are among them. */
export async function nearestTracks(
  table: VectorTable,
  vector: Float32Array,
  { limit, where = [], without }: NearestOptions,
  source: TrackSource,
): Promise<Hit[]> {
  const byContent = new Map<string, Track[]>()
  const remember = (tracks: readonly Track[]): void => {
    for (const track of tracks) byContent.set(track.content, [...(byContent.get(track.content) ?? []), track])
  }
  let only: string | undefined
  if (where.length > 0) {
    remember(await source.tracks(where))
    if (byContent.size === 0) return []
    // A filter that leaves few is given to the scan itself; with more, hits are filtered afterwards.
    if (byContent.size <= FEW_VALUES) only = oneOf('content', [...byContent.keys()])
  }
  let fetch = Math.max(MIN_FETCH, FETCH_PER_TRACK * limit)
  let exact = only !== undefined
  for (;;) {
    const rows = await scan(table, vector, fetch, { exact, only })
    const best = new Map<string, MomentHit>()
    for (const row of rows) if (!best.has(row.content)) best.set(row.content, row)
    if (where.length === 0) {
      const unknown = [...best.keys()].filter((content) => !byContent.has(content))
      for (const content of unknown) byContent.set(content, [])
      remember(await source.tracksWith(unknown))
    }
    const hits = [...best.values()].flatMap(({ content, start, end, cosine }) =>
      (byContent.get(content) ?? [])
        .filter((track) => track.trackId !== without)
        .map((track): Hit => ({ track, start, end, cosine })),
    )
    // Fewer rows than asked for are all there are, but for an index, which looks into some partitions only.
    if (hits.length >= limit || (exact && rows.length < fetch)) return hits.sort(byCosine).slice(0, limit)
    if (rows.length === fetch) fetch *= FETCH_GROWTH
    if (rows.length < fetch || fetch > MAX_APPROXIMATE_FETCH) exact = true
  }
}
