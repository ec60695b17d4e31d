import { AntiphonError } from '../errors/index.js'
import { GroupedMetrics } from './grouped-metrics.js'
import { metricsOf, valueOf, type PairedMetric } from './metric.js'
import { permutationTest } from './permutation.js'
import type { QueryScores } from './query-scores.js'
import {
  DEFAULT_SAMPLES,
  groupsOf,
  percentileInterval,
  resample,
  type Groups,
  type ResamplingOptions,
} from './resample.js'

export interface CompareOptions extends ResamplingOptions {
  /** Of the test. @default 10000 */
  readonly permutations?: number
  /** Names of the figures to compare. @default all */
  readonly metrics?: readonly string[]
}

/** One figure of two models on the same queries. */
export interface Difference {
  readonly a: number
  readonly b: number
  /** b - a. Of ranks, smaller is better. */
  readonly difference: number
  /** Bounds of the difference: groups of queries resampled, the same ones for both models. */
  readonly low: number
  readonly high: number
  /** Of this figure alone, by a permutation test of groups; two-sided. */
  readonly p: number
  /** p after Holm's correction (1979) for all figures that were compared. */
  readonly adjusted: number
}

/**
 * Two models on the same queries: every figure's difference with its interval and p-value.
 *
 * @throws AntiphonError `usage` where the models were asked different queries or a metric is unknown, `shape` where
 *   there are not as many groups as queries
 */
export function compare(
  a: QueryScores,
  b: QueryScores,
  { groups, samples, permutations, seed, level, metrics }: CompareOptions = {},
): Record<string, Difference> {
  const paired = pairMetrics(a, b, metrics)
  return comparePaired(paired, groupsOf(a.query, a.queries, groups), { samples, permutations, seed, level })
}

/** The same of any figures, each number of which belongs to a group. */
export function comparePaired(
  paired: readonly PairedMetric[],
  of: Groups,
  { samples = DEFAULT_SAMPLES, permutations, seed, level }: Omit<CompareOptions, 'groups' | 'metrics'> = {},
): Record<string, Difference> {
  const sampled = sampleDifferences(paired, of, { samples, seed })
  const p = permutationTest(paired, of, { permutations, seed })
  const adjusted = holm(p)
  return Object.fromEntries(
    paired.map((pair, at) => {
      const values = { a: valueOf(pair.a), b: valueOf(pair.b) }
      const found: Difference = {
        ...values,
        difference: values.b - values.a,
        ...percentileInterval(sampled[at], level),
        p: p[at],
        adjusted: adjusted[at],
      }
      return [pair.a.name, found]
    }),
  )
}

/** The figures of both, query by query in the same order. */
export function pairMetrics(a: QueryScores, b: QueryScores, names?: readonly string[]): PairedMetric[] {
  const same = a.query.length === b.query.length && a.query.every((query, at) => query === b.query[at])
  if (a.queries !== b.queries || a.items !== b.items || !same)
    throw new AntiphonError(
      'usage',
      `Models are compared on the same queries, items and answers: got ${a.query.length} scored queries of ${a.queries} in ${a.items} items, and ${b.query.length} of ${b.queries} in ${b.items}${a.query.length === b.query.length && !same ? ', which are not the same ones' : ''}`,
    )
  const all = metricsOf(a)
  const others = new Map(metricsOf(b).map((metric) => [metric.name, metric]))
  const unknown = names?.find((name) => !all.some((metric) => metric.name === name && others.has(name)))
  if (unknown !== undefined)
    throw new AntiphonError(
      'usage',
      `No metric "${unknown}" in both (expected ${all.map(({ name }) => name).join(', ')})`,
    )
  return all.flatMap((metric) => {
    const other = others.get(metric.name)
    return other && (names?.includes(metric.name) ?? true) ? [{ a: metric, b: other }] : []
  })
}

/** Of each pair, b - a in every bootstrap sample. */
function sampleDifferences(
  paired: readonly PairedMetric[],
  groups: Groups,
  { samples, seed }: { samples: number; seed?: number | string },
): Float64Array[] {
  const sampled = paired.map(() => new Float64Array(samples).fill(NaN))
  if (groups.count < 2) return sampled
  const [ofA, ofB] = (['a', 'b'] as const).map(
    (side) =>
      new GroupedMetrics(
        paired.map((pair) => pair[side]),
        groups,
      ),
  )
  const [a, b] = [new Float64Array(paired.length), new Float64Array(paired.length)]
  resample(groups.count, { samples, seed }, (weights, sample) => {
    ofA.values(weights, a)
    ofB.values(weights, b)
    for (let at = 0; at < paired.length; at++) sampled[at][sample] = b[at] - a[at]
  })
  return sampled
}

/** Holm's step-down correction: the chance of any false finding among all of them stays below the level of the test. */
export function holm(p: readonly number[]): number[] {
  const adjusted = p.map(() => NaN)
  const order = p.map((_, at) => at).filter((at) => !Number.isNaN(p[at]))
  order.sort((a, b) => p[a] - p[b])
  let largest = 0
  order.forEach((at, place) => {
    largest = Math.max(largest, Math.min(1, (order.length - place) * p[at]))
    adjusted[at] = largest
  })
  return adjusted
}
