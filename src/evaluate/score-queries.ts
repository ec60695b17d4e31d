import { answersOf, checkAnswers, type Answers } from './answers.js'
import { AntiphonError } from '../errors/index.js'
import { QueryScoring, type QueryScores } from './query-scores.js'
import { Thresholds } from './thresholds.js'
import { Tiles, type TileOptions } from './tiles.js'
import { checkSpaces, type Vectors } from './vectors.js'

export interface ScoreQueriesOptions extends TileOptions {
  readonly queries: Vectors
  readonly items: Vectors
  readonly answers: Answers
  /** The places at which R@k, share@k and P@k are taken. @default [1, 5, 10] */
  readonly ks?: readonly number[]
  readonly signal?: Pick<AbortSignal, 'throwIfAborted'>
  /** Told after each block of queries. */
  readonly onProgress?: (done: { readonly queries: number; readonly of: number }) => void
}

/**
 * Scores every query against all items, without their matrix of similarities: memory holds a tile of it. An answer's
 * score is read from the same product as those of its rivals, so it equals that of a copy of its vector to the last
 * bit, and ranks are those of the whole matrix.
 *
 * @throws AntiphonError `shape` where counts or dimensions disagree, `failed` for a vector that isn't of unit length.
 */
export async function scoreQueries({
  queries,
  items,
  answers,
  ks,
  signal,
  onProgress,
  ...options
}: ScoreQueriesOptions): Promise<QueryScores> {
  checkSpaces({ name: 'queries', vectors: queries }, { name: 'items', vectors: items })
  checkAnswers(answers)
  if (answers.queries !== queries.count || answers.items !== items.count)
    throw new AntiphonError(
      'shape',
      `Answers of ${answers.queries} queries in ${answers.items} items, for ${queries.count} and ${items.count} vectors`,
    )
  const query = answered(answers)
  const scoring = new QueryScoring({ queries: queries.count, items: items.count, query, ks })
  if (query.length === 0) return scoring.scores
  const order = byFirstAnswer(query, answers)
  const tiles = await Tiles.open({ queries, items, asked: query.length, ...options })
  try {
    for (let from = 0; from < order.length; from += tiles.height) {
      const block = order.subarray(from, from + tiles.height)
      const rows = block.map((at) => query[at])
      const thresholds = await countBlock(tiles, { queries: rows, answers, signal })
      block.forEach((at, row) => {
        scoring.put(at, thresholds.groups(row))
      })
      onProgress?.({ queries: Math.min(from + tiles.height, order.length), of: order.length })
    }
  } finally {
    await tiles.close()
  }
  return scoring.scores
}

/** A block of queries: first their answers' scores, then how many items score above and as much. */
async function countBlock(
  tiles: Tiles,
  {
    queries,
    answers,
    signal,
  }: { queries: Int32Array; answers: Answers; signal?: ScoreQueriesOptions['signal'] },
): Promise<Thresholds> {
  tiles.take(queries)
  const offsets = new Int32Array(queries.length + 1)
  queries.forEach((query, row) => {
    offsets[row + 1] = offsets[row] + answersOf(answers, query).length
  })
  const items = new Int32Array(offsets[queries.length])
  queries.forEach((query, row) => {
    items.set(answersOf(answers, query), offsets[row])
  })
  let last = -1
  const score = async (tile: number) => {
    signal?.throwIfAborted()
    if (tile !== last) await tiles.score(tile)
    last = tile
  }
  const scores = new Float32Array(items.length)
  const next = offsets.slice() // answers of a row are ascending, and so are tiles
  const holding = new Set(Array.from(items, (item) => tiles.tileOf(item)))
  for (const tile of [...holding].sort((a, b) => a - b)) {
    await score(tile)
    for (let row = 0; row < queries.length; row++)
      for (; next[row] < offsets[row + 1] && tiles.tileOf(items[next[row]]) === tile; next[row]++)
        scores[next[row]] = tiles.scoreOf(row, items[next[row]] - tiles.firstItem(tile))
  }
  const thresholds = new Thresholds(scores, offsets)
  const begin = last // it stands already
  for (let at = 0; at < tiles.count; at++) {
    await score((begin + at) % tiles.count)
    thresholds.count(tiles)
  }
  return thresholds
}

/** Queries that have an answer, ascending. */
export function answered({ queries, offsets }: Answers): Int32Array {
  return Int32Array.from({ length: queries }, (_, query) => query).filter(
    (query) => offsets[query] < offsets[query + 1],
  )
}

/** Places in `query`, ordered so that queries of one block have their answers in few tiles, which are scored twice. */
export function byFirstAnswer(query: Int32Array, { offsets, answers }: Answers): Int32Array {
  const first = query.map((each) => answers[offsets[each]])
  return query.map((_, at) => at).sort((a, b) => first[a] - first[b] || a - b)
}
