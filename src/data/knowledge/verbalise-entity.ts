import { article, list, sentence } from '../../text/index.js'
import type { Random } from '../../random/index.js'
import type { Direction } from './adjacency.js'
import type { Entity, KnowledgeGraph } from './graph.js'

/** What a graph says of an entity, in words. */
export interface VerbalisedEntity {
  readonly text: string
  /** The entity's id. */
  readonly about: string
  /** Ids of the others that the text names. */
  readonly mentions: readonly string[]
}

/** Named at most, of each kind. */
const MOST = { artists: 3, instruments: 5, moods: 3, tags: 5, similar: 3, tracks: 3, eras: 2, genres: 2 }
/** How often it is a list of fields, as metadata are, in place of sentences. */
const FIELDS = 0.2

/**
 * Says what an entity is and what surrounds it in the graph, as a document to be found by text: a track or artist with
 * metadata, sound and similar artists, as TTMR++ (Doh et al. 2024) writes out metadata. Everything said is in the graph; which
 * of it, and in what words, follows `random`.
 * @throws AntiphonError `usage` for an unknown id
 */
export function verbaliseEntity(graph: KnowledgeGraph, id: string, random: Random): VerbalisedEntity {
  const around = new Surroundings(graph, id, random)
  const entity = graph.entity(id)!
  const facts = factsOf(entity, around)
  const text = random.chance(FIELDS) ? fields(entity, facts) : prose(entity, facts, random)
  return { text, about: id, mentions: [...around.mentioned] }
}

/** Names of what surrounds an entity, drawn once and remembered. */
class Surroundings {
  readonly mentioned = new Set<string>()
  readonly #graph: KnowledgeGraph
  readonly #id: string
  readonly #random: Random

  constructor(graph: KnowledgeGraph, id: string, random: Random) {
    this.#graph = graph
    this.#id = id
    this.#random = random
  }

  /** Up to `most` neighbours of those that weigh half as much as the heaviest, or more; `of` another entity in place of this one. */
  draw(
    relation: string,
    most: number,
    { direction = 'out', of = this.#id }: { readonly direction?: Direction; readonly of?: string } = {},
  ): Entity[] {
    const all = this.#graph.neighbours(of, { relation, direction })
    const weighty = all.filter(({ weight }) => weight >= all[0].weight / 2)
    const chosen = this.#random.shuffle(weighty.slice(0, 2 * most)).slice(0, most)
    for (const { entity } of chosen) this.mentioned.add(entity.id)
    return chosen.map(({ entity }) => entity)
  }
}

interface Facts {
  readonly artists: readonly string[]
  readonly albums: readonly string[]
  readonly genres: readonly string[]
  readonly moods: readonly string[]
  readonly instruments: readonly string[]
  readonly eras: readonly string[]
  readonly tags: readonly string[]
  readonly similar: readonly string[]
  readonly members: readonly string[]
  readonly influences: readonly string[]
  readonly tracks: readonly string[]
}

function factsOf({ type }: Entity, around: Surroundings): Facts {
  const names = (entities: readonly Entity[]): string[] => [...new Set(entities.map(({ name }) => name))]
  const out = (relation: string, most: number): string[] => names(around.draw(relation, most))
  const artists = around.draw('made_by', MOST.artists)
  const similar = around.draw('similar_to', MOST.similar)
  return {
    artists: names(artists),
    albums: out('on_album', 1),
    genres: out('has_genre', MOST.genres).map((genre) => genre.toLowerCase()),
    moods: out('has_mood', MOST.moods),
    instruments: out('has_instrument', MOST.instruments),
    eras: out('from_era', MOST.eras).sort(),
    tags: out('has_attribute', MOST.tags),
    // Of a track those of its artist, who is more often known.
    similar: names(
      similar.length > 0 || artists.length === 0
        ? similar
        : around.draw('similar_to', MOST.similar, { of: artists[0].id }),
    ),
    members: names(around.draw('member_of', MOST.artists, { direction: 'in' })),
    influences: out('influenced_by', MOST.similar),
    tracks:
      type === 'artist'
        ? names(
            around
              .draw('made_by', 2 * MOST.tracks, { direction: 'in' })
              .filter((made) => made.type === 'track'),
          )
        : type === 'album'
          ? names(around.draw('on_album', MOST.tracks, { direction: 'in' }))
          : [],
  }
}

/** "title: …, artist: …, genre: …" */
function fields({ type, name }: Entity, facts: Facts): string {
  const labelled: readonly (readonly [string, readonly string[]])[] = [
    [type === 'track' ? 'title' : type, [name]],
    ['artist', facts.artists],
    ['album', facts.albums],
    ['genre', facts.genres],
    ['mood', facts.moods],
    ['instruments', facts.instruments],
    ['era', facts.eras],
    ['tags', facts.tags],
    [type === 'artist' ? 'songs' : 'tracks', facts.tracks],
    ['members', facts.members],
    ['influenced by', facts.influences],
    ['similar artists', facts.similar],
  ]
  return labelled
    .filter(([, values]) => values.length > 0)
    .map(([label, values]) => `${label}: ${values.join(', ')}`)
    .join('; ')
}

const NOUNS: Readonly<Record<string, readonly string[]>> = {
  track: ['track', 'song', 'piece', 'recording'],
  artist: ['act', 'artist'],
  album: ['album', 'record'],
}

function prose({ type, name }: Entity, facts: Facts, random: Random): string {
  const { artists, albums, genres, moods, instruments, eras, tags, similar, members, influences, tracks } =
    facts
  const noun = random.pick(NOUNS[type] ?? [type])
  const said = random.int(0, 1)
  const what = article([...moods.slice(0, said), genres[0] ?? '', noun].filter(Boolean).join(' '))
  const by = artists.length > 0 ? ` by ${list(artists)}` : ''
  const from =
    albums.length > 0 ? random.pick([` from the album ${albums[0]}`, `, found on ${albums[0]}`]) : ''
  const when = eras.length > 0 ? ` ${random.pick(['of', 'from'])} the ${list(eras)}` : ''
  const opening = random.pick([
    `${name} is ${what}${by}${from}`,
    `${name}${by} is ${what}${when}`,
    by === '' ? `${name}: ${what}${when}` : `${list(artists)} made ${name}, ${what}${when}`,
  ])
  const it = type === 'artist' ? name : 'it'
  const more: string[] = []
  const say = (values: readonly string[], ...templates: readonly string[]): void => {
    if (values.length > 0) more.push(random.pick(templates).replace('{}', () => list(values)))
  }
  if (type === 'artist')
    say(instruments, 'their sound is built on {}', 'you will hear {}', `${name} plays with {}`)
  else say(instruments, 'it features {}', 'you can hear {}', 'it is played on {}', 'made with {}')
  say(moods.slice(said), 'the mood is {}', 'it sounds {}', 'people call it {}')
  say(tags, 'tagged {}', 'also described as {}', 'listeners tag it {}')
  say(genres.slice(1), 'it touches on {} too')
  say(members, 'members include {}', 'with {} in the line-up')
  say(influences, `${it} was influenced by {}`, `influences of {} can be heard`)
  say(
    tracks,
    ...(type === 'artist' ? ['songs include {}', 'known for {}'] : ['tracks include {}', 'with {} on it']),
  )
  const who = type === 'artist' || artists.length === 0 ? it : artists[0]
  say(
    similar,
    `${who} is similar to {}`,
    'for fans of {}',
    'if you like {}, listen to this',
    `${who} sounds like {}`,
  )
  return [opening, ...random.shuffle(more)].map(sentence).join(' ')
}
