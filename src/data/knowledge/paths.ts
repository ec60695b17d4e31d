import type { Adjacency, Direction } from './adjacency.js'

export interface NumberedStep {
  readonly from: number
  readonly edge: number
  readonly seen: Direction
  readonly to: number
}

const UNSEEN = 255

/** Every shortest path, at most `limit`, by breadth-first search; a path of a node to itself has no steps. */
export function shortestPaths(
  adjacency: Adjacency,
  {
    from,
    to,
    maxLength,
    limit,
  }: {
    readonly from: number
    readonly to: number
    readonly maxLength: number
    readonly limit: number
  },
): NumberedStep[][] {
  const deepest = Math.min(maxLength, UNSEEN - 1)
  // From the end, so that each step from the start is known to lead there.
  const left = new Uint8Array(adjacency.nodes).fill(UNSEEN)
  left[to] = 0
  let front = [to]
  for (let depth = 1; depth <= deepest && left[from] === UNSEEN && front.length > 0; depth++) {
    const next: number[] = []
    for (const node of front)
      adjacency.visit(node, 'both', (_, other) => {
        if (left[other] !== UNSEEN) return
        left[other] = depth
        next.push(other)
      })
    front = next
  }
  if (left[from] === UNSEEN) return []

  const found: NumberedStep[][] = []
  const walk = (node: number, steps: readonly NumberedStep[]): void => {
    if (found.length === limit) return
    if (node === to) {
      found.push([...steps])
      return
    }
    adjacency.visit(node, 'both', (edge, other, seen) => {
      // One less is left after each step: never the same node again.
      if (left[other] === left[node] - 1) walk(other, [...steps, { from: node, edge, seen, to: other }])
    })
  }
  walk(from, [])
  return found
}
