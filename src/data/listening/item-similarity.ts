import type { ListeningMatrix } from './matrix.js'

/** What a count weighs: heard at all, its logarithm, or itself. */
export type CountWeight = 'heard' | 'log' | 'count'

export interface ItemSimilarityOptions {
  /** Kept for each item. @default 100 */
  readonly neighbours?: number
  /** @default 'heard' */
  readonly weight?: CountWeight
}

/** For each item those most like it: of item i `start[i]` to `start[i + 1]`, the most similar first. */
export interface ItemNeighbours {
  readonly start: Uint32Array
  readonly item: Uint32Array
  /** Cosine, above 0, at most 1. */
  readonly similarity: Float32Array
}

/** `log`: 1 + ln(count), so that a hundred plays are more than one, not a hundred times as much. */
export function weightOf(count: number, weight: CountWeight): number {
  return weight === 'heard' ? 1 : weight === 'count' ? count : 1 + Math.log(count)
}

/**
 * Cosine between the columns of the matrix, item by item: in memory for one row of similarities and the neighbours kept.
 * Takes time as the sum over users of the squares of how many items each heard. Ties go to the item that came first.
 * Sarwar et al. 2001, "Item-based collaborative filtering recommendation algorithms".
 */
export function itemSimilarity(
  { byUser, byItem, items }: ListeningMatrix,
  { neighbours = 100, weight = 'heard' }: ItemSimilarityOptions = {},
): ItemNeighbours {
  const ofUser = Float32Array.from(byUser.value, (count) => weightOf(count, weight))
  const ofItem = Float32Array.from(byItem.value, (count) => weightOf(count, weight))
  const norms = new Float64Array(items.size)
  byUser.index.forEach((item, i) => (norms[item] += ofUser[i] * ofUser[i]))
  for (let item = 0; item < norms.length; item++) norms[item] = Math.sqrt(norms[item])

  const start = new Uint32Array(items.size + 1)
  const kept: Uint32Array[] = []
  const similarities: Float32Array[] = []
  const dots = new Float64Array(items.size)
  const touched = new Uint32Array(items.size)
  for (let item = 0; item < items.size; item++) {
    let count = 0
    for (let i = byItem.start[item]; i < byItem.start[item + 1]; i++) {
      const user = byItem.index[i]
      const own = ofItem[i]
      for (let j = byUser.start[user]; j < byUser.start[user + 1]; j++) {
        const other = byUser.index[j]
        if (other === item) continue
        if (dots[other] === 0) touched[count++] = other
        dots[other] += own * ofUser[j]
      }
    }
    for (let i = 0; i < count; i++) dots[touched[i]] /= norms[item] * norms[touched[i]]
    const best = largest(touched.subarray(0, count), dots, neighbours)
    kept.push(best)
    similarities.push(Float32Array.from(best, (other) => Math.min(1, dots[other])))
    for (let i = 0; i < count; i++) dots[touched[i]] = 0
    start[item + 1] = start[item] + best.length
  }
  return {
    start,
    item: joined(kept, new Uint32Array(start[items.size])),
    similarity: joined(similarities, new Float32Array(start[items.size])),
  }
}

/** The `limit` candidates with the largest scores, the largest first, the lower number first where they are equal. */
export function largest(candidates: Uint32Array, scores: Float64Array, limit: number): Uint32Array {
  if (limit <= 0) return new Uint32Array(0)
  const worse = (a: number, b: number): boolean => scores[a] < scores[b] || (scores[a] === scores[b] && a > b)
  // A heap of the best so far with the worst of them on top.
  const heap = new Uint32Array(Math.min(limit, candidates.length))
  let size = 0
  for (const candidate of candidates) {
    if (size < heap.length) {
      let at = size++
      while (at > 0 && worse(candidate, heap[(at - 1) >> 1])) {
        heap[at] = heap[(at - 1) >> 1]
        at = (at - 1) >> 1
      }
      heap[at] = candidate
    } else if (worse(heap[0], candidate)) {
      let at = 0
      for (let child = 1; child < size; child = 2 * at + 1) {
        if (child + 1 < size && worse(heap[child + 1], heap[child])) child++
        if (!worse(heap[child], candidate)) break
        heap[at] = heap[child]
        at = child
      }
      heap[at] = candidate
    }
  }
  return heap.sort((a, b) => scores[b] - scores[a] || a - b)
}

function joined<T extends Uint32Array | Float32Array>(parts: readonly T[], whole: T): T {
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
