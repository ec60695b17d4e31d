import type { Answers } from './answers.js'
import { checkRanking, relevanceOf, type Ranking } from './ranking.js'
import {
  DEFAULT_SAMPLES,
  groupsOf,
  percentileInterval,
  resample,
  type Interval,
  type ResamplingOptions,
} from './resample.js'
import { ScoredItems, type Areas } from './score-areas.js'
import { scoreMatrix } from './score-matrix.js'
import type { TileOptions } from './tiles.js'
import type { Vectors } from './vectors.js'

export interface TagScores extends Areas {
  readonly tag: number
  /** Tracks that carry the tag. */
  readonly positives: number
}

/** How well tags find the tracks that carry them; tags are the queries, tracks the items. */
export interface TaggingScores {
  /** Tags that some tracks carry and others don't; the others have no curve. */
  readonly perTag: readonly TagScores[]
  /** Tags that no track carries, or all do. */
  readonly leftOut: number
  /** Means over `perTag`, with bounds from tracks resampled. */
  readonly rocAuc: Interval
  readonly prAuc: Interval
}

export interface TaggingOptions extends TileOptions, ResamplingOptions {
  /** One for each tag: of its prompt, or of several (`promptMean`). */
  readonly tags: Vectors
  readonly audio: Vectors
  /** Which tracks carry each tag. */
  readonly answers: Answers
}

/**
 * Tags as queries over all tracks: areas under the ROC and the precision-recall curve of each, and their macro means. Holds the
 * matrix of tags × tracks. `groups` are by track.
 *
 * @throws AntiphonError `shape` where counts or dimensions disagree, `failed` for a vector that isn't of unit length.
 */
export async function taggingScores({
  tags,
  audio,
  answers,
  runtime,
  engine,
  tile,
  ...resampling
}: TaggingOptions): Promise<TaggingScores> {
  const similarity = await scoreMatrix({ queries: tags, items: audio, runtime, engine, tile })
  const relevance = relevanceOf(answers)
  return scoreTags({ queries: tags.count, items: audio.count, similarity, relevance }, resampling)
}

/**
 * The same of similarities at hand, [tags, tracks].
 * @throws AntiphonError as `retrievalScores`
 */
export function scoreTags(
  ranking: Ranking,
  { groups, samples = DEFAULT_SAMPLES, seed, level }: ResamplingOptions = {},
): TaggingScores {
  checkRanking(ranking)
  const { queries: tags, items, similarity, relevance } = ranking
  const all = Array.from({ length: tags }, (_, tag) => {
    const [from, to] = [tag * items, (tag + 1) * items]
    return new ScoredItems(similarity.subarray(from, to), relevance.subarray(from, to))
  })
  const kept = all.map((_, tag) => tag).filter((tag) => ![0, items].includes(all[tag].positives))
  const perTag = kept.map((tag) => ({ tag, positives: all[tag].positives, ...all[tag].areas() }))
  const of = groupsOf(
    Int32Array.from({ length: items }, (_, item) => item),
    items,
    groups,
  )
  const [roc, pr] = [new Float64Array(samples).fill(NaN), new Float64Array(samples).fill(NaN)]
  const weightOf = new Int32Array(items)
  if (of.count > 1)
    resample(of.count, { samples, seed }, (weights, sample) => {
      for (let item = 0; item < items; item++) weightOf[item] = weights[of.of[item]]
      const areas = kept.map((tag) => all[tag].areas(weightOf))
      roc[sample] = meanOf(areas.map(({ rocAuc }) => rocAuc))
      pr[sample] = meanOf(areas.map(({ prAuc }) => prAuc))
    })
  const macroPr = meanOf(perTag.map(({ prAuc }) => prAuc))
  return {
    perTag,
    leftOut: tags - kept.length,
    rocAuc: { value: meanOf(perTag.map(({ rocAuc }) => rocAuc)), ...percentileInterval(roc, level) },
    prAuc: { value: macroPr, ...percentileInterval(withoutBias(pr, macroPr), level) },
  }
}

/**
 * Samples moved so that their mean is the value. A track drawn twice raises average precision, as its copies come one after the other: of
 * tags with few tracks the percentile interval lies too high, at worst above the value. Simulated with 40 tags of 3 in 84 and of 10 in 400 tracks, 95 %
 * intervals cover in 71 and 69 of 100 runs as they are, and in 93 and 97 when moved. The area under the ROC curve has no such bias.
 */
function withoutBias(sampled: Float64Array, value: number): Float64Array {
  const bias = meanOf([...sampled]) - value
  return sampled.map((each) => each - bias)
}

/** Of the numbers among the values: a sample may lack all tracks of a rare tag. */
function meanOf(values: readonly number[]): number {
  const numbers = values.filter((value) => !Number.isNaN(value))
  return numbers.reduce((sum, value) => sum + value, 0) / numbers.length
}
