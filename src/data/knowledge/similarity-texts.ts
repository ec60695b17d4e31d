import { Random } from '../../random/index.js'
import type { TrackInfo } from '../pair.js'
import { withDocuments } from './expand-query.js'
import type { KnowledgeGraph } from './graph.js'
import { idsOf } from './ids-of-track.js'
import { RELATIONS } from './schema.js'
import { verbaliseEntity } from './verbalise-entity.js'
import { verbaliseQuery } from './verbalise-query.js'

/** How many a query may be about, of each kind; further ones are less like it. */
const NEAREST = 8
/** How often it is about who made the track, those similar to them, and similar tracks. */
const ABOUT = { own: 0.2, artist: 0.4 }
/** How often a query has a turn that asks for more of something, and for less. */
const TURN = { wanted: 0.4, unwanted: 0.15 }
/** Texts of a track: many, and few enough that a frozen encoder reads each once. */
const VARIANTS = 16

interface Known {
  readonly track: string | undefined
  readonly makers: readonly string[]
  readonly similarMakers: readonly string[]
  readonly similarTracks: readonly string[]
  /** What it sounds like: of the track, or of its makers where the graph doesn't know the track. */
  readonly attributes: ReadonlySet<string>
}

/**
 * Queries that a track answers because of what a graph knows: it is like the artist or track that is named, and has what is
 * asked for more of. For training (TTMR++, Doh et al. 2024, which writes similar artists of a graph as text).
 */
export class SimilarityTexts {
  readonly #graph: KnowledgeGraph
  readonly #context: number
  readonly #seed: string | number
  readonly #known = new Map<string, Known | undefined>()

  /** @param options.context share of the texts that have the named entity's document behind them */
  constructor(
    graph: KnowledgeGraph,
    { context, seed }: { readonly context: number; readonly seed: string | number },
  ) {
    this.#graph = graph
    this.#context = context
    this.#seed = seed
  }

  /** Whether the graph knows anything that the track is like. */
  has(track: TrackInfo): boolean {
    return this.#of(track) !== undefined
  }

  /** @returns undefined where the graph knows nothing that it is like */
  draw(track: TrackInfo, random: Random): string | undefined {
    const known = this.#of(track)
    if (!known) return undefined
    return this.#text(known, new Random(`${this.#seed}/similarity/${track.id}/${random.int(1, VARIANTS)}`))
  }

  #text(known: Known, random: Random): string {
    const like = pickLike(known, random)
    const others = attributesOf(this.#graph, like)
    const turn = random.next()
    const more = [...known.attributes].filter((attribute) => !others.has(attribute))
    const less = [...others].filter((attribute) => !known.attributes.has(attribute))
    const wanted = turn < TURN.wanted && more.length > 0 ? [random.pick(more)] : []
    const unwanted = turn >= 1 - TURN.unwanted && less.length > 0 ? [random.pick(less)] : []
    const { text } = verbaliseQuery(this.#graph, { like: [like], wanted, unwanted }, random)
    if (!random.chance(this.#context)) return text
    return withDocuments(text, [verbaliseEntity(this.#graph, like, random).text])
  }

  #of(track: TrackInfo): Known | undefined {
    if (!this.#known.has(track.id)) this.#known.set(track.id, this.#find(track))
    return this.#known.get(track.id)
  }

  #find(info: TrackInfo): Known | undefined {
    const graph = this.#graph
    const { track, artists } = idsOf(graph, info)
    const makers =
      track === undefined
        ? artists
        : graph.neighbours(track, { relation: 'made_by', direction: 'out' }).map(({ entity }) => entity.id)
    const similarMakers = makers.flatMap((maker) =>
      graph.similar(maker, { by: 'similar_to', limit: NEAREST }).map(({ entity }) => entity.id),
    )
    const similarTracks =
      track === undefined
        ? []
        : graph.similar(track, { by: 'attributes', limit: NEAREST }).map(({ entity }) => entity.id)
    if (makers.length + similarMakers.length + similarTracks.length === 0) return undefined
    const attributes = [track, ...(track === undefined ? makers : [])].flatMap((id) =>
      id === undefined ? [] : [...attributesOf(graph, id)],
    )
    return { track, makers, similarMakers, similarTracks, attributes: new Set(attributes) }
  }
}

function pickLike({ makers, similarMakers, similarTracks }: Known, random: Random): string {
  const kind = random.next()
  const order =
    kind < ABOUT.own
      ? [makers, similarMakers, similarTracks]
      : kind < ABOUT.own + ABOUT.artist
        ? [similarMakers, makers, similarTracks]
        : [similarTracks, similarMakers, makers]
  return random.pick(order.find((ids) => ids.length > 0)!)
}

/** Those that can be asked for in a word. */
function attributesOf(graph: KnowledgeGraph, id: string): Set<string> {
  return new Set(
    graph
      .neighbours(id, { direction: 'out' })
      .filter(({ relation }) => Object.hasOwn(RELATIONS, relation) && RELATIONS[relation].attribute === true)
      .filter(({ entity }) => entity.type !== 'style')
      .map(({ entity }) => entity.id),
  )
}
