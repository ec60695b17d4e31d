import { spread, type Spread } from '../listening/describe.js'
import type { KnowledgeGraph } from './graph.js'

/** What `antiphon data check` says of a graph. */
export interface GraphSummary {
  readonly entities: number
  readonly relations: number
  /** How many of each, the most frequent first. */
  readonly byType: Readonly<Record<string, number>>
  readonly byRelation: Readonly<Record<string, number>>
  /** Relations at an entity. */
  readonly degree: Spread
}

export function describeGraph(graph: KnowledgeGraph): GraphSummary {
  const byType = new Map<string, number>()
  const byRelation = new Map<string, number>()
  const degrees = new Uint32Array(graph.size)
  let at = 0
  for (const { id, type } of graph.entities()) {
    byType.set(type, (byType.get(type) ?? 0) + 1)
    degrees[at++] = graph.degree(id)
  }
  for (const { relation } of graph.triples()) byRelation.set(relation, (byRelation.get(relation) ?? 0) + 1)
  return {
    entities: graph.size,
    relations: graph.relationCount,
    byType: sorted(byType),
    byRelation: sorted(byRelation),
    degree: spread(degrees),
  }
}

const sorted = (counts: ReadonlyMap<string, number>): Record<string, number> =>
  Object.fromEntries([...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)))
