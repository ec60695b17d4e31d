import { mkdir } from 'node:fs/promises'
import type { Connection, Table } from '@lancedb/lancedb'
import { AntiphonError } from '../../errors/index.js'
import { meets, type Condition } from '../filter.js'
import { byCosine, byPath, evenly } from '../memory-store.js'
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
import { dot, trackVector } from '../vector.js'
import { schemaOf, toTable, valuesOf, vectorsOf, type Columns, type ColumnValues } from './arrow.js'
import { INDEX_FROM_ROWS, indexParameters, probeParameters, REBUILD_GROWTH } from './vector-index.js'

const TRACKS: Columns = {
  trackId: 'text',
  path: 'text',
  content: 'text',
  size: 'number',
  modified: 'number',
  duration: 'number',
  title: 'text?',
  artist: 'text?',
  album: 'text?',
  genre: 'text?',
  year: 'integer?',
}
const FAILURES: Columns = { path: 'text', size: 'number', modified: 'number', reason: 'text' }
const MOMENTS: Columns = { content: 'text', start: 'number', end: 'number', vector: 'vector' }
/** Track vectors, with the number of moments that each stands for. */
const WHOLES: Columns = { content: 'text', moments: 'number', vector: 'vector' }

/** A moment as it is found, before it is known whose it is. */
export interface MomentHit {
  readonly content: string
  readonly start: number
  readonly end: number
  readonly cosine: number
}

/** With this many contents or fewer, a filter is given to the scan itself; with more, hits are filtered afterwards. */
const FEW_CONTENTS = 1_000
/** Moments that are asked for first, for each track that is wanted: most tracks have several good ones. */
const FETCH_PER_TRACK = 4
const MIN_FETCH = 40
const FETCH_GROWTH = 4
/** Beyond this many, an exact scan is quicker than the index. */
const MAX_APPROXIMATE_FETCH = 5_000
/** Readers of an older version have this long to finish before its files go. */
const READER_GRACE_MS = 120_000
/** Writes after which it is looked whether there are too many fragments. */
const PUTS_BETWEEN_LOOKS = 32
/** Appends leave fragments, and every open and scan pays for each. */
const MANY_FRAGMENTS = 128

/**
 * A catalog's store in a folder of LanceDB tables: `tracks` and `failures`, and `moments-<space>` and `wholes-<space>` for
 * the vectors of each space, keyed by content. Every write is one atomic commit of LanceDB, in such an order that a crash
 * between two leaves at most vectors that no track uses yet.
 */
export class LanceStore implements Store {
  readonly dim: number
  readonly spaceId: string
  readonly #connection: Connection
  readonly #tables = new Map<string, Table>()

  #puts = 0

  private constructor(connection: Connection, spaceId: string, dim: number) {
    this.#connection = connection
    this.spaceId = spaceId
    this.dim = dim
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
    // Its warnings (a table that is created; a small index) say nothing to the person at the terminal.
    process.env['LANCEDB_LOG'] ??= 'error'
    const { connect } = await import('@lancedb/lancedb')
    await mkdir(dir, { recursive: true }).catch(() => undefined) // a read-only place is seen on writing
    return new LanceStore(await connect(dir, { readConsistencyInterval: 0 }), spaceId, dim)
  }

  /** The spaces that a folder holds vectors of. */
  static async spaces(dir: string): Promise<string[]> {
    const store = await LanceStore.open({ dir, spaceId: '', dim: 1 })
    const names = (await store.#connection.tableNames()).map(
      (name) => /^(?:moments|wholes)-(.*)$/.exec(name)?.[1],
    )
    await store.close()
    return [...new Set(names.filter((name) => name !== undefined))]
  }

  /** Drops the vectors of a space. */
  static async dropSpace(dir: string, spaceId: string): Promise<void> {
    const store = await LanceStore.open({ dir, spaceId, dim: 1 })
    for (const name of await store.#connection.tableNames())
      if (name.endsWith(`-${spaceId}`)) await store.#connection.dropTable(name)
    await store.close()
  }

  async put({
    contents = [],
    removed = [],
    tracks = [],
    resolved = [],
    failures = [],
  }: Batch): Promise<void> {
    await this.addContents(contents)
    if (removed.length > 0) await this.#delete('tracks', 'trackId', removed)
    if (tracks.length > 0) await this.#upsert('tracks', TRACKS, 'trackId', tracks)
    if (resolved.length > 0) await this.#delete('failures', 'path', resolved)
    if (failures.length > 0) await this.#upsert('failures', FAILURES, 'path', failures)
    if (++this.#puts % PUTS_BETWEEN_LOOKS === 0) await this.compact({ many: true })
  }

  /** Moments, then track vectors: one commit each, however many there are. */
  async addContents(contents: readonly EmbeddedContent[]): Promise<void> {
    if (contents.length === 0) return
    const moments = contents.flatMap(({ content, moments }) =>
      moments.map((moment) => ({ content, ...moment })),
    )
    await this.#append(this.#momentsName, MOMENTS, moments.length, {
      content: moments.map((moment) => moment.content),
      start: moments.map((moment) => moment.start),
      end: moments.map((moment) => moment.end),
      vector: matrixOf(moments, this.dim),
    })
    await this.#addWholes(contents)
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
    const table = await this.#table('failures')
    if (!table) return []
    const rows = (await table.query().toArray()) as Failure[]
    return rows.map(({ path, size, modified, reason }) => ({ path, size, modified, reason })).sort(byPath)
  }

