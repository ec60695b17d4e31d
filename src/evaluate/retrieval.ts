import { checkRanking, type Ranking } from './ranking.js'
import { tieGroups, type TieGroup } from './ties.js'

/**
 * How well queries find their items; the mean over queries that have a relevant item, ranks counted from 1.
 *
 * Equal scores are broken neither for nor against the model: each figure is its expectation over all orders of the
 * equal scores. So a model that scores everything alike gets what chance gives, not 0 and not 1.
 */
export interface RetrievalScores {
  /** Queries that were scored. */
  readonly queries: number
  /** Queries without a relevant item; they count nowhere. */
  readonly leftOut: number
  /** Median over queries of the rank of the first relevant item; of an even number, the mean of the middle two. */
  readonly medianRank: number
  readonly meanRank: number
  /** Mean of 1 / rank of the first relevant item. */
  readonly mrr: number
  /** Mean average precision over the whole ranking. */
  readonly map: number
  /** The precision at relevant places up to 10, summed, over min(relevant, 10). */
  readonly mapAt10: number
  /** Gains 0 or 1, discount 1 / log2(place + 1), ideal over min(relevant, 10) places. */
  readonly ndcgAt10: number
  /** R@k by k: share of queries with a relevant item among the first k (the field's R@k; "hit rate" elsewhere). */
  readonly recallAt: Readonly<Record<number, number>>
  /** By k: relevant items among the first k, over all relevant items (recall as information retrieval has it). */
  readonly shareAt: Readonly<Record<number, number>>
  /** P@k by k: relevant items among the first k, over k. */
  readonly precisionAt: Readonly<Record<number, number>>
}

export interface RetrievalOptions {
  /** The places at which R@k, share@k and P@k are taken. @default [1, 5, 10] */
  readonly ks?: readonly number[]
}

/**
 * Scores a ranking; for the other direction, score its `transpose`. Where no query has a relevant item, the scores are
 * not numbers.
 * @throws AntiphonError `shape` where an array's length isn't queries × items, `failed` for a similarity that is not a
 *   number.
 */
export function retrievalScores(
  ranking: Ranking,
  { ks = [1, 5, 10] }: RetrievalOptions = {},
): RetrievalScores {
  checkRanking(ranking)
  const { queries, items, similarity, relevance } = ranking
  const scored: QueryScores[] = []
  for (let query = 0; query < queries; query++) {
    const from = query * items
    const groups = tieGroups(similarity.subarray(from, from + items), relevance.subarray(from, from + items))
    if (groups.length > 0) scored.push(scoreQuery(groups, ks))
  }
  const mean = (value: (query: QueryScores) => number) =>
    scored.reduce((sum, query) => sum + value(query), 0) / scored.length
  const meanAt = (value: (query: QueryScores) => number[]) =>
    Object.fromEntries(ks.map((k, i) => [k, mean((query) => value(query)[i])]))
  return {
    queries: scored.length,
    leftOut: queries - scored.length,
    medianRank: median(scored.map((query) => query.rank)),
    meanRank: mean((query) => query.rank),
    mrr: mean((query) => query.reciprocalRank),
    map: mean((query) => query.averagePrecision),
    mapAt10: mean((query) => query.averagePrecisionAt10),
    ndcgAt10: mean((query) => query.ndcgAt10),
    recallAt: meanAt((query) => query.recallAt),
    shareAt: meanAt((query) => query.shareAt),
    precisionAt: meanAt((query) => query.precisionAt),
  }
}

interface QueryScores {
  rank: number
  reciprocalRank: number
  averagePrecision: number
  averagePrecisionAt10: number
  ndcgAt10: number
  recallAt: number[]
  shareAt: number[]
  precisionAt: number[]
}

function scoreQuery(groups: readonly TieGroup[], ks: readonly number[]): QueryScores {
  const total = groups.reduce((sum, group) => sum + group.relevant, 0)
  let precision = 0
  let precisionTo10 = 0
  let gain = 0
  const found = ks.map(() => 0) // relevant items among the first k
  for (const { above, size, relevantAbove, relevant } of groups) {
    const share = relevant / size // chance that any one place of the group holds a relevant item
    for (let i = 1; i <= size; i++) {
      const place = above + i
      // Given a relevant item at this place, the others of its group fall evenly on the remaining places.
      const before = relevantAbove + (size > 1 ? ((i - 1) * (relevant - 1)) / (size - 1) : 0)
      const gained = (share * (before + 1)) / place
      precision += gained
      if (place <= 10) {
        precisionTo10 += gained
        gain += share / Math.log2(place + 1)
      }
      ks.forEach((k, at) => {
        if (place <= k) found[at] += share
      })
    }
  }
  let ideal = 0
  for (let place = 1; place <= Math.min(total, 10); place++) ideal += 1 / Math.log2(place + 1)
  return {
    ...scoreFirst(groups[0], ks),
    averagePrecision: precision / total,
    averagePrecisionAt10: precisionTo10 / Math.min(total, 10),
    ndcgAt10: gain / ideal,
    shareAt: found.map((relevant) => relevant / total),
    precisionAt: found.map((relevant, at) => relevant / ks[at]),
  }
}

/** What depends on the first relevant item only; it is in the first group, at place i with chance C(size-i, relevant-1) / C(size, relevant). */
function scoreFirst({ above, size, relevant }: TieGroup, ks: readonly number[]) {
  let reciprocalRank = 0
  const recallAt = ks.map(() => 0)
  let chance = relevant / size
  for (let i = 1; i <= size - relevant + 1; i++) {
    reciprocalRank += chance / (above + i)
    ks.forEach((k, at) => {
      if (above + i <= k) recallAt[at] += chance
    })
    chance *= (size - i - relevant + 1) / (size - i)
  }
  return { rank: above + (size + 1) / (relevant + 1), reciprocalRank, recallAt }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length / 2
  return (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2
}
