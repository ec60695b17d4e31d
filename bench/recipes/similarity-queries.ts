import { expandQuery, idsOf, verbaliseQuery, type KnowledgeGraph } from '../../src/data/index.js'
import { Random } from '../../src/random/index.js'
import type { Pool } from './system.js'

/** A query that names an artist or track, and what answers it. */
export interface SimilarityQueryOfPool {
  /** As people ask, and with what the graph says of whom it names. */
  readonly text: string
  readonly expanded: string
  /** Numbers of tracks of the same neighbourhood. */
  readonly answers: readonly number[]
  /** Of all tracks that are searched: one that is named itself is none of them. */
  readonly among: readonly number[]
}

/** The same, asking for more of something that its model doesn't have. */
export interface TurnedQuery {
  /** Without and with the turn, both expanded. */
  readonly plain: string
  readonly turned: string
  /** Tracks of the neighbourhood that have what is asked for more of. */
  readonly having: readonly number[]
}

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
    const among = [...this.tracks.keys()].filter((track) => this.tracks[track].id !== like)
    return { text, expanded: expandQuery(this.graph, text).text, answers, among }
  }

  /**
   * Asks for music like an artist but more of something that the artist has not and some of the neighbourhood have; undefined
   * where there is no such thing.
   */
  askMore(like: string, seed: number): TurnedQuery | undefined {
    const near = this.neighbourhood(like)
    const random = new Random(`turn/${seed}/${like}`)
    const own = new Set(this.graph.neighbours(like, { direction: 'out' }).map(({ entity }) => entity.id))
    const attributes = ['has_genre', 'has_mood', 'has_instrument'].flatMap((relation) => {
      const having = new Map<string, number[]>()
      for (const track of near)
        for (const { entity } of this.graph.neighbours(this.tracks[track].id, { relation, direction: 'out' }))
          having.set(entity.id, [...(having.get(entity.id) ?? []), track])
      return [...having]
    })
    const possible = attributes.filter(
      ([id, { length }]) => !own.has(id) && length >= HAVING.least && length <= HAVING.most * near.length,
    )
    if (possible.length === 0) return undefined
    const [wanted, having] = random.pick(possible)
    const say = (more: readonly string[]): string => {
      const { text } = verbaliseQuery(
        this.graph,
        { like: [like], wanted: more },
        new Random(`${seed}/${like}`),
      )
      return expandQuery(this.graph, text).text
    }
    return { plain: say([]), turned: say([wanted]), having }
  }

  /** Tracks by the artist and those that `similar_to` names, and those that share a style; not the track itself. */
  private neighbourhood(like: string): number[] {
    const artist = this.graph.entity(like)?.type === 'artist' ? like : this.makerOf(like)
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

  private makerOf(track: string): string {
    return this.graph.neighbours(track, { relation: 'made_by', direction: 'out' })[0].entity.id
  }

  private stylesOf(id: string): Set<string> {
    const styles = this.graph.neighbours(id, { relation: 'has_style', direction: 'out' })
    return new Set(styles.filter(({ weight }) => weight >= OWN_STYLE).map(({ entity }) => entity.id))
  }
}
