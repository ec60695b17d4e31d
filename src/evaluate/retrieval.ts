import { metricsOf, valueOf } from './metric.js'
import { QueryScoring, type QueryScores } from './query-scores.js'
import { checkRanking, type Ranking } from './ranking.js'
import { tieGroups, type TieGroup } from './ties.js'

/**
 * How well queries find their items: the mean over queries that have an answer, ranks counted from 1, ties by their
 * expectation. `QueryScores` says what each figure is.
 */
export interface RetrievalScores {
  /** Queries that were scored. */
  readonly queries: number
  /** Queries without an answer; they count nowhere. */
  readonly leftOut: number
  /** Median over queries of the rank of the first answer; of an even number, the mean of the middle two. */
  readonly medianRank: number
  readonly meanRank: number
  readonly mrr: number
  readonly map: number
  readonly mapAt10: number
  readonly ndcgAt10: number
  readonly recallAt: Readonly<Record<number, number>>
  readonly shareAt: Readonly<Record<number, number>>
  readonly precisionAt: Readonly<Record<number, number>>
}

export interface RetrievalOptions {
  /** The places at which R@k, share@k and P@k are taken. @default [1, 5, 10] */
  readonly ks?: readonly number[]
}

/** The figures of scored queries. Where no query has an answer, they are not numbers. */
export function summarise(scores: QueryScores): RetrievalScores {
  const value = Object.fromEntries(metricsOf(scores).map((metric) => [metric.name, valueOf(metric)]))
  const atEach = (name: string) =>
    Object.fromEntries(Object.keys(scores.recallAt).map((k) => [k, value[`${name}@${k}`]]))
  return {
    queries: scores.query.length,
    leftOut: scores.queries - scores.query.length,
    medianRank: value['median rank'],
    meanRank: value['mean rank'],
    mrr: value.MRR,
    map: value.mAP,
    mapAt10: value['mAP@10'],
    ndcgAt10: value['nDCG@10'],
    recallAt: atEach('R'),
    shareAt: atEach('share'),
    precisionAt: atEach('P'),
  }
}

/**
 * Scores every query of a ranking whose similarities are at hand as one matrix; for the other direction, that of its
 * `transpose`. `scoreQueries` does without the matrix.
 * @throws AntiphonError `shape` where an array's length isn't queries × items, `failed` for a similarity that is not a
 *   number.
 */
export function scoreRanking(ranking: Ranking, { ks }: RetrievalOptions = {}): QueryScores {
  checkRanking(ranking)
  const { queries, items, similarity, relevance } = ranking
  const query: number[] = []
  const places: TieGroup[][] = []
  for (let row = 0; row < queries; row++) {
    const [from, to] = [row * items, (row + 1) * items]
    const groups = tieGroups(similarity.subarray(from, to), relevance.subarray(from, to))
    if (groups.length === 0) continue
    query.push(row)
    places.push(groups)
  }
  const scoring = new QueryScoring({ queries, items, query: Int32Array.from(query), ks })
  places.forEach((groups, at) => {
    scoring.put(at, groups)
  })
  return scoring.scores
}

/** The figures of a ranking: `summarise` of `scoreRanking`, which throw what they throw. */
export function retrievalScores(ranking: Ranking, options?: RetrievalOptions): RetrievalScores {
  return summarise(scoreRanking(ranking, options))
}
