/** Items of equal score, at least one of them relevant. */
export interface TieGroup {
  /** Items of a higher score. */
  readonly above: number
  /** Items of this score. */
  readonly size: number
  /** Relevant items of a higher score. */
  readonly relevantAbove: number
  /** Relevant items of this score, at least 1. */
  readonly relevant: number
}

/**
 * The groups of equal scores that hold relevant items, best score first.
 *
 * @param scores of all items, in any order
 * @param relevance 1 for relevant items, 0 for the others
 */
export function tieGroups(scores: Float32Array | Float64Array, relevance: Uint8Array): TieGroup[] {
  const all = scores.slice().sort() // ascending, by value
  const hits = scores.filter((_, item) => relevance[item] !== 0).sort()
  const groups: TieGroup[] = []
  for (let end = hits.length; end > 0;) {
    const value = hits[end - 1]
    let start = end - 1
    while (start > 0 && hits[start - 1] === value) start--
    const notAbove = countUpTo(all, value, true)
    groups.push({
      above: all.length - notAbove,
      size: notAbove - countUpTo(all, value, false),
      relevantAbove: hits.length - end,
      relevant: end - start,
    })
    end = start
  }
  return groups
}

/** How many of the ascending values lie below `value`, or with `inclusive` are at most it. */
export function countUpTo(ascending: ArrayLike<number>, value: number, inclusive: boolean): number {
  let low = 0
  let high = ascending.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (inclusive ? ascending[middle] <= value : ascending[middle] < value) low = middle + 1
    else high = middle
  }
  return low
}
