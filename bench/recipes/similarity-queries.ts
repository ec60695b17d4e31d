import {
  expandQuery,
  idsOf,
  verbaliseQuery,
  type KnowledgeGraph,
  type ExpandedQuery,
} from '../../src/data/index.js'
import { Random } from '../../src/random/index.js'
import type { Pool } from './system.js'

/** A query that names an artist or track, and what answers it. */
export interface SimilarityQueryOfPool {
  /** As people ask, and with what the graph says of whom it names. */
  readonly text: string
  readonly expanded: ExpandedQuery
  /** Numbers of tracks of the same neighbourhood. */
  readonly answers: readonly number[]
  /** Of all tracks that are searched: one that is named itself is none of them. */
  readonly among: readonly number[]
}

/** The same, asking for more of something that its model doesn't have. */
export interface TurnedQuery {
  /** What is asked for more of. */
  readonly kind: Kind
  /** Who is named, or made what is. */
  readonly artist: string
  readonly turned: ExpandedQuery
  /** The same without the turn. */
  readonly plain: ExpandedQuery
  /** Tracks of the neighbourhood, those that have what is asked for more of, and those that are both. */
  readonly near: readonly number[]
  readonly having: readonly number[]
  readonly both: readonly number[]
  readonly among: readonly number[]
}

export const KINDS = ['genre', 'instrument', 'mood'] as const
export type Kind = (typeof KINDS)[number]

/** A style is an artist's if at least this share of its tracks are of it. */
const OWN_STYLE = 0.5
/** Attributes that are asked for: so many tracks of the neighbourhood have them, at least, and a share of them at most. */
const HAVING = { least: 2, most: 0.5 }

/** What a graph says of the tracks of a pool. */
export class PoolKnowledge {
  readonly tracks: readonly {
    readonly id: string
    readonly artist: string
    readonly styles: ReadonlySet<string>
  }[]

  constructor(
    readonly graph: KnowledgeGraph,
    pool: Pool,
  ) {
    this.tracks = pool.pairs.map(({ track }) => {
      const { track: id, artists } = idsOf(graph, track)
      if (id === undefined) throw new Error(`The graph does not know ${track.id}`)
      return { id, artist: artists[0], styles: this.stylesOf(id) }
    })
  }

  /** Asks for music like an artist or track; undefined where nothing of the pool answers. */
  ask(like: string, seed: number): SimilarityQueryOfPool | undefined {
    const answers = this.neighbourhood(like)
    if (answers.length === 0) return undefined
    const { text } = verbaliseQuery(this.graph, { like: [like] }, new Random(`similarity/${seed}/${like}`))
    return { text, expanded: expandQuery(this.graph, text), answers, among: this.among(like) }
  }

  /**
   * Asks for music like an artist or track but more of something: all that the named one has not and some of the neighbourhood
   * have.
   */
  askMore(like: string, kind: Kind, seed: number): TurnedQuery[] {
    const artist = this.artistOf(like)
    const near = this.neighbourhood(like)
    const own = new Set(this.graph.neighbours(like, { direction: 'out' }).map(({ entity }) => entity.id))
    const attributes = new Map(
      this.tracks.map(({ id }, track) => [
        track,
        this.graph
          .neighbours(id, { relation: `has_${kind}`, direction: 'out' })
          .map(({ entity }) => entity.id),
      ]),
    )
    const wanted = new Set(near.flatMap((track) => attributes.get(track)!))
    return [...wanted].flatMap((id) => {
      const has = (track: number): boolean => attributes.get(track)!.includes(id)
      const both = near.filter(has)
      if (own.has(id) || both.length < HAVING.least || both.length > HAVING.most * near.length) return []
      const say = (wanted: readonly string[]): ExpandedQuery => {
        const random = new Random(`turn/${seed}/${like}/${id}`)
        return expandQuery(this.graph, verbaliseQuery(this.graph, { like: [like], wanted }, random).text)
      }
      const among = this.among(like)
      return { kind, artist, turned: say([id]), plain: say([]), near, having: among.filter(has), both, among }
    })
  }

  private among(like: string): number[] {
    return [...this.tracks.keys()].filter((track) => this.tracks[track].id !== like)
  }

  /** Tracks by the artist and those that `similar_to` names, and those that share a style; not the track itself. */
  private neighbourhood(like: string): number[] {
    const artist = this.artistOf(like)
    const artists = new Set([
      artist,
      ...this.graph.neighbours(artist, { relation: 'similar_to' }).map(({ entity }) => entity.id),
    ])
    const styles = this.stylesOf(like)
    return [...this.tracks.keys()].filter((track) => {
      const one = this.tracks[track]
      return (
        one.id !== like && (artists.has(one.artist) || [...one.styles].some((style) => styles.has(style)))
      )
    })
  }

  private artistOf(like: string): string {
    if (this.graph.entity(like)?.type === 'artist') return like
    return this.graph.neighbours(like, { relation: 'made_by', direction: 'out' })[0].entity.id
  }

  private stylesOf(id: string): Set<string> {
    const styles = this.graph.neighbours(id, { relation: 'has_style', direction: 'out' })
    return new Set(styles.filter(({ weight }) => weight >= OWN_STYLE).map(({ entity }) => entity.id))
  }
}
