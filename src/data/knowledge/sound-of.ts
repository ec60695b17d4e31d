import type { Entity, KnowledgeGraph } from './graph.js'

/** What is said of how something sounds, in this order, and how much of it at most. */
const SOUND: readonly (readonly [relation: string, most: number])[] = [
  ['has_genre', 2],
  ['has_mood', 3],
  ['has_instrument', 5],
]
/** Where a graph tells none of these apart. */
const TAGS: typeof SOUND = [['has_attribute', 5]]

/** How an artist, track or album sounds, as far as a graph tells; where it knows that of its makers only, how they sound. */
export function soundOf(graph: KnowledgeGraph, id: string): Entity[] {
  const makers = graph.neighbours(id, { relation: 'made_by', direction: 'out' })
  for (const of of [id, ...makers.map(({ entity }) => entity.id)])
    for (const relations of [SOUND, TAGS]) {
      const found = relations.flatMap(([relation, most]) => {
        const all = graph.neighbours(of, { relation, direction: 'out' })
        // Not what one of many tracks has.
        return all.filter(({ weight }) => weight >= all[0].weight / 2).slice(0, most)
      })
      if (found.length > 0) return found.map(({ entity }) => entity)
    }
  return []
}
