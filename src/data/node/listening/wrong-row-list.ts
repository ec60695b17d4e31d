import type { WrongRow } from '../../pair.js'

/** Enough to see what is wrong; a file of another kind would fill the memory. */
const MOST_KEPT = 1000

/** Wrong rows of millions: the first thousand, and how many. */
export class WrongRowList {
  readonly rows: WrongRow[] = []
  #count = 0

  get count(): number {
    return this.#count
  }

  add(file: string, line: number, reason: string): void {
    this.#count++
    if (this.rows.length < MOST_KEPT) this.rows.push({ file, line, reason })
  }
}
