import type { Figure } from './figures.js'

/** A benchmark: measures and returns its figures, saying on the way what it does. */
export type Benchmark = (options: BenchmarkOptions) => Promise<Figure[]>

export interface BenchmarkOptions {
  /** Folder of music, for `quality` with the sidecars of the demo library; the demo library itself otherwise. */
  readonly music?: string
  /** Figures of these sizes or parts only; main.ts says which benchmarks take which of these. */
  readonly only?: readonly string[]
  /** Repeats of each timed run. */
  readonly repeats?: number
  readonly say: (line: string) => void
}
