import type { Answers } from './answers.js'
import { AntiphonError } from '../errors/index.js'

/** What a retrieval score is made from: queries against a pool of items, in either direction. */
export interface Ranking {
  readonly queries: number
  readonly items: number
  /** Higher is nearer, [queries, items] row by row. Two items tie where the stored numbers are equal. */
  readonly similarity: Float32Array | Float64Array
  /** 1 where the item answers the query, 0 where it doesn't, [queries, items] row by row; any number of answers a query. */
  readonly relevance: Uint8Array
}

/**
 * The other direction: items become queries, so text to audio becomes audio to text. [queries, items] becomes
 * [items, queries], copied.
 */
export function transpose({ queries, items, similarity, relevance }: Ranking): Ranking {
  const turned = similarity.slice()
  const turnedRelevance = new Uint8Array(relevance.length)
  for (let query = 0; query < queries; query++)
    for (let item = 0; item < items; item++) {
      turned[item * queries + query] = similarity[query * items + item]
      turnedRelevance[item * queries + query] = relevance[query * items + item]
    }
  return { queries: items, items: queries, similarity: turned, relevance: turnedRelevance }
}

/**
 * Relevance where equal labels belong together: the track of a caption (several captions a track), or the style of a
 * piece.
 *
 * @param queryLabels [queries]
 * @param itemLabels [items]
 * @returns 1 where the labels are equal, 0 elsewhere, [queries, items] row by row
 */
export function relevanceByLabel(
  queryLabels: readonly (string | number)[],
  itemLabels: readonly (string | number)[],
): Uint8Array {
  const relevance = new Uint8Array(queryLabels.length * itemLabels.length)
  queryLabels.forEach((label, query) =>
    itemLabels.forEach((other, item) => {
      if (label === other) relevance[query * itemLabels.length + item] = 1
    }),
  )
  return relevance
}

/**
 * Whether a ranking can be scored.
 * @throws AntiphonError `shape` where an array's length isn't queries × items, `failed` for a similarity that is not a
 *   number.
 */
export function checkRanking({ queries, items, similarity, relevance }: Ranking): void {
  for (const [name, length] of [
    ['similarity', similarity.length],
    ['relevance', relevance.length],
  ] as const)
    if (length !== queries * items)
      throw new AntiphonError(
        'shape',
        `${name} has ${length} values, expected ${queries} queries × ${items} items = ${queries * items}`,
      )
  const bad = similarity.findIndex(Number.isNaN)
  if (bad >= 0)
    throw new AntiphonError(
      'failed',
      `Similarity of query ${Math.floor(bad / items)} and item ${bad % items} is not a number`,
    )
}

/** Answers as a matrix: 1 where the item answers the query, 0 elsewhere, [queries, items] row by row. */
export function relevanceOf({ queries, items, offsets, answers }: Answers): Uint8Array {
  const relevance = new Uint8Array(queries * items)
  for (let query = 0; query < queries; query++)
    for (let at = offsets[query]; at < offsets[query + 1]; at++) relevance[query * items + answers[at]] = 1
  return relevance
}
