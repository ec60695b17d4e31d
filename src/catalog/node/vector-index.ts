/**
 * The vector index and how it is asked, in one place. Measured with 512 dimensions on two cores; the benchmark `search`
 * repeats it (docs/benchmarks.md).
 */

/** Fewer vectors are compared one by one: an exact scan costs about 3 ms per thousand vectors of 512. */
export const INDEX_FROM_ROWS = 20_000

/** An index is built anew when the rows have grown by this factor, as its partitions have then become too large. */
export const REBUILD_GROWTH = 2

export interface IndexParameters {
  readonly numPartitions: number
  /** Vectors per partition that k-means looks at. */
  readonly sampleRate: number
  readonly maxIterations: number
}

export function indexParameters(rows: number): IndexParameters {
  return { numPartitions: Math.round(Math.sqrt(rows)), sampleRate: 64, maxIterations: 20 }
}

export interface ProbeParameters {
  readonly nprobes: number
  /** Of the `fetch` nearest by the quantised distance, this many times as many are compared by the stored vectors. */
  readonly refineFactor: number
}

/** How to ask for the `fetch` nearest of `rows`. */
export function probeParameters(rows: number, fetch: number): ProbeParameters {
  const nprobes = Math.max(8, Math.round(Math.sqrt(rows) / 60))
  return { nprobes, refineFactor: Math.max(2, Math.ceil(100 / fetch)) }
}
