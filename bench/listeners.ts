import {
  factorize,
  itemSimilarity,
  leaveOut,
  ListeningMatrix,
  planWorld,
  recommendByFactors,
  recommendByItems,
  recommendByScore,
  worldListening,
  worldPieces,
  type CountWeight,
  type LeftOut,
} from '../src/data/index.js'
import { Random } from '../src/random/index.js'
import { figure, type Figure } from './figures.js'
import type { Benchmark } from './benchmark.js'

const PIECES = 2000
const SEED = 1
const LIMIT = 20
const SHARE = 0.2

/** Whether a world's listening can be learnt from: what was left out of it, found by factors, item similarity, popularity and chance. */
export const listenersBenchmark: Benchmark = async ({ say }) => {
  say(`listeners: facts of a world of ${PIECES} pieces, seed ${SEED} …`)
  const { artists } = planWorld({ pieces: PIECES, seed: SEED })
  const tracks = [...worldPieces({ pieces: PIECES, seed: SEED })].map(({ track }) => track)
  const matrix = ListeningMatrix.fromRows(worldListening(tracks, artists, { seed: SEED }))
  const left = leaveOut(matrix, { share: SHARE, seed: SEED })
  say(
    `  ${matrix.users.size} listeners, ${matrix.items.size} tracks, ${matrix.entries} pairs, ${left.item.length} left out`,
  )
  const popular = rank(left, 'popularity')
  const figures: Figure[] = []
  for (const way of ['factors', 'similarity', 'similarity of log counts', 'chance'] as const) {
    const scores =
      way === 'chance' || way === 'factors'
        ? rank(left, way)
        : rank(left, 'items', way === 'similarity' ? 'heard' : 'log')
    for (const metric of ['recall', 'nDCG'] as const)
      figures.push(
        figure({
          name: `${metric}@${LIMIT}, ${way}`,
          value: scores[metric],
          unit: '',
          reference: 'popularity',
          referenceValue: popular[metric],
          lowerIsBetter: false,
        }),
      )
  }
  return figures
}

/**
 * Means over users of what was left out: recall@20, hits / min(20, left out), and nDCG@20 with a gain of 1 for each
 * (Liang et al. 2018, "Variational autoencoders for collaborative filtering", section 4.2).
 */
export function rank(
  { train, start, item }: LeftOut,
  way: 'items' | 'factors' | 'popularity' | 'chance',
  weight: CountWeight = 'heard',
): { readonly recall: number; readonly nDCG: number } {
  const near = way === 'items' ? itemSimilarity(train, { weight }) : undefined
  const factors = way === 'factors' ? factorize(train, { seed: SEED }) : undefined
  const popularity = train.popularity()
  const rng = new Random(SEED)
  const discount = Array.from({ length: LIMIT }, (_, place) => 1 / Math.log2(place + 2))
  let [recall, nDCG, users] = [0, 0, 0]
  for (let user = 0; user < train.users.size; user++) {
    const wanted = new Set(item.subarray(start[user], start[user + 1]))
    if (wanted.size === 0) continue
    const scores = way === 'popularity' ? popularity : popularity.map(() => rng.next())
    const found = near
      ? recommendByItems(train, near, user, { limit: LIMIT, weight })
      : factors
        ? recommendByFactors(train, factors, user, { limit: LIMIT })
        : recommendByScore(train, scores, user, { limit: LIMIT })
    const hits = [...found].map((one) => Number(wanted.has(one)))
    const most = Math.min(LIMIT, wanted.size)
    recall += hits.reduce((sum, hit) => sum + hit, 0) / most
    nDCG +=
      hits.reduce((sum, hit, place) => sum + hit * discount[place], 0) /
      discount.slice(0, most).reduce((sum, gain) => sum + gain, 0)
    users++
  }
  return { recall: recall / users, nDCG: nDCG / users }
}
