import type { TieGroup } from './ties.js'

/**
 * What each query scored: every figure of a retrieval is a mean, or for ranks the median too, over these. Queries
 * without an answer are left out, so an array has as many numbers as `query`.
 *
 * Equal scores are broken neither for nor against the model: each number is its expectation over all orders of the
 * equal scores. So a model that scores everything alike gets what chance gives, not 0 and not 1.
 */
export interface QueryScores {
  /** Queries that were asked, with and without answers. */
  readonly queries: number
  readonly items: number
  /** Which queries were scored: those that have an answer, ascending. */
  readonly query: Int32Array
  /** Rank of the first answer, from 1. */
  readonly rank: Float64Array
  /** 1 / rank of the first answer. */
  readonly reciprocal: Float64Array
  /** Average precision over the whole ranking: the mean over the answers of the precision at their place. */
  readonly ap: Float64Array
  /** The precision at answers' places up to 10, summed, over min(answers, 10). */
  readonly apAt10: Float64Array
  /** Gains 0 or 1, discount 1 / log2(place + 1), ideal over min(answers, 10) places (Järvelin & Kekäläinen 2002). */
  readonly ndcgAt10: Float64Array
  /** By k: the chance that an answer is among the first k (the field's R@k; "hit rate" elsewhere). */
  readonly recallAt: Readonly<Record<number, Float64Array>>
  /** By k: answers among the first k, over all answers (recall as information retrieval has it). */
  readonly shareAt: Readonly<Record<number, Float64Array>>
  /** By k: answers among the first k, over k. */
  readonly precisionAt: Readonly<Record<number, Float64Array>>
}

/** The places at which R@k, share@k and P@k are taken, where none are named. */
export const DEFAULT_KS: readonly number[] = [1, 5, 10]

const DEPTH = 10 // of mAP@10 and nDCG@10

/** Collects the scores of queries, in any order. */
export class QueryScoring {
  readonly scores: QueryScores
  readonly #ks: readonly number[]

  /** @param query those that have an answer, ascending */
  constructor({
    queries,
    items,
    query,
    ks = DEFAULT_KS,
  }: {
    queries: number
    items: number
    query: Int32Array
    ks?: readonly number[]
  }) {
    const numbers = () => new Float64Array(query.length)
    const atEach = () => Object.fromEntries(ks.map((k) => [k, numbers()]))
    this.#ks = ks
    this.scores = {
      queries,
      items,
      query,
      rank: numbers(),
      reciprocal: numbers(),
      ap: numbers(),
      apAt10: numbers(),
      ndcgAt10: numbers(),
      recallAt: atEach(),
      shareAt: atEach(),
      precisionAt: atEach(),
    }
  }

  /**
   * @param at place in `query`
   * @param groups those of equal scores that hold answers, best first; at least one
   */
  put(at: number, groups: readonly TieGroup[]): void {
    this.#putAll(at, groups)
    this.#putFirst(at, groups[0])
  }

  /** Takes over what was scored of some of the queries. */
  putScores(part: QueryScores): void {
    const { scores } = this
    let at = 0
    for (const [from, query] of part.query.entries()) {
      while (scores.query[at] !== query) at++ // both ascend
      for (const name of ['rank', 'reciprocal', 'ap', 'apAt10', 'ndcgAt10'] as const)
        scores[name][at] = part[name][from]
      for (const name of ['recallAt', 'shareAt', 'precisionAt'] as const)
        for (const k of this.#ks) scores[name][k][at] = part[name][k][from]
    }
  }

  #putAll(at: number, groups: readonly TieGroup[]): void {
    const { scores } = this
    const total = groups.reduce((sum, group) => sum + group.relevant, 0)
    let [precision, precisionTo10, gain] = [0, 0, 0]
    const found = this.#ks.map(() => 0) // answers among the first k
    for (const { above, size, relevantAbove, relevant } of groups) {
      const share = relevant / size // chance that any one place of the group holds an answer
      for (let i = 1; i <= size; i++) {
        const place = above + i
        // Given an answer at this place, the others of its group fall evenly on the remaining places.
        const before = relevantAbove + (size > 1 ? ((i - 1) * (relevant - 1)) / (size - 1) : 0)
        const gained = (share * (before + 1)) / place
        precision += gained
        if (place > DEPTH) continue
        precisionTo10 += gained
        gain += share / Math.log2(place + 1)
      }
      this.#ks.forEach((k, which) => {
        found[which] += share * Math.max(0, Math.min(size, k - above))
      })
    }
    let ideal = 0
    for (let place = 1; place <= Math.min(total, DEPTH); place++) ideal += 1 / Math.log2(place + 1)
    scores.ap[at] = precision / total
    scores.apAt10[at] = precisionTo10 / Math.min(total, DEPTH)
    scores.ndcgAt10[at] = gain / ideal
    this.#ks.forEach((k, which) => {
      scores.shareAt[k][at] = found[which] / total
      scores.precisionAt[k][at] = found[which] / k
    })
  }

  /** What depends on the first answer only; it is in the first group, at place i with chance C(size-i, relevant-1) / C(size, relevant). */
  #putFirst(at: number, { above, size, relevant }: TieGroup): void {
    const { scores } = this
    scores.rank[at] = above + (size + 1) / (relevant + 1)
    let chance = relevant / size
    for (let i = 1; i <= size - relevant + 1; i++) {
      scores.reciprocal[at] += chance / (above + i)
      for (const k of this.#ks) if (above + i <= k) scores.recallAt[k][at] += chance
      chance *= (size - i - relevant + 1) / (size - i)
    }
  }
}
