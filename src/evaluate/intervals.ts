import { GroupedMetrics } from './grouped-metrics.js'
import { metricsOf, valueOf } from './metric.js'
import type { QueryScores } from './query-scores.js'
import {
  DEFAULT_SAMPLES,
  groupsOf,
  percentileInterval,
  resample,
  type Interval,
  type ResamplingOptions,
} from './resample.js'

export interface IntervalOptions extends ResamplingOptions {
  /** Names of the figures wanted. @default all */
  readonly metrics?: readonly string[]
}

/**
 * Every figure of scored queries with its interval, by the name of the metric: groups of queries (captions of a track)
 * are resampled together. The pool of items stays as it is: the interval is that of other queries to the same kind of pool.
 *
 * @throws AntiphonError `shape` where there are not as many groups as queries
 */
export function intervals(
  scores: QueryScores,
  { groups, samples = DEFAULT_SAMPLES, seed, level, metrics: names }: IntervalOptions = {},
): Record<string, Interval> {
  const metrics = metricsOf(scores).filter(({ name }) => names?.includes(name) ?? true)
  const of = groupsOf(scores.query, scores.queries, groups)
  const sampled = metrics.map(() => new Float64Array(samples).fill(NaN))
  if (of.count > 1) {
    const grouped = new GroupedMetrics(metrics, of)
    const values = new Float64Array(metrics.length)
    resample(of.count, { samples, seed }, (weights, sample) => {
      grouped.values(weights, values)
      for (let at = 0; at < metrics.length; at++) sampled[at][sample] = values[at]
    })
  }
  return Object.fromEntries(
    metrics.map((metric, at) => [
      metric.name,
      { value: valueOf(metric), ...percentileInterval(sampled[at], level) },
    ]),
  )
}
