import { rowOf, type Vectors } from '../vectors.js'

/** Cosines that are kept for when they are asked for again: 256 MB. */
const KEPT = 2 ** 26

/** Cosines of texts with the pieces of a pool, and with these pieces changed. */
export class ProbeScores {
  readonly #items: Vectors
  readonly #changed: readonly Vectors[]
  readonly #texts: ReadonlyMap<string, Float32Array>
  readonly #rows = new Map<string, Float32Array>()

  /** @param vectors of the items as they are, of the items under each change, and of texts; all of unit length */
  constructor({
    items,
    changed = [],
    texts,
  }: {
    readonly items: Vectors
    readonly changed?: readonly Vectors[]
    readonly texts: ReadonlyMap<string, Float32Array>
  }) {
    this.#items = items
    this.#changed = changed
    this.#texts = texts
  }

  /** Of a text with every item, [items]. */
  row(text: string): Float32Array {
    let row = this.#rows.get(text)
    if (!row) {
      const vector = this.#texts.get(text)!
      row = Float32Array.from({ length: this.#items.count }, (_, item) =>
        dot(vector, rowOf(this.#items, item)),
      )
      if ((this.#rows.size + 1) * row.length > KEPT) this.#rows.clear()
      this.#rows.set(text, row)
    }
    return row
  }

  /** Of two texts. */
  between(a: string, b: string): number {
    return dot(this.#texts.get(a)!, this.#texts.get(b)!)
  }

  /** Of an item with itself under a change. */
  kept(item: number, change: number): number {
    return dot(rowOf(this.#items, item), rowOf(this.#changed[change], item))
  }

  /** Of two items as they are. */
  apart(a: number, b: number): number {
    return dot(rowOf(this.#items, a), rowOf(this.#items, b))
  }

  /** Of a text with an item under a change. */
  changed(text: string, item: number, change: number): number {
    return dot(this.#texts.get(text)!, rowOf(this.#changed[change], item))
  }
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let d = 0; d < a.length; d++) sum += a[d] * b[d]
  return sum
}

/** The expected rank of the first of the answers, from 1, ties in any order. */
export function rankOf(row: Float32Array, answers: readonly number[]): number {
  const best = Math.max(...answers.map((item) => row[item]))
  const first = answers.filter((item) => row[item] === best).length
  let [above, equal] = [0, 0]
  for (const score of row) {
    if (score > best) above++
    else if (score === best) equal++
  }
  return 1 + above + (equal - first) / (first + 1)
}

/** How often a wanted item scores above one that isn't wanted, over all pairs; a tie counts half. ROC AUC. */
export function shareAbove(
  row: Float32Array,
  wanted: readonly number[],
  unwanted: readonly number[],
): number {
  let above = 0
  for (const one of wanted)
    for (const other of unwanted) above += row[one] > row[other] ? 1 : row[one] === row[other] ? 0.5 : 0
  return above / (wanted.length * unwanted.length)
}

/** 1 where the first number is larger, half where they are equal. */
export const larger = (a: number, b: number): number => (a > b ? 1 : a === b ? 0.5 : 0)
