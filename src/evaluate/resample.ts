import { AntiphonError } from '../errors/index.js'
import { Random } from '../random/index.js'

export interface ResamplingOptions {
  /**
   * What queries belong to, by query: the track of a caption. Queries of one group are drawn together, as they aren't
   * independent: captions of a track that is hard to find are all hard. @default each query is a group of its own
   */
  readonly groups?: Int32Array
  /** @default 2000 */
  readonly samples?: number
  /** @default 0 */
  readonly seed?: number | string
  /** Of the interval. @default 0.95 */
  readonly level?: number
}

/** A figure with its bootstrap interval; bounds are not numbers where there are fewer than two groups. */
export interface Interval {
  readonly value: number
  readonly low: number
  readonly high: number
}

export const DEFAULT_SAMPLES = 2000
export const DEFAULT_LEVEL = 0.95

/** Units that are resampled: 0, 1, 2 … in the order in which they first occur. */
export interface Groups {
  readonly count: number
  /** The group of each scored query, or of each item. */
  readonly of: Int32Array
}

/**
 * Groups of scored queries, numbered without gaps.
 *
 * @param query the scored ones of `queries`
 * @throws AntiphonError `shape` where there are not as many groups as queries
 */
export function groupsOf(query: Int32Array, queries: number, groups?: Int32Array): Groups {
  if (groups && groups.length !== queries)
    throw new AntiphonError('shape', `${groups.length} groups for ${queries} queries; expected one for each`)
  const numbers = new Map<number, number>()
  const of = query.map((each) => {
    const group = groups ? groups[each] : each
    const known = numbers.get(group) ?? numbers.size
    numbers.set(group, known)
    return known
  })
  return { count: numbers.size, of }
}

/**
 * Bootstrap samples of groups, as many as there are, drawn with replacement: how often each is in the sample. The samples of a seed are
 * the same for any figures, so those of two models, taken at the same groups, are paired.
 *
 * @param visit is given the counts by group, in one array that is used again
 */
export function resample(
  groups: number,
  { samples = DEFAULT_SAMPLES, seed = 0 }: Pick<ResamplingOptions, 'samples' | 'seed'>,
  visit: (weights: Int32Array, sample: number) => void,
): void {
  const random = new Random(`bootstrap/${seed}`)
  const weights = new Int32Array(groups)
  for (let sample = 0; sample < samples; sample++) {
    weights.fill(0)
    for (let i = 0; i < groups; i++) weights[Math.floor(random.next() * groups)]++
    visit(weights, sample)
  }
}

/**
 * The percentile interval (Efron & Tibshirani 1993, section 13.3): between the quantiles of the bootstrap distribution that leave out
 * (1 - level) / 2 at each end. Values that are not numbers, such as the precision of a class that a sample lacks, don't count.
 */
export function percentileInterval(
  sampled: Float64Array,
  level = DEFAULT_LEVEL,
): { low: number; high: number } {
  const sorted = sampled.filter((value) => !Number.isNaN(value)).sort()
  const quantile = (share: number) => {
    const place = share * (sorted.length - 1)
    const below = sorted[Math.floor(place)]
    return below + (sorted[Math.ceil(place)] - below) * (place - Math.floor(place))
  }
  if (sorted.length === 0) return { low: NaN, high: NaN }
  return { low: quantile((1 - level) / 2), high: quantile((1 + level) / 2) }
}
