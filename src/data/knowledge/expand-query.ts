import { Random } from '../../random/index.js'
import { findNames, type NameInText } from './find-names.js'
import type { KnowledgeGraph } from './graph.js'
import { verbaliseEntity } from './verbalise-entity.js'

/** A query with what the graph knows of those that it names. */
export interface ExpandedQuery {
  readonly query: string
  /** What a model reads: the query itself where no name was recognised. */
  readonly text: string
  readonly recognised: readonly NameInText[]
}

/** The query first, its turn with it ("but more jazz"): what is too long for a text tower loses its end. */
export function withDocuments(query: string, documents: readonly string[]): string {
  let end = query.length
  while (end > 0 && /[\s.]/.test(query[end - 1])) end-- // a pattern tries anew at every dot of a row
  return [query.slice(0, end), ...documents].join('. ')
}

/**
 * Expands a query that names artists, tracks or albums by their documents, so that a model of audio and text that has never
 * seen a name knows what is meant: "similar to Norah Jones but more jazz" says of Norah Jones what the graph does. After
 * TTMR++ (Doh et al. 2024), which trains with metadata written as text. The same graph and query give the same text.
 */
export function expandQuery(graph: KnowledgeGraph, query: string): ExpandedQuery {
  const recognised = findNames(graph, query)
  if (recognised.length === 0) return { query, text: query, recognised }
  const documents = recognised.map((name) => {
    const { text } = verbaliseEntity(graph, name.entity.id, new Random(`document/${name.entity.id}`))
    return [eraSentence(graph, query, name), text].filter((part) => part !== undefined).join(' ')
  })
  return { query, text: withDocuments(query, documents), recognised }
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
