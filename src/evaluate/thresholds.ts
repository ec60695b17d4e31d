import type { TieGroup } from './ties.js'
import type { Tiles } from './tiles.js'

const MANY = 24 // thresholds from which sorting each score in among them is quicker than comparing all with each

/** The distinct scores of one query's answers, and what was counted of all items against them. */
export class Thresholds {
  /** Descending. */
  readonly #scores: Float32Array
  /** Answers of each score. */
  readonly #answers: Int32Array
  /** Items above each score. Where there are many thresholds, those below the one before. */
  readonly #above: Float64Array
  /** Items of each score, the answers among them. */
  readonly #equal: Float64Array

  constructor(answerScores: Float32Array) {
    const descending = answerScores.slice().sort().reverse()
    this.#scores = descending.filter((score, at) => at === 0 || score !== descending[at - 1])
    this.#answers = new Int32Array(this.#scores.length)
    for (let at = 0, which = -1; at < descending.length; at++) {
      if (which < 0 || descending[at] !== this.#scores[which]) which++
      this.#answers[which]++
    }
    this.#above = new Float64Array(this.#scores.length)
    this.#equal = new Float64Array(this.#scores.length)
  }

  get #many(): boolean {
    return this.#scores.length >= MANY
  }

  /** Counts a row of scores. */
  count(tiles: Tiles, row: number): void {
    if (this.#many) {
      this.#sortIn(tiles.row(row))
      return
    }
    for (let which = 0; which < this.#scores.length; which++) {
      const counted = tiles.compare(row, this.#scores[which])
      this.#above[which] += counted >>> 16
      this.#equal[which] += counted & 65_535
    }
  }

  #sortIn(row: Float32Array): void {
    const scores = this.#scores
    const lowest = scores[scores.length - 1]
    for (const score of row) {
      if (score < lowest) continue
      let [low, high] = [0, scores.length - 1] // the first threshold that is at most the score
      while (low < high) {
        const middle = (low + high) >>> 1
        if (scores[middle] <= score) high = middle
        else low = middle + 1
      }
      if (scores[low] === score) this.#equal[low]++
      else this.#above[low]++
    }
  }

  /** What was counted, best score first. */
  groups(): TieGroup[] {
    const groups: TieGroup[] = []
    let [above, relevantAbove] = [0, 0]
    for (let which = 0; which < this.#scores.length; which++) {
      const size = this.#equal[which]
      const relevant = this.#answers[which]
      above = this.#many ? above + this.#above[which] : this.#above[which]
      groups.push({ above, size, relevantAbove, relevant })
      if (this.#many) above += size
      relevantAbove += relevant
    }
    return groups
  }
}
