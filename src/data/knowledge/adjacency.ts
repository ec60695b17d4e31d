/** `both` where the relation is symmetric. */
export type Direction = 'out' | 'in' | 'both'

export interface EdgeList {
  readonly heads: Uint32Array
  readonly relations: Uint16Array
  readonly tails: Uint32Array
  readonly weights: Float32Array
}

/**
 * Who is tied to whom, in numbers: edges in the order of their heads, relations and tails; for each node where its own begin,
 * and those that lead to it. 18 bytes an edge.
 */
export class Adjacency {
  readonly nodes: number
  readonly head: Uint32Array
  readonly relation: Uint16Array
  readonly tail: Uint32Array
  readonly weight: Float32Array
  readonly #out: Uint32Array
  readonly #in: Uint32Array
  readonly #inEdge: Uint32Array
  readonly #symmetric: readonly boolean[]

  /** Edges in any order; of equal ones the heaviest is kept. Symmetric ones are turned, so that the lower number is the head. */
  constructor(nodes: number, edges: EdgeList, symmetric: readonly boolean[]) {
    this.nodes = nodes
    this.#symmetric = symmetric
    const { heads, relations, tails, weights } = turned(edges, symmetric)
    let order = Uint32Array.from({ length: heads.length }, (_, edge) => edge)
    order = sortedBy(tails, nodes, order)
    order = sortedBy(relations, symmetric.length, order)
    order = sortedBy(heads, nodes, order)
    const same = (a: number, b: number): boolean =>
      heads[a] === heads[b] && relations[a] === relations[b] && tails[a] === tails[b]
    let count = 0
    for (let i = 0; i < order.length; i++) {
      const edge = order[i]
      if (count > 0 && same(order[count - 1], edge)) {
        if (weights[edge] > weights[order[count - 1]]) order[count - 1] = edge
      } else order[count++] = edge
    }
    const kept = order.subarray(0, count)
    this.head = Uint32Array.from(kept, (edge) => heads[edge])
    this.relation = Uint16Array.from(kept, (edge) => relations[edge])
    this.tail = Uint32Array.from(kept, (edge) => tails[edge])
    this.weight = Float32Array.from(kept, (edge) => weights[edge])
    this.#out = startsOf(this.head, nodes)
    this.#in = startsOf(this.tail, nodes)
    this.#inEdge = sortedBy(
      this.tail,
      nodes,
      Uint32Array.from({ length: count }, (_, edge) => edge),
    )
  }

  get edges(): number {
    return this.head.length
  }

  /** Edges that begin or end at a node; one that leads to itself counts twice. */
  degree(node: number): number {
    return this.#out[node + 1] - this.#out[node] + this.#in[node + 1] - this.#in[node]
  }

  /** Each edge at a node, seen from it. Those of symmetric relations lead both ways. */
  visit(
    node: number,
    direction: Direction,
    visitor: (edge: number, other: number, seen: Direction) => void,
  ): void {
    for (let edge = this.#out[node]; edge < this.#out[node + 1]; edge++) {
      const both = this.#symmetric[this.relation[edge]]
      if (both || direction !== 'in') visitor(edge, this.tail[edge], both ? 'both' : 'out')
    }
    for (let i = this.#in[node]; i < this.#in[node + 1]; i++) {
      const edge = this.#inEdge[i]
      const both = this.#symmetric[this.relation[edge]]
      if (both || direction !== 'out') visitor(edge, this.head[edge], both ? 'both' : 'in')
    }
  }
}

function turned({ heads, relations, tails, weights }: EdgeList, symmetric: readonly boolean[]): EdgeList {
  const [from, to] = [heads.slice(), tails.slice()]
  for (let edge = 0; edge < heads.length; edge++)
    if (symmetric[relations[edge]] && heads[edge] > tails[edge]) {
      from[edge] = tails[edge]
      to[edge] = heads[edge]
    }
  return { heads: from, relations, tails: to, weights }
}

function startsOf(keys: Uint32Array | Uint16Array, count: number): Uint32Array {
  const start = new Uint32Array(count + 1)
  for (const key of keys) start[key + 1]++
  for (let i = 0; i < count; i++) start[i + 1] += start[i]
  return start
}

/** An order of edges, sorted by a key; those with the same one stay in their order. */
function sortedBy(
  keys: Uint32Array | Uint16Array,
  count: number,
  order: Uint32Array<ArrayBuffer>,
): Uint32Array<ArrayBuffer> {
  const next = startsOf(keys, count)
  const sorted = new Uint32Array(order.length)
  for (const edge of order) sorted[next[keys[edge]]++] = edge
  return sorted
}
