import { similarityRow, type Embedded } from './embedded.js'
import type { QueryScores } from './query-scores.js'
import type { Example, ExampleTrack } from './report/report.js'
import type { Item, TestSet } from './test-set.js'

const EXAMPLES = 6
const FOUND = 3
const ANSWERS = 1

/**
 * Queries with the best and the worst rank of their first answer, text to audio, no two of one track on a side. Of equal ranks those whose answer
 * is clearest of the rest come first, and last.
 */
export function examplesOf(
  set: TestSet,
  embedded: Embedded,
  scores: QueryScores,
): { best: Example[]; worst: Example[] } {
  const order = Array.from(scores.query, (_, at) => at).sort(
    (a, b) => scores.rank[a] - scores.rank[b] || scores.ap[b] - scores.ap[a] || a - b,
  )
  const pick = (places: readonly number[], wanted: (rank: number) => boolean): Example[] => {
    const taken = new Set<number>()
    const found: Example[] = []
    for (const at of places) {
      const query = scores.query[at]
      const { answers } = set.queries[query]
      if (found.length === EXAMPLES || !wanted(scores.rank[at])) break
      if (taken.has(answers[0])) continue
      taken.add(answers[0])
      found.push(exampleOf(query, scores.rank[at], set, embedded))
    }
    return found
  }
  const half = (set.items.length + 1) / 2
  return {
    best: pick(order, (rank) => rank <= Math.max(1, Math.min(10, half))),
    worst: pick(order.toReversed(), (rank) => rank > 1),
  }
}

function exampleOf(query: number, rank: number, set: TestSet, embedded: Embedded): Example {
  const { text, answers } = set.queries[query]
  const similarity = new Float32Array(set.items.length)
  similarityRow(embedded, query, similarity)
  const nearest = Array.from(similarity, (_, item) => item).sort(
    (a, b) => similarity[b] - similarity[a] || a - b,
  )
  const right = new Set(answers)
  return {
    query: text,
    rank,
    found: nearest.slice(0, FOUND).map((item) => ({ ...trackOf(set.items[item]), right: right.has(item) })),
    answers: nearest
      .filter((item) => right.has(item))
      .slice(0, ANSWERS)
      .map((item) => trackOf(set.items[item])),
  }
}

function trackOf({ id, track, audio }: Item): ExampleTrack {
  const { title = null, artist = null } = track
  const { path, start = null, end = null, bytes } = audio
  return { id, title, artist, path, start, end, archived: bytes !== undefined }
}
