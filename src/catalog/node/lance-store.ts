import { meets, type Condition } from '../filter.js'
import { byPath, evenly } from '../memory-store.js'
import type {
  Batch,
  EmbeddedContent,
  Failure,
  Hit,
  Moment,
  NearestOptions,
  Store,
  StoreCounts,
} from '../store.js'
import type { Track } from '../track.js'
import { dot } from '../vector.js'
import { valuesOf, vectorsOf } from './arrow.js'
import { LanceTables } from './lance-tables.js'
import { nearestTracks, scan, type MomentHit, type VectorTable } from './nearest.js'
import { FAILURES, momentRows, MOMENTS, rowsOf, TRACKS, tracksOf, wholeRows, WHOLES } from './rows.js'
import { FEW_VALUES, oneOf, oneOfMany, sqlText } from './sql.js'
import { buildVectorIndex, vectorIndexOf } from './vector-index.js'

/** Writes after which it is looked whether there are too many fragments. */
const PUTS_BETWEEN_LOOKS = 32

/**
 * A catalog's store in a folder of LanceDB tables: `tracks` and `failures`, and `moments-<space>` and `wholes-<space>` for
 * the vectors of each space, keyed by content. The order of writes is such that a crash between two leaves at most vectors
 * that no track uses yet.
 */
export class LanceStore implements Store {
  readonly dim: number
  readonly spaceId: string
  readonly #tables: LanceTables
  readonly #moments: string
  readonly #wholes: string
  #puts = 0

  private constructor(tables: LanceTables, spaceId: string, dim: number) {
    this.#tables = tables
    this.spaceId = spaceId
    this.dim = dim
    this.#moments = `moments-${spaceId}`
    this.#wholes = `wholes-${spaceId}`
  }

  static async open({
    dir,
    spaceId,
    dim,
  }: {
    dir: string
    spaceId: string
    dim: number
  }): Promise<LanceStore> {
    return new LanceStore(await LanceTables.open(dir, dim), spaceId, dim)
  }

  /** Drops the vectors that a folder holds of any other than these spaces. */
  static async keepSpaces(dir: string, spaceIds: readonly string[]): Promise<void> {
    const tables = await LanceTables.open(dir, 1)
    try {
      for (const name of await tables.names()) {
        const spaceId = /^(?:moments|wholes)-(.*)$/.exec(name)?.[1]
        if (spaceId !== undefined && !spaceIds.includes(spaceId)) await tables.drop(name)
      }
    } finally {
      tables.close()
    }
  }

