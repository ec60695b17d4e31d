import { plain, type AudioRef, type Pair, type Text, type TrackInfo } from '../data/index.js'
import { AntiphonError } from '../errors/index.js'
import { SLOT, type Protocol } from './protocol.js'

/** A piece of audio that may be found. */
export interface Item {
  /** Unlike any other's. */
  readonly id: string
  readonly audio: AudioRef
  readonly track: TrackInfo
  /** All that is said of it. */
  readonly texts: readonly Text[]
}

/** What is asked. */
export interface Query {
  readonly text: string
  /** What the model is given: the text in each prompt. */
  readonly prompts: readonly string[]
  /** Items that answer it, ascending, at least one. */
  readonly answers: readonly number[]
  /** The item that it was said of; a distinct text is of none alone. */
  readonly of?: number
}

/** What a protocol makes of pairs: the pool, and what is asked of it. */
export interface TestSet {
  readonly items: readonly Item[]
  readonly queries: readonly Query[]
  /** Items that no query asks for, and so are not in the pool. */
  readonly withoutQuery: number
}

/**
 * Pieces of audio and queries, in the order of the pairs; distinct texts by name.
 * @throws AntiphonError `usage` where nothing is left to ask or to find
 */
export function makeTestSet(pairs: readonly Pair[], protocol: Protocol): TestSet {
  const { query, task } = protocol
  const all = itemsOf(pairs)
  const named = labelsBySpelling(protocol)
  /** What each item is asked for by; distinct. */
  const said = all.map(({ texts }) => textsOf(texts, protocol, named))
  if (task === 'classification') for (const texts of said) texts.splice(1) // the first is its class
  if (query.unit === 'distinct') dropRare(said, query.least_tracks)
  const kept = all.filter((_, item) => said[item].length > 0)
  const texts = said.filter(({ length }) => length > 0)
  const queries =
    query.unit === 'distinct' ? distinctQueries(texts, protocol) : ownQueries(texts, kept, protocol)
  if (queries.length === 0) throw new AntiphonError('usage', nothingToAsk(all, protocol))
  return {
    items: kept,
    queries,
    withoutQuery: all.length - kept.length,
  }
}

/**
 * The test set without some of its items, and without the queries that were said of these, or that only these answered.
 * @returns also which queries are left
 */
export function withoutItems(
  set: TestSet,
  dropped: ReadonlySet<number>,
): { set: TestSet; items: number[]; queries: number[] } {
  const items = set.items.flatMap((_, item) => (dropped.has(item) ? [] : [item]))
  const place = new Map(items.map((item, at) => [item, at]))
  const queries: number[] = []
  const left = set.queries.flatMap((query, at) => {
    const answers = query.answers.flatMap((item) => place.get(item) ?? [])
    const of = query.of === undefined ? undefined : place.get(query.of)
    if (answers.length === 0 || (query.of !== undefined && of === undefined)) return []
    queries.push(at)
    return [{ ...query, answers, of }]
  })
  return { set: { ...set, items: items.map((item) => set.items[item]), queries: left }, items, queries }
}

function nothingToAsk(items: readonly Said[], { name, query }: Protocol): string {
  const kinds = [...new Set(items.flatMap(({ texts }) => texts.map(({ kind }) => kind)))]
  const asked = [
    `kinds ${query.kinds.join(', ')}`,
    ...(query.labels ? [`labels ${Object.keys(query.labels).join(', ')}`] : []),
    ...(query.least_tracks > 1 ? [`of ${query.least_tracks} tracks or more`] : []),
  ]
  return `None of the ${items.length} pieces of audio has a text that the protocol "${name}" asks for (${asked.join('; ')}). Texts that are there: ${kinds.join(', ') || 'none'}`
}

interface Said extends Item {
  readonly texts: Text[]
}

/** Pairs of one piece of audio are one item. */
function itemsOf(pairs: readonly Pair[]): Said[] {
  const items = new Map<string, Said>()
  const ids = new Set<string>()
  for (const { audio, track, texts } of pairs) {
    const key = JSON.stringify([audio.path, audio.start ?? 0, audio.end, audio.bytes])
    const item = items.get(key)
    if (item) item.texts.push(...texts)
    else {
      // Several clips of a track.
      const id = ids.has(track.id) ? `${track.id}#${ids.size}` : track.id
      ids.add(id)
      items.set(key, { id, audio, track, texts: [...texts] })
    }
  }
  return [...items.values()]
}

function labelsBySpelling({ query }: Protocol): ReadonlyMap<string, string> | undefined {
  if (!query.labels) return undefined
  return new Map(
    Object.entries(query.labels).flatMap(([label, { spellings = [label] }]) =>
      spellings.map((spelling): [string, string] => [plain(spelling), label]),
    ),
  )
}

function textsOf(
  texts: readonly Text[],
  { query }: Protocol,
  named: ReadonlyMap<string, string> | undefined,
): string[] {
  const asked = new Set<Text['kind']>(query.kinds)
  const values = texts
    .filter(({ kind }) => asked.has(kind))
    .flatMap(({ value }) =>
      named ? (named.get(plain(value)) ?? []) : query.unit === 'distinct' ? plain(value) : value,
    )
  const distinct = [...new Set(values)]
  return query.unit === 'joined' && distinct.length > 0 ? [distinct.join(', ')] : distinct
}

function dropRare(said: string[][], least: number): void {
  const tracks = new Map<string, number>()
  for (const text of said.flat()) tracks.set(text, (tracks.get(text) ?? 0) + 1)
  for (const [item, texts] of said.entries()) said[item] = texts.filter((text) => tracks.get(text)! >= least)
}

function distinctQueries(said: readonly string[][], protocol: Protocol): Query[] {
  const answers = new Map<string, number[]>()
  for (const [item, texts] of said.entries())
    for (const text of texts) {
      const found = answers.get(text)
      if (found) found.push(item)
      else answers.set(text, [item])
    }
  return [...answers]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([text, items]) => ({ text, prompts: prompted(text, protocol), answers: items }))
}

function ownQueries(said: readonly string[][], items: readonly Item[], protocol: Protocol): Query[] {
  const folders = new Map<string, number[]>()
  for (const [at, item] of items.entries()) {
    const folder = folders.get(folderOf(item))
    if (folder) folder.push(at)
    else folders.set(folderOf(item), [at])
  }
  return said.flatMap((texts, item) =>
    texts.map((text) => ({
      text,
      prompts: prompted(text, protocol),
      answers: protocol.relevance === 'same-folder' ? folders.get(folderOf(items[item]))! : [item],
      of: item,
    })),
  )
}

/** The folder that the audio lies in. */
const folderOf = ({ audio }: Item): string => audio.path.replace(/[/\\][^/\\]*$/, '')

function prompted(text: string, { prompts, query }: Protocol): string[] {
  const asked = query.labels?.[text]?.as ?? text
  return prompts.map((prompt) => prompt.replace(SLOT, () => asked))
}
