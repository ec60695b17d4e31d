import type { Adjacency } from './adjacency.js'

/** Ways to be alike, the surest first. */
export const SIMILAR_BY = ['similar_to', 'attributes', 'artist'] as const

export type SimilarBy = (typeof SIMILAR_BY)[number]

interface Graph {
  readonly adjacency: Adjacency
  readonly kinds: {
    /** Numbers of relations, -1 where the graph has none. */
    readonly similar: number
    readonly madeBy: number
    /** By number of the relation. */
    readonly attribute: readonly boolean[]
  }
  readonly typeOf: Uint16Array
  /** By `attributeNorms`. */
  readonly norms: Float64Array
}

interface Scored {
  readonly node: number
  readonly score: number
}

/** Nodes of the same type, the most similar first; the lower number where they are equal. */
export function similarBy(by: SimilarBy, graph: Graph, node: number): Scored[] {
  const scores =
    by === 'similar_to'
      ? named(graph, node)
      : by === 'attributes'
        ? sharing(graph, node)
        : byArtist(graph, node)
  return [...scores]
    .filter(([other]) => other !== node && graph.typeOf[other] === graph.typeOf[node])
    .map(([other, score]) => ({ node: other, score }))
    .sort((a, b) => b.score - a.score || a.node - b.node)
}

function named({ adjacency, kinds }: Graph, node: number): Map<number, number> {
  const scores = new Map<number, number>()
  adjacency.visit(node, 'both', (edge, other) => {
    if (adjacency.relation[edge] === kinds.similar) scores.set(other, adjacency.weight[edge])
  })
  return scores
}

/**
 * Cosine of attributes, each weighed by the root of its weight (weights may be counts) and by how rare it is:
 * ln(1 + entities / relations to it).
 */
function sharing(graph: Graph, node: number): Map<number, number> {
  const { adjacency, kinds, typeOf, norms } = graph
  const dots = new Map<number, number>()
  adjacency.visit(node, 'out', (own, attribute) => {
    if (!kinds.attribute[adjacency.relation[own]]) return
    const weight = weightOf(graph, own)
    adjacency.visit(attribute, 'in', (edge, other) => {
      if (adjacency.relation[edge] === adjacency.relation[own] && typeOf[other] === typeOf[node])
        dots.set(other, (dots.get(other) ?? 0) + weight * weightOf(graph, edge))
    })
  })
  for (const [other, dot] of dots) dots.set(other, Math.min(1, dot / (norms[node] * norms[other])))
  return dots
}

/** Length of each node's attributes: what `similarBy` divides by, made once for a graph. */
export function attributeNorms(graph: Pick<Graph, 'adjacency' | 'kinds'>): Float64Array {
  const { adjacency, kinds } = graph
  const norms = new Float64Array(adjacency.nodes)
  for (let edge = 0; edge < adjacency.edges; edge++)
    if (kinds.attribute[adjacency.relation[edge]]) norms[adjacency.head[edge]] += weightOf(graph, edge) ** 2
  return norms.map(Math.sqrt)
}

function weightOf({ adjacency }: Pick<Graph, 'adjacency'>, edge: number): number {
  const rarity = Math.log(1 + adjacency.nodes / adjacency.degree(adjacency.tail[edge]))
  return Math.sqrt(adjacency.weight[edge]) * rarity
}

/** Tracks of the same artists, 1; those of artists that are similar to them, the weight of that. */
function byArtist(graph: Graph, node: number): Map<number, number> {
  const { adjacency, kinds } = graph
  const scores = new Map<number, number>()
  const ofArtist = (artist: number, score: number): void =>
    adjacency.visit(artist, 'in', (edge, other) => {
      if (adjacency.relation[edge] === kinds.madeBy)
        scores.set(other, Math.max(score, scores.get(other) ?? 0))
    })
  adjacency.visit(node, 'out', (edge, artist) => {
    if (adjacency.relation[edge] !== kinds.madeBy) return
    ofArtist(artist, 1)
    for (const [similar, weight] of named(graph, artist)) ofArtist(similar, Math.min(1, weight))
  })
  return scores
}
