import { article, list } from '../../text/index.js'
import type { Random } from '../../random/index.js'
import type { Entity, KnowledgeGraph } from './graph.js'
import { RELATIONS } from './schema.js'

/** What a similarity query asks for, by the ids of entities. */
export interface SimilarityQuery {
  /** What the music should be like: tracks, artists or albums; at least one. */
  readonly like: readonly string[]
  /** Attributes that it should have more of. */
  readonly wanted?: readonly string[]
  /** Attributes that it should have less of, or none. */
  readonly unwanted?: readonly string[]
}

export interface VerbalisedQuery extends Required<SimilarityQuery> {
  /** "music similar to Norah Jones but more jazz" */
  readonly text: string
}

/** People type names as they come: how often all in lower case. */
const LOWER_CASE = 0.3

/** `{}` is what the music should be like. */
const LIKE: Readonly<Record<string, readonly string[]>> = {
  track: [
    'songs like {}',
    'songs like {}',
    'tracks that sound like {}',
    'music similar to {}',
    'something like {}',
    'songs similar to {}',
    'more songs like {}',
    'find me something like {}',
    'I love {}, what else is like it',
    'music in the vein of {}',
    'similar to {}',
    'play something close to {}',
  ],
  artist: [
    'artists like {}',
    'music similar to {}',
    'music like {}',
    'sounds like {}',
    'something in the style of {}',
    'for fans of {}',
    'songs that sound like {}',
    'who else sounds like {}',
    'more music like {}',
    'something that could be by {}',
    'similar artists to {}',
    'in the vein of {}',
  ],
  album: [
    'albums like {}',
    'music like the album {}',
    'something similar to the album {}',
    'songs that would fit on {}',
    'records in the vein of {}',
  ],
}

const SEVERAL = [
  'somewhere between {}',
  'music similar to {}',
  'a mix of {}',
  'for fans of {}',
  'something like {}',
]

/**
 * Says a similarity query as people ask it, as in TTMR++ (Doh et al. 2024, "Enriching music descriptions with a
 * finetuned-LLM and metadata for text-to-music retrieval"): "songs like Hotel California", "music similar to Norah Jones but
 * more jazz", "sounds like early Beatles". The wording follows `random` alone.
 * @throws AntiphonError `usage` for an unknown id; RangeError where `like` is empty
 */
export function verbaliseQuery(
  graph: KnowledgeGraph,
  { like, wanted = [], unwanted = [] }: SimilarityQuery,
  random: Random,
): VerbalisedQuery {
  if (like.length === 0) throw new RangeError('A similarity query needs something that the music is like')
  const models = like.map((id) => entityOf(graph, id))
  const single = models.length === 1
  const era = single && models[0].type === 'artist' ? eraWord(graph, models[0], wanted, random) : undefined
  const names = models.map((model) =>
    era === undefined ? nameOf(graph, model, random) : `${era.word} ${withoutThe(model.name)}`,
  )
  const templates = single ? (LIKE[models[0].type] ?? LIKE.track) : SEVERAL
  // As a function, as a name may hold "$&".
  let text = random.pick(templates).replace('{}', () => list(names))
  const more = wanted.filter((id) => id !== era?.id).map((id) => wantedPhrase(entityOf(graph, id), random))
  const less = unwanted.map((id) => unwantedPhrase(entityOf(graph, id), random))
  const turns = list([...more, ...less])
  if (turns !== '') text += random.pick([' but ', ' but ', ', but ', ', only ']) + turns
  if (random.chance(LOWER_CASE)) text = text.toLowerCase()
  return { text, like, wanted, unwanted }
}

/**
 * Draws a query about an entity: in two of three with a turn, an attribute that others like it have and it doesn't (wanted),
 * or one of its own (unwanted).
 */
export function drawQuery(graph: KnowledgeGraph, id: string, random: Random): VerbalisedQuery {
  const own = attributesOf(graph, id)
  const others = graph
    .similar(id, { limit: 8 })
    .flatMap(({ entity }) => attributesOf(graph, entity.id))
    .filter((attribute) => !own.includes(attribute))
  const turn = random.next()
  const wanted = turn < 0.5 && others.length > 0 ? [random.pick(others)] : []
  const unwanted = turn >= 0.4 && turn < 0.67 && own.length > 0 ? [random.pick(own)] : []
  return verbaliseQuery(graph, { like: [id], wanted, unwanted }, random)
}

/** Those that can be asked for in a word: no styles, which are more than an attribute. */
function attributesOf(graph: KnowledgeGraph, id: string): string[] {
  return graph
    .neighbours(id, { direction: 'out' })
    .filter(({ relation }) => Object.hasOwn(RELATIONS, relation) && RELATIONS[relation].attribute)
    .filter(({ entity }) => entity.type !== 'style')
    .map(({ entity }) => entity.id)
}

function entityOf(graph: KnowledgeGraph, id: string): Entity {
  graph.degree(id) // throws where it is unknown
  return graph.entity(id)!
}

/** A track or album by its title, in half of the cases with who made it. */
function nameOf(graph: KnowledgeGraph, { id, name, type }: Entity, random: Random): string {
  if (type === 'artist') return name
  const [by] = graph.neighbours(id, { relation: 'made_by', direction: 'out' })
  return by !== undefined && random.chance(0.5) ? `${name} by ${by.entity.name}` : name
}

/** "1970s", or "early" and "late" for the first and last of an artist's eras; undefined where no era of its own is wanted. */
function eraWord(
  graph: KnowledgeGraph,
  artist: Entity,
  wanted: readonly string[],
  random: Random,
): { id: string; word: string } | undefined {
  const eras = graph
    .neighbours(artist.id, { relation: 'from_era', direction: 'out' })
    .map(({ entity }) => entity)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  const era = eras.find(({ id }) => wanted.includes(id))
  if (era === undefined) return undefined
  const relative =
    eras.length < 2
      ? undefined
      : era === eras[0]
        ? 'early'
        : era === eras[eras.length - 1]
          ? 'late'
          : undefined
  return { id: era.id, word: relative !== undefined && random.chance(0.6) ? relative : era.name }
}

const withoutThe = (name: string): string => name.replace(/^the\s+(?=\S)/i, '')

function wantedPhrase({ type, name }: Entity, random: Random): string {
  const word = type === 'genre' ? name.toLowerCase() : name
  switch (type) {
    case 'instrument':
      return random.pick([`with more ${word}`, `with ${word}`, `more ${word}`])
    case 'era':
      return random.pick([`from the ${word}`, `with a ${word} sound`])
    case 'style':
      return `more like ${article(word)}`
    default:
      return /^(no|without) /.test(word)
        ? `with ${word.replace(/^(no|without) /, 'no ')}`
        : isAdjective(type, word)
          ? `more ${word}`
          : `with ${article(`${word} sound`)}`
  }
}

function unwantedPhrase({ type, name }: Entity, random: Random): string {
  const word = type === 'genre' ? name.toLowerCase() : name
  switch (type) {
    case 'instrument':
      return random.pick([`without ${word}`, `with no ${word}`])
    case 'era':
      return `not from the ${word}`
    case 'style':
      return `not ${article(word)}`
    default:
      return /^(no|without) /.test(word)
        ? `with ${word.replace(/^(no|without) /, '')}`
        : isAdjective(type, word)
          ? random.pick([`less ${word}`, type === 'mood' ? `not so ${word}` : `less ${word}`])
          : `without the ${word} sound`
  }
}

/** Genres and moods go with "more"; of other tags those of one word. */
const isAdjective = (type: string, word: string): boolean =>
  type === 'genre' || type === 'mood' || !word.includes(' ')
