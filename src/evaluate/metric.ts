import type { QueryScores } from './query-scores.js'

/** A figure over queries. */
export interface Metric {
  /** As papers print it: "R@10", "median rank", "MRR", "mAP@10". */
  readonly name: string
  /** What each scored query contributes. */
  readonly values: Float64Array
  readonly average: 'mean' | 'median'
  /** Whether a larger number is the better one; of ranks it isn't. */
  readonly higherIsBetter: boolean
}

/** The same figure of two models. */
export interface PairedMetric {
  readonly a: Metric
  readonly b: Metric
}

/** All figures of scored queries, in the order of a table. */
export function metricsOf(scores: QueryScores): Metric[] {
  const mean = (name: string, values: Float64Array): Metric => ({
    name,
    values,
    average: 'mean',
    higherIsBetter: true,
  })
  const atEach = (name: string, byK: Readonly<Record<number, Float64Array>>) =>
    Object.entries(byK).map(([k, values]) => mean(`${name}@${k}`, values))
  return [
    ...atEach('R', scores.recallAt),
    { name: 'median rank', values: scores.rank, average: 'median', higherIsBetter: false },
    { name: 'mean rank', values: scores.rank, average: 'mean', higherIsBetter: false },
    mean('MRR', scores.reciprocal),
    mean('mAP', scores.ap),
    mean('mAP@10', scores.apAt10),
    mean('nDCG@10', scores.ndcgAt10),
    ...atEach('P', scores.precisionAt),
    ...atEach('share', scores.shareAt),
  ]
}

/** The figure itself; not a number where no query was scored. */
export function valueOf({ values, average }: Metric): number {
  if (average === 'median') return median(values)
  let sum = 0
  for (const value of values) sum += value
  return sum / values.length
}

/** Of an even number, the mean of the middle two. */
function median(values: Float64Array): number {
  const sorted = values.slice().sort()
  const middle = sorted.length / 2
  return (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2
}