  async put({
    contents = [],
    removed = [],
    tracks = [],
    resolved = [],
    failures = [],
  }: Batch): Promise<void> {
    if (contents.length > 0) {
      await this.#tables.append(this.#moments, MOMENTS, momentRows(contents, this.dim))
      await this.#addWholes(contents)
    }
    await this.#tables.delete('tracks', 'trackId', removed)
    if (tracks.length > 0) await this.#tables.upsert('tracks', TRACKS, 'trackId', rowsOf(TRACKS, tracks))
    await this.#tables.delete('failures', 'path', resolved)
    if (failures.length > 0)
      await this.#tables.upsert('failures', FAILURES, 'path', rowsOf(FAILURES, failures))
    if (++this.#puts % PUTS_BETWEEN_LOOKS === 0) await this.#compact({ many: true })
  }

  async remove(trackIds: readonly string[]): Promise<void> {
    await this.put({ removed: trackIds })
  }

  async tracks(where: readonly Condition[] = []): Promise<Track[]> {
    const tracks = await this.#readTracks()
    return tracks.filter((track) => meets(track, where)).sort(byPath)
  }

  async find(trackIdOrPath: string): Promise<Track | undefined> {
    const literal = sqlText(trackIdOrPath)
    const found = await this.#readTracks(`trackId = ${literal} OR path = ${literal}`)
    return found.find((track) => track.trackId === trackIdOrPath) ?? found[0]
  }

  async failures(): Promise<Failure[]> {
    const table = await this.#tables.get('failures')
    if (!table) return []
    const rows = (await table.query().toArray()) as Failure[]
    return rows.map(({ path, size, modified, reason }) => ({ path, size, modified, reason })).sort(byPath)
  }

  async contents(): Promise<Set<string>> {
    return new Set(await this.#column<string>(this.#wholes, 'content'))
  }

  async moments(content: string): Promise<Moment[]> {
    const table = await this.#tables.get(this.#moments)
    if (!table) return []
    const rows = await table
      .query()
      .where(oneOf('content', [content]))
      .select(['start', 'end', 'vector'])
      .toArrow()
    const start = valuesOf<number>(rows, 'start')
    const end = valuesOf<number>(rows, 'end')
    return vectorsOf(rows, 'vector')
      .map((vector, i) => ({ start: start[i], end: end[i], vector }))
      .sort((a, b) => a.start - b.start)
  }

  async trackVectors(contents: readonly string[]): Promise<Map<string, Float32Array>> {
    const table = await this.#tables.get(this.#wholes)
    const found = new Map<string, Float32Array>()
    if (!table || contents.length === 0) return found
    const query = table.query().select(['content', 'vector'])
    if (contents.length <= FEW_VALUES) query.where(oneOf('content', contents))
    const wanted = new Set(contents)
    const rows = await query.toArrow()
    const names = valuesOf<string>(rows, 'content')
    vectorsOf(rows, 'vector').forEach((vector, i) => {
      if (wanted.has(names[i])) found.set(names[i], vector)
    })
    return found
  }

  async nearest(vector: Float32Array, options: NearestOptions): Promise<Hit[]> {
    return this.#nearest(await this.#momentTable(), vector, options)
  }

  async nearestTracks(vector: Float32Array, options: NearestOptions): Promise<Hit[]> {
    const table = await this.#tables.get(this.#wholes)
    const hits = await this.#nearest(table && { table, columns: WHOLES }, vector, options)
    const moments = await Promise.all(hits.map((hit) => this.moments(hit.track.content)))
    return hits.map((hit, i) => {
      const cosines = moments[i].map((moment) => dot(vector, moment.vector))
      const best = moments[i][cosines.indexOf(Math.max(...cosines))]
      return best ? { ...hit, start: best.start, end: best.end } : hit
    })
  }

  /** The moments nearest to a vector, without their tracks: what the benchmark measures. */
  async nearestMoments(vector: Float32Array, limit: number): Promise<MomentHit[]> {
    const table = await this.#momentTable()
    return table ? scan(table, vector, limit) : []
  }

  async sample(of: 'moments' | 'tracks', size: number): Promise<Float32Array[]> {
    const table = await this.#tables.get(of === 'moments' ? this.#moments : this.#wholes)
    if (!table) return []
    const offsets = evenly(await table.countRows(), size)
    if (offsets.length === 0) return []
    return vectorsOf(await table.takeOffsets(offsets).select(['vector']).toArrow(), 'vector')
  }

  async counts(): Promise<StoreCounts> {
    const [durations, moments, wholes] = await Promise.all([
      this.#column<number>('tracks', 'duration'),
      this.#tables.get(this.#moments),
      this.#tables.get(this.#wholes),
    ])
    return {
      tracks: durations.length,
      moments: (await moments?.countRows()) ?? 0,
      contents: (await wholes?.countRows()) ?? 0,
      audioSeconds: sum(durations),
      vectorIndex: moments && (await vectorIndexOf(moments)) ? 'approximate' : 'exact',
    }
  }

  /**
   * Finishes what a crash left half done: moments whose track vectors were not written get them. Called before writing, by
   * the one who holds the lock.
   */
  async repair(): Promise<void> {
    const moments = await this.#tables.get(this.#moments)
    if (!moments) return
    const accounted = sum(await this.#column<number>(this.#wholes, 'moments'))
    if (accounted === (await moments.countRows())) return
    const known = await this.contents()
    const present = new Set(await this.#column<string>(this.#moments, 'content'))
    const missing = [...present].filter((content) => !known.has(content))
    const halves = await Promise.all(
      missing.map(async (content) => ({ content, moments: await this.moments(content) })),
    )
    if (halves.length > 0) await this.#addWholes(halves)
    const lost = [...known].filter((content) => !present.has(content))
    await this.#tables.delete(this.#wholes, 'content', lost)
  }

  async tidy(): Promise<void> {
    const used = new Set(await this.#column<string>('tracks', 'content'))
    const unused = [...(await this.contents())].filter((content) => !used.has(content))
    await this.#tables.delete(this.#wholes, 'content', unused)
    await this.#tables.delete(this.#moments, 'content', unused)
    await this.#compact()
    for (const name of [this.#moments, this.#wholes]) {
      const table = await this.#tables.get(name)
      if (table) await buildVectorIndex(table)
    }
  }

  async close(): Promise<void> {
    this.#tables.close()
  }

  async #compact({ many = false } = {}): Promise<void> {
    for (const name of ['tracks', 'failures', this.#moments, this.#wholes])
      await this.#tables.compact(name, { many })
  }

  #addWholes(contents: readonly EmbeddedContent[]): Promise<void> {
    return this.#tables.append(this.#wholes, WHOLES, wholeRows(contents, this.dim))
  }

  async #momentTable(): Promise<VectorTable | undefined> {
    const table = await this.#tables.get(this.#moments)
    return table && { table, columns: MOMENTS }
  }

  async #nearest(
    table: VectorTable | undefined,
    vector: Float32Array,
    options: NearestOptions,
  ): Promise<Hit[]> {
    if (!table) return []
    return nearestTracks(table, vector, options, {
      tracks: (where) => this.tracks(where),
      tracksWith: async (contents) => {
        const tracks: Track[] = []
        for (const condition of oneOfMany('content', contents))
          tracks.push(...(await this.#readTracks(condition)))
        return tracks
      },
    })
  }

  async #readTracks(where?: string): Promise<Track[]> {
    const table = await this.#tables.get('tracks')
    if (!table) return []
    const query = table.query()
    return tracksOf(await (where ? query.where(where) : query).toArrow())
  }

  /** All values of a column; none where there is no table yet. */
  async #column<T>(name: string, column: string): Promise<T[]> {
    const table = await this.#tables.get(name)
    return table ? valuesOf<T>(await table.query().select([column]).toArrow(), column) : []
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, x) => total + x, 0)
}
