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
  readonly signal?: AbortSignal
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
  const tiles = await Tiles.open({ queries, items, ...options })
  try {
    for (let from = 0; from < order.length; from += tiles.height) {
      const block = order.subarray(from, from + tiles.height)
      const thresholds = await scoreBlock(tiles, {
        queries: block.map((at) => query[at]),
        answers,
        signal,
      })
      block.forEach((at, row) => {
        scoring.put(at, thresholds[row].groups())
      })
      onProgress?.({ queries: Math.min(from + tiles.height, order.length), of: order.length })
    }
  } finally {
    await tiles.close()
  }
  return scoring.scores
}

/** A block of queries: first their answers' scores, then how many items score above and as much. */
async function scoreBlock(
  tiles: Tiles,
  { queries, answers, signal }: { queries: Int32Array; answers: Answers; signal?: AbortSignal },
): Promise<Thresholds[]> {
  tiles.take(queries)
  const answersOfRow = Array.from(queries, (query) => answersOf(answers, query))
  const scores = answersOfRow.map((found) => new Float32Array(found.length))
  const holding = new Set(answersOfRow.flatMap((found) => Array.from(found, (item) => tiles.tileOf(item))))
  let last = -1
  const score = async (tile: number) => {
    signal?.throwIfAborted()
    if (tile !== last) await tiles.score(tile)
    last = tile
  }
  const next = new Int32Array(queries.length) // answers are ascending, and so are tiles
  for (const tile of [...holding].sort((a, b) => a - b)) {
    await score(tile)
    answersOfRow.forEach((found, row) => {
      const inTile = tiles.row(row)
      for (; next[row] < found.length && tiles.tileOf(found[next[row]]) === tile; next[row]++)
        scores[row][next[row]] = inTile[found[next[row]] - tiles.firstItem(tile)]
    })
  }
  const thresholds = scores.map((found) => new Thresholds(found))
  // Downwards, as the last tile that was scored stands already.
  for (let tile = tiles.count - 1; tile >= 0; tile--) {
    await score(tile)
    thresholds.forEach((own, row) => {
      own.count(tiles, row)
    })
  }
  return thresholds
}

/** Queries that have an answer, ascending. */
function answered({ queries, offsets }: Answers): Int32Array {
  return Int32Array.from({ length: queries }, (_, query) => query).filter(
    (query) => offsets[query] < offsets[query + 1],
  )
}

/** Places in `query`, ordered so that queries of one block have their answers in few tiles, which are scored twice. */
function byFirstAnswer(query: Int32Array, { offsets, answers }: Answers): Int32Array {
  const first = query.map((each) => answers[offsets[each]])
  return query.map((_, at) => at).sort((a, b) => first[a] - first[b] || a - b)
}
