import { bounded } from '../bounded.js'
import type { Difference } from '../compare.js'
import type { Direction } from '../protocol.js'
import type { Report, ReportedModel } from './report.js'

/** Models on the same queries; the first is what the others are compared with. */
export interface Comparison extends Pick<Report, 'antiphon' | 'protocol' | 'data'> {
  readonly models: readonly ReportedModel[]
  readonly intervals: Report['intervals'] & { readonly permutations: number }
  readonly results: readonly ComparedResult[]
  /** By model but the first; none of probes. */
  readonly versus: readonly Versus[]
}

export interface ComparedResult {
  /** Of a probe; null for the figures of the protocol's task. */
  readonly title: string | null
  readonly direction: Direction | null
  readonly queries: number
  readonly items: number
  readonly figures: readonly ComparedFigure[]
}

export interface ComparedFigure {
  readonly metric: string
  readonly higherIsBetter: boolean
  readonly n: number
  /** By model. */
  readonly models: readonly {
    readonly value: number
    readonly low: number | null
    readonly high: number | null
  }[]
  /** By model but the first. */
  readonly differences: readonly ReportedDifference[]
}

/** A model less the first. */
export interface ReportedDifference {
  readonly difference: number
  readonly low: number | null
  readonly high: number | null
  /** Of this figure alone; null where there is nothing to permute. */
  readonly p: number | null
  /** After Holm's correction over what stands in the same list. */
  readonly adjusted: number | null
}

/** Where a model wins against the first, and where it loses, by one metric. */
export interface Versus {
  readonly model: string
  readonly direction: Direction
  readonly metric: string
  readonly groups: readonly (ReportedDifference & {
    readonly group: string
    readonly queries: number
    readonly first: number
    readonly other: number
  })[]
  readonly gains: readonly ComparedQuery[]
  readonly losses: readonly ComparedQuery[]
}

/** Ranks of a query's first answer. */
export interface ComparedQuery {
  readonly query: string
  readonly first: number
  readonly other: number
}

/** A difference as a report has it: null for what is not a number. */
export function reportedDifference({ difference, low, high, p, adjusted }: Difference): ReportedDifference {
  const { value, ...bounds } = bounded({ value: difference, low, high })
  return {
    difference: value,
    ...bounds,
    p: Number.isFinite(p) ? p : null,
    adjusted: Number.isFinite(adjusted) ? adjusted : null,
  }
}
