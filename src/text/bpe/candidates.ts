/** Two tokens that stand side by side, and how often they do. */
export interface Candidate {
  readonly left: number
  readonly right: number
  readonly count: number
}

/** Whether a comes before b: the more frequent one, and of two alike the one of smaller ids, as in Hugging Face's tokenizers. */
export function isBefore(a: Candidate, b: Candidate): boolean {
  if (a.count !== b.count) return a.count > b.count
  return a.left !== b.left ? a.left < b.left : a.right < b.right
}

/** A binary heap of candidates; the first one lies on top. */
export class Candidates {
  private readonly heap: Candidate[] = []

  push(candidate: Candidate): void {
    const { heap } = this
    let at = heap.push(candidate) - 1
    while (at > 0) {
      const above = (at - 1) >> 1
      if (!isBefore(candidate, heap[above])) break
      heap[at] = heap[above]
      at = above
    }
    heap[at] = candidate
  }

  pop(): Candidate | undefined {
    const { heap } = this
    const top = heap[0]
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return top
    let at = 0
    for (;;) {
      let below = 2 * at + 1
      if (below >= heap.length) break
      if (below + 1 < heap.length && isBefore(heap[below + 1], heap[below])) below++
      if (!isBefore(heap[below], last)) break
      heap[at] = heap[below]
      at = below
    }
    heap[at] = last
    return top
  }
}
