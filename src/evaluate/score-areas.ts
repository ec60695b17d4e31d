import { AntiphonError } from '../errors/index.js'

/** Areas under two curves of a classifier's scores; not numbers where one of the two classes is absent. */
export interface Areas {
  /**
   * Under the ROC curve: the chance that a positive item scores above a negative one, an equal score counting half (Mann
   * & Whitney 1947). 0.5 is chance.
   */
  readonly rocAuc: number
  /**
   * Average precision: over the distinct scores, the precision down to each times the recall gained by it. Equal scores
   * are one step, as scikit-learn's `average_precision_score` has it. The share of positives is chance.
   */
  readonly prAuc: number
}

/** Items by score, sorted once, so that areas of many resamples cost a pass each. */
export class ScoredItems {
  /** Best score first. */
  readonly #order: Int32Array
  /** Where each run of equal scores ends in the order. */
  readonly #ends: Int32Array
  readonly #labels: Uint8Array
  readonly positives: number

  /**
   * @param scores [items], higher for what is more likely positive
   * @param labels [items], 0 for negative items, 1 (or any other number) for positive ones
   * @throws AntiphonError `shape` where there are not as many scores as labels, `failed` for a score that is not a number.
   */
  constructor(scores: Float32Array | Float64Array, labels: Uint8Array) {
    if (scores.length !== labels.length)
      throw new AntiphonError(
        'shape',
        `${scores.length} scores and ${labels.length} labels; expected as many`,
      )
    const bad = scores.findIndex(Number.isNaN)
    if (bad >= 0) throw new AntiphonError('failed', `Score of item ${bad} is not a number`)
    this.#order = Int32Array.from(scores, (_, item) => item).sort((a, b) => scores[b] - scores[a])
    const last = scores.length - 1
    this.#ends = Int32Array.from(scores, (_, at) => at + 1).filter(
      (end) => end - 1 === last || scores[this.#order[end - 1]] !== scores[this.#order[end]],
    )
    this.#labels = labels
    this.positives = labels.reduce((sum, label) => sum + (label === 0 ? 0 : 1), 0)
  }

  /** @param weights how often each item counts; by default once */
  areas(weights?: Int32Array): Areas {
    let [truePositives, falsePositives, wins, precisions, from] = [0, 0, 0, 0, 0]
    for (const end of this.#ends) {
      let [positives, negatives] = [0, 0]
      for (; from < end; from++) {
        const item = this.#order[from]
        const weight = weights ? weights[item] : 1
        if (this.#labels[item] === 0) negatives += weight
        else positives += weight
      }
      wins += negatives * (truePositives + positives / 2) // positives above these negatives, or level with them
      truePositives += positives
      falsePositives += negatives
      if (positives > 0) precisions += (positives * truePositives) / (truePositives + falsePositives)
    }
    if (truePositives === 0 || falsePositives === 0) return { rocAuc: NaN, prAuc: NaN }
    return { rocAuc: wins / truePositives / falsePositives, prAuc: precisions / truePositives }
  }
}

/** The area under the ROC curve alone; throws what `ScoredItems` throws. */
export function rocAuc(scores: Float32Array | Float64Array, labels: Uint8Array): number {
  return new ScoredItems(scores, labels).areas().rocAuc
}
