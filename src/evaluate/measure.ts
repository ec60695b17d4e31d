import type { Embedded } from './embedded.js'
import { examplesOf } from './examples.js'
import { intervals } from './intervals.js'
import { metricsOf } from './metric.js'
import type { Protocol } from './protocol.js'
import { rankBins } from './report/ranks.js'
import type { Estimate, Report, Result } from './report/report.js'
import { retrieve, type MeasureEngine, type Retrieved } from './retrieve.js'
import type { TestSet } from './test-set.js'

export interface MeasureOptions extends MeasureEngine {
  readonly set: TestSet
  readonly protocol: Protocol
  readonly embedded: Embedded
  /** Bootstrap samples. @default 2000 */
  readonly samples?: number
  /** @default 0 */
  readonly seed?: number
}

/** The part of a report that is measured. */
export type Measured = Pick<Report, 'results' | 'tags' | 'confusion' | 'space' | 'examples'>

/**
 * Measures as the protocol says.
 * @throws AntiphonError `interrupted`, `failed`
 */
export async function measure(options: MeasureOptions): Promise<Measured> {
  const { set, protocol, embedded } = options
  const results: Result[] = []
  let examples: Measured['examples'] = { best: [], worst: [] }
  for (const direction of protocol.directions) {
    const retrieved = await retrieve(direction, options, options)
    results.push(resultOf(retrieved, options))
    if (direction === 'text-to-audio') examples = examplesOf(set, embedded, retrieved.scores)
  }
  return { results, tags: null, confusion: null, space: null, examples }
}

function resultOf(
  { direction, scores, groups }: Retrieved,
  { protocol, samples, seed }: MeasureOptions,
): Result {
  const found = intervals(scores, { groups, samples, seed })
  const better = new Map(metricsOf(scores).map(({ name, higherIsBetter }) => [name, higherIsBetter]))
  return {
    direction,
    queries: scores.query.length,
    items: scores.items,
    figures: protocol.metrics.map((metric): Estimate => {
      const n = scores.query.length
      return { metric, ...bounded(found[metric]), n, higherIsBetter: better.get(metric)! }
    }),
    ranks: rankBins(scores.rank, scores.items),
  }
}

/** Bounds that are not numbers are null, as JSON has it. */
export const bounded = ({ value, low, high }: { value: number; low: number; high: number }) => ({
  value,
  low: Number.isFinite(low) ? low : null,
  high: Number.isFinite(high) ? high : null,
})
