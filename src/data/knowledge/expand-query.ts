import { Random } from '../../random/index.js'
import { findNames, LONGEST_QUERY, type NameInText } from './find-names.js'
import type { Entity, KnowledgeGraph } from './graph.js'
import { normalName } from './normal-name.js'
import { soundOf } from './sound-of.js'
import { turnOfQuery, type Stretch } from './turn-of-query.js'
import { verbaliseEntity } from './verbalise-entity.js'

/** A query with what the graph knows of those that it names: texts for a model, which weigh the same but for `less`. */
export interface ExpandedQuery {
  readonly query: string
  /** The query without its turn, and the documents of those that it names; the query itself where no name was recognised. */
  readonly text: string
  /** How the named sound, and with the turn: "jazz, mellow, piano". */
  readonly sound?: string
  /** What there should be more of, and what less of. */
  readonly more?: string
  readonly less?: string
  readonly recognised: readonly NameInText[]
}

/** The query first: what is too long for a text tower loses its end. */
export function withDocuments(query: string, documents: readonly string[]): string {
  let end = query.length
  while (end > 0 && /[\s.,;]/.test(query[end - 1])) end-- // a pattern tries anew at every dot of a row
  return [query.slice(0, end), ...documents].join('. ')
}

/**
 * Expands a query that names artists, tracks or albums by what a graph knows of them, so that a model of audio and text that has
 * never seen a name knows what is meant. After TTMR++ (Doh et al. 2024), which trains with metadata written as text.
 *
 * Of "similar to Norah Jones but more jazz" the document tells whom Norah Jones is like, the list of attributes how she
 * sounds, and the turn has a text of its own: in one text its few words would be drowned. What is wanted takes the place of
 * attributes of its kind, what is unwanted leaves the list. The same graph and query give the same texts.
 */
export function expandQuery(graph: KnowledgeGraph, query: string): ExpandedQuery {
  const recognised = findNames(graph, query)
  if (recognised.length === 0) return { query, text: query, recognised }
  const turn = turnOfQuery(query.slice(0, LONGEST_QUERY), recognised) ?? {
    from: query.length,
    more: [],
    less: [],
  }
  const named = recognised.filter(({ from }) => from < turn.from)
  const wanted = turn.more.map((part) => inTurn(graph, query, part, recognised))
  const unwanted = turn.less.map((part) => inTurn(graph, query, part, recognised))
  const kept = attributes(graph, named).filter(
    ({ type, name }) =>
      !wanted.some(({ types }) => types.has(type)) &&
      !unwanted.some(({ names }) => names.has(normalName(name))),
  )
  const list = (texts: readonly string[]): string | undefined =>
    texts.length === 0 ? undefined : texts.join(', ')
  const texts = {
    sound: kept.length === 0 ? undefined : list([...wanted.map(({ text }) => text), ...kept.map(wordOf)]),
    more: list(wanted.map(({ text }) => text)),
    less: list(unwanted.map(({ text }) => text)),
  }
  const said = Object.entries(texts).filter(([, text]) => text !== undefined)
  const text = withDocuments(query.slice(0, turn.from), documents(graph, query, named))
  return { query, text, ...(Object.fromEntries(said) as Partial<typeof texts>), recognised }
}

interface InTurn {
  /** For whom it names, how they sound. */
  readonly text: string
  /** Each thing that it asks for, as names are compared. */
  readonly names: ReadonlySet<string>
  /** What these are in the graph: genres, moods. */
  readonly types: ReadonlySet<string>
}

function inTurn(
  graph: KnowledgeGraph,
  query: string,
  { from, to }: Stretch,
  recognised: readonly NameInText[],
): InTurn {
  const named = recognised.filter((name) => name.from >= from && name.to <= to)
  const sound = attributes(graph, named)
  if (sound.length > 0) {
    const before = query.slice(from, named[0].from).replace(CUES, '')
    const text = [before, ...sound.map(wordOf)].filter((part) => part !== '').join(', ')
    return { text, names: new Set(sound.map(({ name }) => normalName(name))), types: new Set() }
  }
  const text = query.slice(from, to)
  const said = [text, ...text.split(/,|;|\b(?:and|or)\b/)]
  const things = [...new Set(said.map((thing) => thing.replace(/^\s*(?:the|any|much)\b/i, '').trim()))]
  const called = things.flatMap((thing) =>
    graph.find(thing, { limit: 20 }).filter(({ score }) => score === 1),
  )
  return {
    text,
    names: new Set(things.map((thing) => normalName(thing))),
    types: new Set(called.map(({ entity }) => entity.type)),
  }
}

/** What comes before a name: "slower, like". */
const CUES = /[\s,]*(?:\b(?:similar to|like|in the (?:vein|style) of|the|by)\s*)*$/i

/** How they sound, each attribute once. */
function attributes(graph: KnowledgeGraph, names: readonly NameInText[]): Entity[] {
  const all = names.flatMap(({ entity }) => soundOf(graph, entity.id))
  return [...new Map(all.map((attribute) => [attribute.id, attribute])).values()]
}

const wordOf = ({ type, name }: Entity): string => (type === 'genre' ? name.toLowerCase() : name)

function documents(graph: KnowledgeGraph, query: string, names: readonly NameInText[]): string[] {
  return names.map((name) => {
    const { text } = verbaliseEntity(graph, name.entity.id, new Random(`document/${name.entity.id}`))
    return [eraSentence(graph, query, name), text].filter((part) => part !== undefined).join(' ')
  })
}

/** Which years "early Beatles" are. */
function eraSentence(graph: KnowledgeGraph, query: string, { entity, from }: NameInText): string | undefined {
  const word = /\b(early|earlier|late|later)\s+(the\s+)?$/i.exec(query.slice(0, from))?.[1].toLowerCase()
  if (word === undefined) return undefined
  const eras = graph
    .neighbours(entity.id, { relation: 'from_era', direction: 'out' })
    .map((neighbour) => neighbour.entity.name)
    .sort()
  if (eras.length < 2) return undefined
  return `From the ${word.startsWith('early') || word === 'earlier' ? eras[0] : eras[eras.length - 1]}.`
}
