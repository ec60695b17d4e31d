import { compare, holm, pairMetrics, type CompareOptions, type Difference } from './compare.js'
import { AntiphonError } from '../errors/index.js'
import type { QueryScores } from './query-scores.js'

/** Some of the queries, by a name: "negation", "4-10 words", "genre". A query may be in several. */
export interface Subset {
  readonly name: string
  readonly queries: Int32Array
}

export interface SubsetDifference extends Difference {
  readonly name: string
  /** Scored queries of the subset. */
  readonly queries: number
}

/**
 * Where one model wins and where the other: one figure's difference within each subset of the queries. Here `adjusted`
 * is Holm's correction over the subsets.
 */
export function compareSubsets(
  a: QueryScores,
  b: QueryScores,
  {
    subsets,
    metric,
    ...options
  }: Omit<CompareOptions, 'metrics'> & { subsets: readonly Subset[]; metric: string },
): SubsetDifference[] {
  const found = subsets.map(({ name, queries }) => {
    const [ofA, ofB] = [selectQueries(a, queries), selectQueries(b, queries)]
    return {
      name,
      queries: ofA.query.length,
      ...compare(ofA, ofB, { ...options, metrics: [metric] })[metric],
    }
  })
  const adjusted = holm(found.map(({ p }) => p))
  return found.map((each, at) => ({ ...each, adjusted: adjusted[at] }))
}

/** The scores of some queries only; those that were not scored are passed over. */
export function selectQueries(scores: QueryScores, queries: Int32Array): QueryScores {
  const wanted = new Set(queries)
  const kept = scores.query.map((_, at) => at).filter((at) => wanted.has(scores.query[at]))
  const take = (values: Float64Array) => Float64Array.from(kept, (at) => values[at])
  const takeEach = (byK: Readonly<Record<number, Float64Array>>) =>
    Object.fromEntries(Object.entries(byK).map(([k, values]) => [k, take(values)]))
  return {
    queries: scores.queries,
    items: scores.items,
    query: kept.map((at) => scores.query[at]),
    rank: take(scores.rank),
    reciprocal: take(scores.reciprocal),
    ap: take(scores.ap),
    apAt10: take(scores.apAt10),
    ndcgAt10: take(scores.ndcgAt10),
    recallAt: takeEach(scores.recallAt),
    shareAt: takeEach(scores.shareAt),
    precisionAt: takeEach(scores.precisionAt),
  }
}

/** What one query scored with two models. */
export interface QueryDifference {
  readonly query: number
  readonly a: number
  readonly b: number
  /** b - a */
  readonly difference: number
}

/**
 * The queries that gain most from b, and those that lose most, largest first, of equal ones the first asked first. For
 * ranks a smaller number is a gain.
 *
 * @throws AntiphonError `usage` as `compare` does
 */
export function largestDifferences(
  a: QueryScores,
  b: QueryScores,
  { metric, count }: { metric: string; count: number },
): { gains: QueryDifference[]; losses: QueryDifference[] } {
  if (!(count >= 0)) throw new AntiphonError('usage', `${count} queries (expected a number of them)`)
  const [pair] = pairMetrics(a, b, [metric])
  const better = pair.a.higherIsBetter ? 1 : -1
  const all = Array.from(a.query, (query, at) => ({
    query,
    a: pair.a.values[at],
    b: pair.b.values[at],
    difference: pair.b.values[at] - pair.a.values[at],
  }))
  const largest = (sign: number) =>
    all
      .filter(({ difference }) => sign * difference > 0)
      .sort((x, y) => sign * (y.difference - x.difference) || x.query - y.query)
      .slice(0, count)
  return { gains: largest(better), losses: largest(-better) }
}
