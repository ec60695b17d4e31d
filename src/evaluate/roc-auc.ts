import { AntiphonError } from '../errors/index.js'
import { countUpTo } from './ties.js'

/**
 * Area under the ROC curve: the chance that a positive item scores above a negative one, an equal score counting half
 * (Mann and Whitney 1947). 0.5 is chance. Not a number where one of the two classes is absent.
 *
 * @param scores [items], higher for what is more likely positive
 * @param labels [items], 0 for negative items, 1 (or any other number) for positive ones
 * @throws AntiphonError `shape` where there are not as many scores as labels, `failed` for a score that is not a number.
 */
export function rocAuc(scores: Float32Array | Float64Array, labels: Uint8Array): number {
  if (scores.length !== labels.length)
    throw new AntiphonError('shape', `${scores.length} scores and ${labels.length} labels; expected as many`)
  const bad = scores.findIndex(Number.isNaN)
  if (bad >= 0) throw new AntiphonError('failed', `Score of item ${bad} is not a number`)
  const negatives = scores.filter((_, item) => labels[item] === 0).sort()
  const positives = scores.filter((_, item) => labels[item] !== 0)
  let wins = 0
  for (const score of positives)
    wins += (countUpTo(negatives, score, false) + countUpTo(negatives, score, true)) / 2
  return wins / (positives.length * negatives.length)
}
