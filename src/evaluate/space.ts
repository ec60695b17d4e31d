import type { Answers } from './answers.js'
import { AntiphonError } from '../errors/index.js'
import { nearestItems } from './nearest-items.js'
import { Random } from '../random/index.js'
import { scoreMatrix } from './score-matrix.js'
import type { TileOptions } from './tiles.js'
import { rowOf, type Vectors } from './vectors.js'

/** What a joint space looks like, beside how well it retrieves. */
export interface SpaceScores {
  /** Mean squared distance of a text and a track that belong together (Wang & Isola 2020, α = 2). 0 at best, 2 by chance. */
  readonly alignment: number
  /**
   * ln of the mean of exp(-2 d²) over pairs of different vectors, d their distance (Wang & Isola 2020, t = 2): the lower, the more
   * evenly vectors lie on the sphere. -4 at best in many dimensions, 0 where all vectors are one. Of as many vectors, drawn
   * by the seed, as `uniformityOf` says.
   */
  readonly audioUniformity: number
  readonly textUniformity: number
  readonly uniformityOf: { readonly audio: number; readonly text: number }
  /** Distance of the mean of all tracks from the mean of all texts (Liang et al. 2022). */
  readonly modalityGap: number
  /** Tracks among the nearest of texts, and texts among those of tracks. */
  readonly audioHubness: Hubness
  readonly textHubness: Hubness
}

/** How unevenly items come up among the k nearest of queries (Radovanović et al. 2010). */
export interface Hubness {
  readonly k: number
  /** Skewness of the number of queries that have an item among their k nearest; 0 is symmetrical, not a number where all items have as many. */
  readonly skew: number
  /** The item that most queries have among their k nearest. */
  readonly hub: number
  /** How many have it. */
  readonly hubQueries: number
  /** Share of the items that no query has among its k nearest. */
  readonly never: number
}

export interface SpaceOptions extends TileOptions {
  readonly audio: Vectors
  readonly text: Vectors
  /** Which tracks (items) each text (query) belongs to. */
  readonly pairs: Answers
  /** Neighbours that count for hubness. @default 10 */
  readonly k?: number
  /** Vectors of which uniformity is taken, at most. @default 5000 */
  readonly most?: number
  /** @default 0 */
  readonly seed?: number | string
}

/**
 * Alignment, uniformity, modality gap and hubness of the texts and tracks of a test set.
 *
 * @throws AntiphonError `shape` where counts or dimensions disagree, `failed` for a vector that isn't of unit length.
 */
export async function spaceScores({
  audio,
  text,
  pairs,
  k = 10,
  most = 5000,
  seed = 0,
  ...options
}: SpaceOptions): Promise<SpaceScores> {
  if (pairs.queries !== text.count || pairs.items !== audio.count)
    throw new AntiphonError(
      'shape',
      `Pairs of ${pairs.queries} texts and ${pairs.items} tracks, for ${text.count} and ${audio.count} vectors`,
    )
  const random = new Random(`uniformity/${seed}`)
  const [someAudio, someText] = [sampleOf(audio, most, random), sampleOf(text, most, random)]
  const audioNearest = await nearestItems({ queries: text, items: audio, k, ...options })
  const textNearest = await nearestItems({ queries: audio, items: text, k, ...options })
  return {
    alignment: alignment(text, audio, pairs),
    audioUniformity: await uniformity(someAudio, options),
    textUniformity: await uniformity(someText, options),
    uniformityOf: { audio: someAudio.count, text: someText.count },
    modalityGap: modalityGap(audio, text),
    audioHubness: hubness(audioNearest, { items: audio.count, k: Math.min(k, audio.count) }),
    textHubness: hubness(textNearest, { items: text.count, k: Math.min(k, text.count) }),
  }
}

function alignment(text: Vectors, audio: Vectors, { queries, offsets, answers }: Answers): number {
  let sum = 0
  for (let query = 0; query < queries; query++) {
    const own = rowOf(text, query)
    for (let at = offsets[query]; at < offsets[query + 1]; at++) {
      const other = rowOf(audio, answers[at])
      for (let i = 0; i < own.length; i++) sum += (own[i] - other[i]) ** 2
    }
  }
  return sum / answers.length
}

async function uniformity(vectors: Vectors, options: TileOptions): Promise<number> {
  const { count } = vectors
  const cosines = await scoreMatrix({ queries: vectors, items: vectors, ...options })
  let sum = 0
  for (let a = 0; a < count; a++)
    for (let b = 0; b < a; b++) sum += Math.exp(-4 * (1 - cosines[a * count + b])) // d² = 2 - 2 cos
  return Math.log((2 * sum) / (count * (count - 1)))
}

function modalityGap(a: Vectors, b: Vectors): number {
  const [ofA, ofB] = [a, b].map(({ count, dim, data }) => {
    const mean = new Float64Array(dim)
    for (let at = 0; at < count * dim; at++) mean[at % dim] += data[at] / count
    return mean
  })
  let squares = 0
  for (let i = 0; i < a.dim; i++) squares += (ofA[i] - ofB[i]) ** 2
  return Math.sqrt(squares)
}

/** @param nearest [queries, k] */
function hubness(nearest: Int32Array, { items, k }: { items: number; k: number }): Hubness {
  const occurrences = new Int32Array(items)
  for (const item of nearest) occurrences[item]++
  const mean = nearest.length / items
  let [squares, cubes, hub, never] = [0, 0, 0, 0]
  occurrences.forEach((count, item) => {
    squares += (count - mean) ** 2
    cubes += (count - mean) ** 3
    if (count > occurrences[hub]) hub = item
    if (count === 0) never++
  })
  const skew = cubes / items / (squares / items) ** 1.5
  return { k, skew, hub, hubQueries: occurrences[hub], never: never / items }
}

/** All vectors, or as many drawn without replacement, in their order. */
function sampleOf(vectors: Vectors, most: number, random: Random): Vectors {
  if (vectors.count <= most) return vectors
  const { dim } = vectors
  const data = new Float32Array(most * dim)
  let taken = 0
  for (let row = 0; row < vectors.count; row++)
    if (random.next() * (vectors.count - row) < most - taken) data.set(rowOf(vectors, row), taken++ * dim) // Knuth's algorithm S
  return { count: most, dim, data }
}
