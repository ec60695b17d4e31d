import type { Table } from '@lancedb/lancedb'

/**
 * The vector index and how it is asked, in one place: IVF with residual quantisation (RaBitQ: Gao and Long 2024), four bits a
 * number, and the nearest compared again by their stored vectors.
 *
 * Measured at a million clustered vectors of 512 on two cores, 10 nearest, 4 bits, 30 candidates compared again:
 *
 *     partitions   built in   probes: recall, ms
 *            500       46 s   50: 0.940, 3.9   100: 0.984, 4.2   150: 0.994, 5.0
 *          1,000       47 s   64: 0.921, 3.1   100: 0.961, 4.0   200: 0.992, 5.4   all: 1.000, 13.6
 *          2,000       70 s   100: 0.919, 4.8  200: 0.973, 4.9   300: 0.988, 6.3
 *
 * Four bits lose nothing against an exact comparison in the partitions that are looked into. One bit needs 200 candidates
 * to come to 0.89 where four with 50 come to 0.995. `npm run bench -- search` measures what is here.
 */

/** Fewer vectors are compared one by one: an exact scan of so many takes about 15 ms. */
export const INDEX_FROM_ROWS = 20_000

/** The index is laid out anew when the rows have grown by this factor: its partitions have then become too large. */
const REBUILD_GROWTH = 2

interface IndexParameters {
  readonly numPartitions: number
  readonly numBits: number
  /** Vectors a partition that k-means looks at; LanceDB's default of 256 takes twice as long and finds no more. */
  readonly sampleRate: number
}

function indexParameters(rows: number): IndexParameters {
  return { numPartitions: Math.round(Math.sqrt(rows) / 2), numBits: 4, sampleRate: 64 }
}

interface ProbeParameters {
  readonly nprobes: number
  /** Candidates that are compared by their stored vectors, as a multiple of the rows asked for. */
  readonly refineFactor: number
}

const MIN_PROBES = 64
const PROBED_SHARE = 0.3
const CANDIDATES = 30

/** How to ask for the nearest `limit` rows of an index that was laid out for `rows`. */
export function probeParameters(rows: number, limit: number): ProbeParameters {
  const { numPartitions } = indexParameters(rows)
  return {
    nprobes: Math.max(MIN_PROBES, Math.round(PROBED_SHARE * numPartitions)),
    refineFactor: Math.max(2, Math.ceil(CANDIDATES / limit)),
  }
}

const NAME = 'vector_rows_'

/** The vector index of a table, and the number of rows that it was laid out for, which its name says. */
export async function vectorIndexOf(table: Table): Promise<{ name: string; rows: number } | undefined> {
  const indices = await table.listIndices()
  const index = indices.find(({ name }) => name.startsWith(NAME))
  return index && { name: index.name, rows: Number(index.name.slice(NAME.length)) }
}

/** Builds the index of a table if that pays: where there is none, or the rows have outgrown the one that is there. */
export async function buildVectorIndex(table: Table): Promise<void> {
  const rows = await table.countRows()
  if (rows < INDEX_FROM_ROWS) return
  const present = await vectorIndexOf(table)
  if (present && rows < REBUILD_GROWTH * present.rows) return
  const { Index } = await import('@lancedb/lancedb')
  const config = Index.ivfRq({ distanceType: 'dot', ...indexParameters(rows) })
  if (present) await table.dropIndex(present.name) // meanwhile, searches scan
  await table.createIndex('vector', { config, name: `${NAME}${rows}` })
  await table.createIndex('content', { config: Index.btree() })
}
