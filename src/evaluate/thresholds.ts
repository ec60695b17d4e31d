import type { TieGroup } from './ties.js'
import type { Tiles } from './tiles.js'

const MANY = 24 // thresholds of a query from which sorting each score in among them is quicker than comparing all with each

/**
 * The distinct scores of the answers of a block of queries, and what was counted of all items against them. All of the
 * block lies in a few arrays, as objects for each of a hundred thousand queries would keep the garbage collector busy.
 */
export class Thresholds {
  /** Where the thresholds of each row begin, and the last one's end. */
  readonly #offsets: Int32Array
  /** Descending within a row. */
  readonly #scores: Float32Array
  /** Answers of each score. */
  readonly #answers: Int32Array
  /** Items above each score. Where a row has many thresholds, those below the one before. */
  readonly #above: Int32Array
  /** Items of each score, the answers among them. */
  readonly #equal: Int32Array

  /**
   * @param answerScores of all rows, one after the other
   * @param offsets [rows + 1] where the answers of each row begin
   */
  constructor(answerScores: Float32Array, offsets: Int32Array) {
    this.#offsets = new Int32Array(offsets.length)
    this.#scores = new Float32Array(answerScores.length)
    this.#answers = new Int32Array(answerScores.length)
    let next = 0
    for (let row = 0; row < offsets.length - 1; row++) {
      this.#offsets[row] = next
      const own = answerScores.subarray(offsets[row], offsets[row + 1]).sort()
      for (let at = own.length - 1; at >= 0; at--) {
        if (at === own.length - 1 || own[at] !== own[at + 1]) this.#scores[next++] = own[at]
        this.#answers[next - 1]++
      }
    }
    this.#offsets[offsets.length - 1] = next
    this.#above = new Int32Array(next)
    this.#equal = new Int32Array(next)
  }

  get rows(): number {
    return this.#offsets.length - 1
  }

  /** Counts the scores of all rows in a tile. */
  count(tiles: Tiles): void {
    for (let row = 0; row < this.rows; row++) {
      const [from, to] = [this.#offsets[row], this.#offsets[row + 1]]
      if (to - from >= MANY) this.#sortIn(tiles.row(row), from, to)
      else
        for (let which = from; which < to; which++) {
          const counted = tiles.compare(row, this.#scores[which])
          this.#above[which] += counted >>> 16
          this.#equal[which] += counted & 65_535
        }
    }
  }

  #sortIn(row: Float32Array, from: number, to: number): void {
    const scores = this.#scores
    const lowest = scores[to - 1]
    for (const score of row) {
      if (score < lowest) continue
      let [low, high] = [from, to - 1] // the first threshold that is at most the score
      while (low < high) {
        const middle = (low + high) >>> 1
        if (scores[middle] <= score) high = middle
        else low = middle + 1
      }
      if (scores[low] === score) this.#equal[low]++
      else this.#above[low]++
    }
  }

  /** What was counted of a row, best score first. */
  groups(row: number): TieGroup[] {
    const groups: TieGroup[] = []
    const [from, to] = [this.#offsets[row], this.#offsets[row + 1]]
    const summed = to - from >= MANY
    let [seen, relevantAbove] = [0, 0]
    for (let which = from; which < to; which++) {
      const size = this.#equal[which]
      const relevant = this.#answers[which]
      const above = this.#above[which] + (summed ? seen : 0)
      groups.push({ above, size, relevantAbove, relevant })
      seen = above + size
      relevantAbove += relevant
    }
    return groups
  }
}
