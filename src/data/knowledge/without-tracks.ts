import type { TrackInfo } from '../pair.js'
import { KnowledgeGraphBuilder } from './builder.js'
import type { KnowledgeGraph } from './graph.js'
import { idsOf } from './ids-of-track.js'

/**
 * A graph as training may see it: without tracks that are kept apart, artists of whom nothing but such tracks is trained on,
 * their albums, and all that is said of them.
 */
export function withoutTracks(
  graph: KnowledgeGraph,
  { kept, apart }: { readonly kept: readonly TrackInfo[]; readonly apart: readonly TrackInfo[] },
): KnowledgeGraph {
  if (apart.length === 0) return graph
  const [trained, held] = [kept, apart].map((tracks) => tracks.map((track) => idsOf(graph, track)))
  const trainedArtists = new Set(trained.flatMap(({ artists }) => artists))
  const artists = new Set(held.flatMap((ids) => ids.artists).filter((id) => !trainedArtists.has(id)))
  const gone = new Set([...artists, ...held.flatMap(({ track }) => track ?? [])])
  for (const artist of artists)
    for (const { entity } of graph.neighbours(artist, { relation: 'made_by', direction: 'in' }))
      gone.add(entity.id)
  const builder = new KnowledgeGraphBuilder()
  for (const { id, type, name, aliases } of graph.entities())
    if (!gone.has(id)) builder.entity(id, { type, name, aliases })
  for (const { head, relation, tail, weight } of graph.triples())
    if (!gone.has(head) && !gone.has(tail)) builder.relate(head, relation, tail, weight)
  return builder.build()
}
