import type { Pair } from '../pair.js'
import { split, type Split } from '../split.js'
import { KnowledgeGraphBuilder } from './builder.js'
import type { Entity, KnowledgeGraph, Triple } from './graph.js'

export interface SplitArtistsOptions {
  /** Share of the tracks. @default 0.1 */
  readonly validation?: number
  /** Share of the tracks. @default 0 */
  readonly test?: number
  readonly seed: number
}

export interface ArtistSplit {
  readonly train: KnowledgeGraph
  readonly validation: KnowledgeGraph
  readonly test: KnowledgeGraph
  /** Relations between two sides, which are in none. */
  readonly dropped: readonly Triple[]
}

type Side = keyof Split

/**
 * Divides a graph so that no artist is on two sides, nor known on one through a relation to the other: artists who made a
 * track together, and all their tracks, stay together. An album goes with who made it, or with its tracks; one of several
 * sides (a compilation) goes with the first of them, without the others' tracks. Artists without tracks are divided too. All
 * else (genres, eras, places …) is on each side on which something is related to it.
 * @throws AntiphonError `usage` where a side that was asked for would be empty
 */
export function splitArtists(graph: KnowledgeGraph, options: SplitArtistsOptions): ArtistSplit {
  const sides = sidesOf(graph, options)
  const builders = {
    train: new KnowledgeGraphBuilder(),
    validation: new KnowledgeGraphBuilder(),
    test: new KnowledgeGraphBuilder(),
  }
  const put = (side: Side, { id, type, name, aliases }: Entity): void => {
    builders[side].entity(id, { type, name, aliases })
  }
  for (const entity of graph.entities()) {
    const side = sides.get(entity.id)
    if (side !== undefined) put(side, entity)
  }
  const dropped: Triple[] = []
  for (const triple of graph.triples()) {
    const [head, tail] = [sides.get(triple.head), sides.get(triple.tail)]
    if (head !== undefined && tail !== undefined && head !== tail) {
      dropped.push(triple)
      continue
    }
    // What ties shared things to each other is known to all.
    const everywhere: readonly Side[] = ['train', 'validation', 'test']
    const owner = head ?? tail
    for (const side of owner === undefined ? everywhere : [owner]) {
      for (const id of [triple.head, triple.tail]) if (!sides.has(id)) put(side, graph.entity(id)!)
      builders[side].relate(triple.head, triple.relation, triple.tail, triple.weight)
    }
  }
  return {
    train: builders.train.build(),
    validation: builders.validation.build(),
    test: builders.test.build(),
    dropped,
  }
}

/** The side of each entity that has one. */
function sidesOf(graph: KnowledgeGraph, { validation, test, seed }: SplitArtistsOptions): Map<string, Side> {
  const makers = (id: string): string[] =>
    graph.neighbours(id, { relation: 'made_by', direction: 'out' }).map(({ entity }) => entity.id)
  const pairs: Pair[] = []
  const credited = new Set<string>()
  for (const { id, type } of graph.entities()) {
    const artists = makers(id)
    // What was made is a track, where it is not said to be an album.
    if (type !== 'track' && (type === 'album' || artists.length === 0)) continue
    for (const artist of artists) credited.add(artist)
    pairs.push(asPair(id, artists))
  }
  for (const type of ['artist', 'person'])
    for (const { id } of graph.entities({ type })) if (!credited.has(id)) pairs.push(asPair(id, [id]))

  const sides = new Map<string, Side>()
  const parts = split(pairs, { by: 'artist', validation, test, seed })
  for (const side of ['train', 'validation', 'test'] as const)
    for (const { track } of parts[side]) {
      sides.set(track.id, side)
      for (const artist of makers(track.id)) sides.set(artist, side)
    }
  for (const { id } of graph.entities({ type: 'album' })) {
    const tracks = graph
      .neighbours(id, { relation: 'on_album', direction: 'in' })
      .map(({ entity }) => entity.id)
    const known = [...makers(id), ...tracks].map((owner) => sides.get(owner))
    sides.set(id, known.find((side) => side !== undefined) ?? 'train')
  }
  return sides
}

/** What `split` divides: an id's `;` would be two artists. */
function asPair(id: string, artists: readonly string[]): Pair {
  const artist = artists.map((name) => name.replace(/[%;]/g, encodeURIComponent)).join(';')
  return { audio: { path: id }, texts: [], track: { id, ...(artist === '' ? {} : { artist }) } }
}