  async contents(): Promise<Set<string>> {
    const table = await this.#table(this.#wholesName)
    if (!table) return new Set()
    return new Set(valuesOf<string>(await table.query().select(['content']).toArrow(), 'content'))
  }

  async moments(content: string): Promise<Moment[]> {
    const table = await this.#table(this.#momentsName)
    if (!table) return []
    const rows = await table
      .query()
      .where(`content = ${sqlText(content)}`)
      .select(['start', 'end', 'vector'])
      .toArrow()
    const start = valuesOf<number>(rows, 'start')
    const end = valuesOf<number>(rows, 'end')
    return vectorsOf(rows, 'vector')
      .map((vector, i) => ({ start: start[i], end: end[i], vector }))
      .sort((a, b) => a.start - b.start)
  }

  async trackVectors(contents: readonly string[]): Promise<Map<string, Float32Array>> {
    const table = await this.#table(this.#wholesName)
    const found = new Map<string, Float32Array>()
    if (!table || contents.length === 0) return found
    const query = table.query().select(['content', 'vector'])
    if (contents.length <= FEW_CONTENTS) query.where(oneOf('content', contents))
    const wanted = new Set(contents)
    const rows = await query.toArrow()
    const names = valuesOf<string>(rows, 'content')
    vectorsOf(rows, 'vector').forEach((vector, i) => {
      if (wanted.has(names[i])) found.set(names[i], vector)
    })
    return found
  }

  async nearest(vector: Float32Array, options: NearestOptions): Promise<Hit[]> {
    return this.#nearestTracks(this.#momentsName, vector, options)
  }

  async nearestTracks(vector: Float32Array, options: NearestOptions): Promise<Hit[]> {
    const hits = await this.#nearestTracks(this.#wholesName, vector, options)
    const moments = await Promise.all(hits.map((hit) => this.moments(hit.track.content)))
    return hits.map((hit, i) => {
      const [first, ...rest] = moments[i].map((moment) => ({
        ...moment,
        cosine: dot(vector, moment.vector),
      }))
      if (!first) return hit
      const { start, end } = rest.reduce(
        (best, moment) => (moment.cosine > best.cosine ? moment : best),
        first,
      )
      return { ...hit, start, end }
    })
  }

  /** The moments nearest to a vector, without their tracks: what the benchmark measures. */
  async nearestMoments(vector: Float32Array, limit: number, { exact = false } = {}): Promise<MomentHit[]> {
    return this.#scan(this.#momentsName, vector, limit, { exact })
  }

  async sample(of: 'moments' | 'tracks', size: number): Promise<Float32Array[]> {
    const table = await this.#table(of === 'moments' ? this.#momentsName : this.#wholesName)
    if (!table) return []
    const offsets = evenly(await table.countRows(), size)
    if (offsets.length === 0) return []
    return vectorsOf(await table.takeOffsets(offsets).select(['vector']).toArrow(), 'vector')
  }

  async counts(): Promise<StoreCounts> {
    const [tracks, moments, wholes] = await Promise.all([
      this.#table('tracks'),
      this.#table(this.#momentsName),
      this.#table(this.#wholesName),
    ])
    const durations =
      tracks && valuesOf<number>(await tracks.query().select(['duration']).toArrow(), 'duration')
    return {
      tracks: durations?.length ?? 0,
      moments: (await moments?.countRows()) ?? 0,
      contents: (await wholes?.countRows()) ?? 0,
      audioSeconds: durations?.reduce((sum, seconds) => sum + seconds, 0) ?? 0,
      vectorIndex: moments && (await vectorIndexOf(moments)) ? 'approximate' : 'exact',
    }
  }

