import { answersFromLists, reverseAnswers } from './answers.js'
import { similarityOf, type Embedded } from './embedded.js'
import { placesOf, type Direction, type Protocol } from './protocol.js'
import type { QueryScores } from './query-scores.js'
import { relevanceOf, transpose } from './ranking.js'
import { scoreRanking } from './retrieval.js'
import { scoreQueries, type ScoreQueriesOptions } from './score-queries.js'
import type { TestSet } from './test-set.js'
import type { TileOptions } from './tiles.js'

/** What runs the products, and may be stopped. */
export interface MeasureEngine extends Pick<TileOptions, 'runtime' | 'engine'> {
  /** Scores the queries; where there are threads, in several. @default scoreQueries */
  readonly score?: (options: ScoreQueriesOptions) => Promise<QueryScores>
  readonly signal?: AbortSignal
}

/** One direction, scored. */
export interface Retrieved {
  readonly direction: Direction
  readonly scores: QueryScores
  /** By query: those of one track are resampled together. */
  readonly groups: Int32Array
}

/**
 * Scores a direction of a retrieval. The items of a text are those that answer it; the texts of an item those it answers.
 * @throws AntiphonError `interrupted`, `failed`
 */
export async function retrieve(
  direction: Direction,
  { set, protocol, embedded }: { set: TestSet; protocol: Protocol; embedded: Embedded },
  { runtime, engine, score = scoreQueries, signal }: MeasureEngine,
): Promise<Retrieved> {
  const places = placesOf(protocol)
  const ks = places.length > 0 ? places : undefined
  const forth = answersFromLists(
    set.queries.map(({ answers }) => answers),
    set.items.length,
  )
  const isForth = direction === 'text-to-audio'
  const answers = isForth ? forth : reverseAnswers(forth)
  const groups = isForth ? groupsOfQueries(set) : groupsOfItems(set)
  if (embedded.offsets) {
    const ranking = { ...similarityOf(embedded), relevance: relevanceOf(forth) }
    return { direction, groups, scores: scoreRanking(isForth ? ranking : transpose(ranking), { ks }) }
  }
  const [queries, items] = isForth ? [embedded.queries, embedded.items] : [embedded.items, embedded.queries]
  return {
    direction,
    groups,
    scores: await score({ queries, items, answers, ks, runtime, engine, signal }),
  }
}

/** The track of each item, as a number: clips of one track are not independent. */
export function groupsOfItems({ items }: Pick<TestSet, 'items'>): Int32Array {
  const numbers = new Map<string, number>()
  return Int32Array.from(items, ({ track }) => {
    const known = numbers.get(track.id) ?? numbers.size
    numbers.set(track.id, known)
    return known
  })
}

/** The track that each query was said of; a query of no track alone stands for itself. */
export function groupsOfQueries(set: TestSet): Int32Array {
  const tracks = groupsOfItems(set)
  return Int32Array.from(set.queries, ({ of }, query) =>
    of === undefined ? set.items.length + query : tracks[of],
  )
}
