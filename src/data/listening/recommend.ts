import type { ListeningFactors } from './factors.js'
import { largest, weightOf, type CountWeight, type ItemNeighbours } from './item-similarity.js'
import type { ListeningMatrix } from './matrix.js'

export interface RecommendOptions {
  readonly limit: number
  /** @default 'heard' */
  readonly weight?: CountWeight
}

/**
 * Items that a user has not heard, by how like they are to those heard: the sum of similarities, each weighed by its count.
 * Fewer than `limit` where no more are like any.
 */
export function recommendByItems(
  { byUser }: ListeningMatrix,
  { start, item, similarity }: ItemNeighbours,
  user: number,
  { limit, weight = 'heard' }: RecommendOptions,
): Uint32Array {
  const scores = new Float64Array(start.length - 1)
  for (let i = byUser.start[user]; i < byUser.start[user + 1]; i++) {
    const heard = byUser.index[i]
    const own = weightOf(byUser.value[i], weight)
    for (let j = start[heard]; j < start[heard + 1]; j++) scores[item[j]] += own * similarity[j]
  }
  for (let i = byUser.start[user]; i < byUser.start[user + 1]; i++) scores[byUser.index[i]] = 0
  return largest(
    Uint32Array.from(scores.keys()).filter((candidate) => scores[candidate] > 0),
    scores,
    limit,
  )
}

/** Items that a user has not heard, by one score for all: popularity, or chance. */
export function recommendByScore(
  { byUser }: ListeningMatrix,
  scores: Float64Array,
  user: number,
  { limit }: { readonly limit: number },
): Uint32Array {
  const heard = new Set(byUser.index.subarray(byUser.start[user], byUser.start[user + 1]))
  return largest(
    Uint32Array.from(scores.keys()).filter((candidate) => !heard.has(candidate)),
    scores,
    limit,
  )
}

/** Items that a user has not heard, by the product of factors. */
export function recommendByFactors(
  matrix: ListeningMatrix,
  { dim, users, items }: ListeningFactors,
  user: number,
  { limit }: { readonly limit: number },
): Uint32Array {
  const taste = users.subarray(user * dim, (user + 1) * dim)
  const scores = Float64Array.from({ length: items.length / dim }, (_, item) =>
    taste.reduce((sum, value, d) => sum + value * items[item * dim + d], 0),
  )
  return recommendByScore(matrix, scores, user, { limit })
}
