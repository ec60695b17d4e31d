/**
 * The vector index and how it is asked, in one place: IVF with residual quantisation (RaBitQ: Gao and Long 2024), four bits a
 * number, and the nearest compared again by their stored vectors.
 *
 * Tried at a million clustered vectors of 512 on two busy cores: one bit a number, 1,000 partitions, built in 100 s, recall at
 * 10 of 0.89 at 6.6 ms with 200 candidates compared again; 2,000 and 4,000 partitions lose recall (0.88, 0.85) at the same
 * time; four bits, built in 146 s, 0.995 at 6.4 ms with 50 candidates. `npm run bench -- search` measures what is here.
 */

/** Fewer vectors are compared one by one: an exact scan costs about 2 ms a thousand vectors of 512. */
export const INDEX_FROM_ROWS = 20_000

/** The index is laid out anew when the rows have grown by this factor: its partitions have then become too large. */
export const REBUILD_GROWTH = 2

export interface IndexParameters {
  readonly numPartitions: number
  readonly numBits: number
  /** Vectors a partition that k-means looks at; LanceDB's default of 256 takes twice as long and finds no more. */
  readonly sampleRate: number
}

export function indexParameters(rows: number): IndexParameters {
  return { numPartitions: Math.round(Math.sqrt(rows)), numBits: 4, sampleRate: 64 }
}

export interface ProbeParameters {
  readonly nprobes: number
  /** Candidates that are compared by their stored vectors, as a multiple of the rows asked for. */
  readonly refineFactor: number
}

const PROBES = 16
const CANDIDATES = 50

/** How to ask for the nearest `limit` rows. */
export function probeParameters(limit: number): ProbeParameters {
  return { nprobes: PROBES, refineFactor: Math.max(2, Math.ceil(CANDIDATES / limit)) }
}
