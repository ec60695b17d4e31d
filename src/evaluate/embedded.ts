import { AntiphonError } from '../errors/index.js'
import { unitMean } from '../model/index.js'
import type { Protocol } from './protocol.js'
import type { Ranking } from './ranking.js'
import type { TestSet } from './test-set.js'
import { stackVectors, type Vectors } from './vectors.js'

/** Vectors of a test set, all of one space. */
export interface Embedded {
  /** Of the items, or of their chunks where the best of them counts. */
  readonly items: Vectors
  /** First row of each item, [items + 1]. @default a row an item */
  readonly offsets?: Int32Array
  readonly queries: Vectors
}

/** Vectors as they come: of each item at least one, of each prompt one. */
export interface RawVectors {
  readonly audio: readonly (readonly Float32Array[])[]
  readonly prompts: ReadonlyMap<string, Float32Array>
}

/** Puts vectors together as the protocol has it: a query is the mean of its prompts, an item that of its chunks, or as good as the best. */
export function assemble(
  { queries }: Pick<TestSet, 'queries'>,
  { audio, prompts }: RawVectors,
  { audio: { chunks } }: Pick<Protocol, 'audio'>,
): Embedded {
  const asked = stackVectors(
    queries.map((query) => meanOf(query.prompts.map((prompt) => prompts.get(prompt)!))),
  )
  if (chunks !== 'max') return { items: stackVectors(audio.map(meanOf)), queries: asked }
  const offsets = new Int32Array(audio.length + 1)
  audio.forEach((rows, item) => {
    offsets[item + 1] = offsets[item] + rows.length
  })
  return { items: stackVectors(audio.flat()), offsets, queries: asked }
}

/** One stays as it is, bit by bit. */
const meanOf = (vectors: readonly Float32Array[]): Float32Array =>
  vectors.length === 1 ? vectors[0] : unitMean(vectors)

const MOST_SCORES = 2 ** 27 // half a gigabyte of float32

/**
 * Cosines of all queries with all items: of an item with several rows the highest.
 * @returns [queries, items] row by row
 * @throws AntiphonError `failed` where that is too many to hold
 */
export function similarityOf({ items, offsets, queries }: Embedded): Pick<Ranking, 'queries' | 'items'> & {
  readonly similarity: Float32Array
} {
  const count = offsets ? offsets.length - 1 : items.count
  if (queries.count * count > MOST_SCORES)
    throw new AntiphonError(
      'failed',
      `${queries.count} queries × ${count} items are too many for a matrix of scores (at most ${MOST_SCORES}); use the chunk policy mean`,
    )
  const similarity = new Float32Array(queries.count * count)
  for (let query = 0; query < queries.count; query++)
    similarityRow({ items, offsets, queries }, query, similarity.subarray(query * count, (query + 1) * count))
  return { queries: queries.count, items: count, similarity }
}

/** Of one query. @param into [items] */
export function similarityRow(
  { items, offsets, queries }: Embedded,
  query: number,
  into: Float32Array,
): void {
  const { dim, data } = items
  const asked = queries.data.subarray(query * dim, (query + 1) * dim)
  for (let item = 0; item < into.length; item++) {
    const [first, end] = offsets ? [offsets[item], offsets[item + 1]] : [item, item + 1]
    let best = -Infinity
    for (let row = first; row < end; row++) {
      let sum = 0
      for (let d = 0; d < dim; d++) sum += asked[d] * data[row * dim + d]
      if (sum > best) best = sum
    }
    into[item] = best
  }
}