  /**
   * Finishes what a crash left half done: moments whose track vectors were not written get them. Called before writing, by
   * the one who holds the lock.
   */
  async repair(): Promise<void> {
    const moments = await this.#table(this.#momentsName)
    if (!moments) return
    const wholes = await this.#table(this.#wholesName)
    const accounted =
      wholes && valuesOf<number>(await wholes.query().select(['moments']).toArrow(), 'moments')
    if ((accounted?.reduce((sum, n) => sum + n, 0) ?? 0) === (await moments.countRows())) return
    const known = await this.contents()
    const present = new Set(valuesOf<string>(await moments.query().select(['content']).toArrow(), 'content'))
    const missing = [...present].filter((content) => !known.has(content))
    await this.#addWholes(
      await Promise.all(missing.map(async (content) => ({ content, moments: await this.moments(content) }))),
    )
    const lost = [...known].filter((content) => !present.has(content))
    if (lost.length > 0) await this.#delete(this.#wholesName, 'content', lost)
  }

  async tidy(): Promise<void> {
    const used = new Set((await this.#readTracks()).map((track) => track.content))
    const unused = [...(await this.contents())].filter((content) => !used.has(content))
    if (unused.length > 0) {
      await this.#delete(this.#wholesName, 'content', unused)
      await this.#delete(this.#momentsName, 'content', unused)
    }
    await this.compact()
    await this.buildIndex()
  }

  /** Joins the fragments that appends left, and drops old versions. With `many`, only where there are many fragments. */
  async compact({ many = false } = {}): Promise<void> {
    for (const name of ['tracks', 'failures', this.#momentsName, this.#wholesName]) {
      const table = await this.#table(name)
      if (!table) continue
      if (many && (await table.stats()).fragmentStats.numFragments < MANY_FRAGMENTS) continue
      await table.optimize({
        cleanupOlderThan: new Date(Date.now() - READER_GRACE_MS),
        deleteUnverified: true,
      })
    }
  }

  /** Builds the vector indexes that pay: none, or anew where the rows have outgrown the one that is there. */
  async buildIndex(): Promise<void> {
    for (const name of [this.#momentsName, this.#wholesName]) {
      const table = await this.#table(name)
      const rows = (await table?.countRows()) ?? 0
      if (!table || rows < INDEX_FROM_ROWS) continue
      const present = await vectorIndexOf(table)
      if (present && rows < REBUILD_GROWTH * present.rows) continue
      const { Index } = await import('@lancedb/lancedb')
      const config = Index.ivfRq({ distanceType: 'dot', ...indexParameters(rows) })
      if (present) await table.dropIndex(present.name) // meanwhile, searches scan
      await table.createIndex('vector', { config, name: `${VECTOR_INDEX}${rows}` })
      await table.createIndex('content', { config: Index.btree() })
    }
  }

  async close(): Promise<void> {
    for (const table of this.#tables.values()) table.close()
    this.#tables.clear()
    this.#connection.close()
  }

  get #momentsName(): string {
    return `moments-${this.spaceId}`
  }

  get #wholesName(): string {
    return `wholes-${this.spaceId}`
  }

  /** The table, or undefined until something is written to it. */
  async #table(name: string): Promise<Table | undefined> {
    const open = this.#tables.get(name)
    if (open) return open
    const table = await this.#connection.openTable(name).catch(async (error: unknown) => {
      if ((await this.#connection.tableNames()).includes(name)) throw error
      return undefined
    })
    if (table) this.#tables.set(name, table)
    return table
  }

  async #writable(name: string, columns: Columns): Promise<Table> {
    const present = await this.#table(name)
    if (present) return present
    const table = await this.#connection.createEmptyTable(name, schemaOf(columns, this.dim), {
      existOk: true,
    })
    this.#tables.set(name, table)
    return table
  }

  async #append(
    name: string,
    columns: Columns,
    length: number,
    values: Readonly<Record<string, ColumnValues>>,
  ): Promise<void> {
    const table = await this.#writable(name, columns)
    await table.add(toTable(columns, this.dim, length, values))
  }

  async #addWholes(contents: readonly EmbeddedContent[]): Promise<void> {
    if (contents.length === 0) return
    const vectors = contents.map(({ moments }) => ({ vector: trackVector(moments) }))
    await this.#append(this.#wholesName, WHOLES, contents.length, {
      content: contents.map(({ content }) => content),
      moments: contents.map(({ moments }) => moments.length),
      vector: matrixOf(vectors, this.dim),
    })
  }

  async #upsert(name: string, columns: Columns, key: string, rows: readonly object[]): Promise<void> {
    const table = await this.#writable(name, columns)
    const values = Object.keys(columns).map((column): [string, (string | number | null)[]] => [
      column,
      rows.map((row) => (row as Record<string, string | number | undefined>)[column] ?? null),
    ])
    await table
      .mergeInsert(key)
      .whenMatchedUpdateAll()
      .whenNotMatchedInsertAll()
      .execute(toTable(columns, this.dim, rows.length, Object.fromEntries(values)))
  }

  async #delete(name: string, column: string, values: readonly string[]): Promise<void> {
    const table = await this.#table(name)
    for (let i = 0; table && i < values.length; i += FEW_CONTENTS)
      await table.delete(oneOf(column, values.slice(i, i + FEW_CONTENTS)))
  }

  async #readTracks(where?: string): Promise<Track[]> {
    const table = await this.#table('tracks')
    if (!table) return []
    const query = table.query()
    const rows = await (where ? query.where(where) : query).toArrow()
    const columns = Object.keys(TRACKS).map((name) => ({ name, values: valuesOf<unknown>(rows, name) }))
    return Array.from({ length: rows.numRows }, (_, i) => {
      const present = columns.filter(({ values }) => values[i] !== null)
      return Object.fromEntries(present.map(({ name, values }) => [name, values[i]])) as unknown as Track
    })
  }

  async #nearestTracks(
    name: string,
    vector: Float32Array,
    { limit, where = [], without }: NearestOptions,
  ): Promise<Hit[]> {
    const byContent = new Map<string, Track[]>()
    const remember = (tracks: readonly Track[]): void => {
      for (const track of tracks)
        byContent.set(track.content, [...(byContent.get(track.content) ?? []), track])
    }
    let only: string | undefined
    if (where.length > 0) {
      remember(await this.tracks(where))
      if (byContent.size === 0) return []
      if (byContent.size <= FEW_CONTENTS) only = oneOf('content', [...byContent.keys()])
    }
    let fetch = Math.max(MIN_FETCH, FETCH_PER_TRACK * limit)
    let exact = only !== undefined
    for (;;) {
      const rows = await this.#scan(name, vector, fetch, { exact, only })
      const best = new Map<string, MomentHit>()
      for (const row of rows) if (!best.has(row.content)) best.set(row.content, row)
      if (where.length === 0) {
        const unknown = [...best.keys()].filter((content) => !byContent.has(content))
        for (const content of unknown) byContent.set(content, [])
        for (let i = 0; i < unknown.length; i += FEW_CONTENTS)
          remember(await this.#readTracks(oneOf('content', unknown.slice(i, i + FEW_CONTENTS))))
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

  /** Rows of a table of vectors, the nearest first; with `only`, those that meet this SQL condition. */
  async #scan(
    name: string,
    vector: Float32Array,
    limit: number,
    { exact = false, only }: { exact?: boolean; only?: string },
  ): Promise<MomentHit[]> {
    const table = await this.#table(name)
    if (!table) return []
    const index = exact ? undefined : await vectorIndexOf(table)
    const hasMoments = name === this.#momentsName
    const query = table
      .query()
      .nearestTo(vector)
      .distanceType('dot')
      .select(hasMoments ? ['content', 'start', 'end', '_distance'] : ['content', '_distance'])
      .limit(limit)
    if (only) query.where(only)
    if (index) {
      const { nprobes, refineFactor } = probeParameters(index.rows, limit)
      query.nprobes(nprobes).refineFactor(refineFactor)
    } else query.bypassVectorIndex()
    const rows = await query.toArrow()
    const content = valuesOf<string>(rows, 'content')
    const distance = valuesOf<number>(rows, '_distance')
    const start = hasMoments ? valuesOf<number>(rows, 'start') : []
    const end = hasMoments ? valuesOf<number>(rows, 'end') : []
    return content.map((name, i) => ({
      content: name,
      start: start[i] ?? 0,
      end: end[i] ?? 0,
      cosine: 1 - distance[i], // LanceDB's dot distance is 1 - a · b
    }))
  }
}

const VECTOR_INDEX = 'vector_rows_'

/** The vector index of a table and the number of rows that it was laid out for, which its name says. */
async function vectorIndexOf(table: Table): Promise<{ name: string; rows: number } | undefined> {
  const indices = await table.listIndices()
  const index = indices.find(({ name }) => name.startsWith(VECTOR_INDEX))
  return index && { name: index.name, rows: Number(index.name.slice(VECTOR_INDEX.length)) }
}

function matrixOf(rows: readonly { readonly vector: Float32Array }[], dim: number): Float32Array {
  const matrix = new Float32Array(rows.length * dim)
  rows.forEach(({ vector }, i) => {
    if (vector.length !== dim)
      throw new AntiphonError('failed', `A vector of ${vector.length} numbers for a store of ${dim}`)
    matrix.set(vector, i * dim)
  })
  return matrix
}

/** A text as a literal of SQL, in which only the quote is special. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

function oneOf(column: string, values: readonly string[]): string {
  return `${column} IN (${values.map(sqlText).join(', ')})`
}
