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
 * ln(1 + entities / those with it).
 */
function sharing(graph: Graph, node: number): Map<number, number> {
  const { adjacency } = graph
  const own = attributesOf(graph, node)
  const dots = new Map<number, number>()
  for (const [attribute, weight] of own)
    adjacency.visit(attribute, 'in', (edge, other) => {
      if (!graph.kinds.attribute[adjacency.relation[edge]] || graph.typeOf[other] !== graph.typeOf[node])
        return
      const theirs = Math.sqrt(adjacency.weight[edge]) * rarity(graph, attribute)
      dots.set(other, (dots.get(other) ?? 0) + weight * theirs)
    })
  const norm = (weights: Map<number, number>): number =>
    Math.sqrt(sum([...weights.values()].map((w) => w * w)))
  const ownNorm = norm(own)
  for (const [other, dot] of dots)
    dots.set(other, Math.min(1, dot / (ownNorm * norm(attributesOf(graph, other)))))
  return dots
}

function attributesOf(graph: Graph, node: number): Map<number, number> {
  const { adjacency, kinds } = graph
  const weights = new Map<number, number>()
  adjacency.visit(node, 'out', (edge, attribute) => {
    if (!kinds.attribute[adjacency.relation[edge]]) return
    const weight = Math.sqrt(adjacency.weight[edge]) * rarity(graph, attribute)
    weights.set(attribute, (weights.get(attribute) ?? 0) + weight)
  })
  return weights
}

const rarity = ({ adjacency }: Graph, attribute: number): number =>
  Math.log(1 + adjacency.nodes / adjacency.degree(attribute))

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

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
