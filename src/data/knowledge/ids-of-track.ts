import { itemNames } from '../item-names.js'
import type { TrackInfo } from '../pair.js'
import type { KnowledgeGraph } from './graph.js'
import { normalName } from './normal-name.js'

export interface TrackIds {
  /** Undefined where the graph does not know the track. */
  readonly track?: string
  /** Who it is by, as far as the graph knows them. */
  readonly artists: readonly string[]
}

/** A track of a data set in a graph: by its id, or by its title and artist, which must be the same but for spelling. */
export function idsOf(graph: KnowledgeGraph, info: TrackInfo): TrackIds {
  const named = itemNames(info)
    .flatMap((name) => [`track:${name}`, name])
    .find((id) => graph.entity(id)?.type === 'track')
  const track = named ?? byTitle(graph, info)
  if (track !== undefined)
    return {
      track,
      artists: graph
        .neighbours(track, { relation: 'made_by', direction: 'out' })
        .map(({ entity }) => entity.id),
    }
  return { artists: info.artist === undefined ? [] : sameName(graph, info.artist, 'artist') }
}

function byTitle(graph: KnowledgeGraph, { title, artist }: TrackInfo): string | undefined {
  if (title === undefined || artist === undefined) return undefined
  return sameName(graph, title, 'track').find((id) =>
    graph
      .neighbours(id, { relation: 'made_by', direction: 'out' })
      .some(({ entity }) => normalName(entity.name) === normalName(artist)),
  )
}

function sameName(graph: KnowledgeGraph, name: string, type: string): string[] {
  const exact = `${type}:${name}`
  if (graph.entity(exact)?.type === type) return [exact]
  return graph
    .find(name, { type, limit: 20 })
    .filter(({ score }) => score === 1)
    .map(({ entity }) => entity.id)
}
