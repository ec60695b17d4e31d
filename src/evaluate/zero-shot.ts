import { AntiphonError } from '../errors/index.js'
import {
  DEFAULT_SAMPLES,
  groupsOf,
  percentileInterval,
  resample,
  type Interval,
  type ResamplingOptions,
} from './resample.js'
import { scoreMatrix } from './score-matrix.js'
import type { TileOptions } from './tiles.js'
import { rowOf, stackVectors, type Vectors } from './vectors.js'

export interface ClassScores {
  /** Tracks of the class. */
  readonly tracks: number
  /** Share of the class's tracks that were given to it; not a number where it has none. */
  readonly recall: number
  /** Share of the tracks that were given to the class that are of it; not a number where none was given. */
  readonly precision: number
  /** 2 true positives / (2 true positives + false positives + false negatives); 0 where that is 0 / 0. */
  readonly f1: number
}

/** Each track is given to the class whose prompt it is nearest to; of equal ones to the first class. */
export interface ZeroShotScores {
  /** Tracks given to their own class. */
  readonly accuracy: Interval
  /** Mean recall over the classes that have tracks. */
  readonly balancedAccuracy: Interval
  /** Mean F1 over the classes that have tracks or were given some. */
  readonly macroF1: Interval
  readonly perClass: readonly ClassScores[]
  /** [classes, classes] row by row: tracks of the row's class that were given to the column's. */
  readonly confusion: Int32Array
  /** [tracks] the class given */
  readonly predicted: Int32Array
}

export interface ZeroShotOptions extends TileOptions, ResamplingOptions {
  readonly audio: Vectors
  /** Of each class, the vectors of its prompts. */
  readonly prompts: readonly Vectors[]
  /** [tracks] the class of each track */
  readonly labels: Int32Array
}

/**
 * Classification without training, by prompts. A class is the mean of its prompts (Radford et al. 2021, section 3.1.4). Intervals resample tracks; `groups` are
 * by track, such as the artist.
 *
 * @throws AntiphonError `shape` where counts or dimensions disagree, `failed` for a vector that isn't of unit length.
 */
export async function zeroShot({
  audio,
  prompts,
  labels,
  runtime,
  engine,
  tile,
  ...resampling
}: ZeroShotOptions): Promise<ZeroShotScores> {
  const classes = stackVectors(prompts.map(promptMean))
  const similarity = await scoreMatrix({ queries: classes, items: audio, runtime, engine, tile })
  return scoreClasses({ classes: classes.count, similarity, labels }, resampling)
}

/** The unit vector of the mean of prompts' vectors. @throws AntiphonError `failed` where they cancel out, or there are none. */
export function promptMean(prompts: Vectors): Float32Array {
  const mean = new Float64Array(prompts.dim)
  for (let prompt = 0; prompt < prompts.count; prompt++)
    rowOf(prompts, prompt).forEach((value, i) => {
      mean[i] += value
    })
  const length = Math.hypot(...mean)
  if (!(length > 0))
    throw new AntiphonError('failed', `The mean of ${prompts.count} prompts has length ${length}`)
  return Float32Array.from(mean, (value) => value / length)
}

/**
 * The same of similarities at hand.
 * @throws AntiphonError `shape` where counts disagree or a label is no class
 */
export function scoreClasses(
  {
    classes,
    similarity,
    labels,
  }: { classes: number; similarity: Float32Array | Float64Array; labels: Int32Array },
  { groups, samples = DEFAULT_SAMPLES, seed, level }: ResamplingOptions = {},
): ZeroShotScores {
  const tracks = labels.length
  if (similarity.length !== classes * tracks)
    throw new AntiphonError(
      'shape',
      `${similarity.length} similarities of ${classes} classes and ${tracks} tracks`,
    )
  const wrong = labels.findIndex((label) => !(label >= 0 && label < classes))
  if (wrong >= 0)
    throw new AntiphonError(
      'shape',
      `Track ${wrong} is of class ${labels[wrong]}, expected 0 to ${classes - 1}`,
    )
  const predicted = labels.map((_, track) => {
    let best = 0
    for (let each = 1; each < classes; each++)
      if (similarity[each * tracks + track] > similarity[best * tracks + track]) best = each
    return best
  })
  const cell = labels.map((label, track) => label * classes + predicted[track])
  const confusion = new Int32Array(classes * classes)
  for (const at of cell) confusion[at]++
  const of = groupsOf(
    labels.map((_, track) => track),
    tracks,
    groups,
  )
  const sampled = [0, 1, 2].map(() => new Float64Array(samples).fill(NaN))
  const weighted = new Int32Array(classes * classes)
  if (of.count > 1)
    resample(of.count, { samples, seed }, (weights, sample) => {
      weighted.fill(0)
      for (let track = 0; track < tracks; track++) weighted[cell[track]] += weights[of.of[track]]
      figuresOf(weighted, classes).forEach((value, at) => {
        sampled[at][sample] = value
      })
    })
  const [accuracy, balancedAccuracy, macroF1] = figuresOf(confusion, classes).map((value, at) => ({
    value,
    ...percentileInterval(sampled[at], level),
  }))
  const perClass = Array.from({ length: classes }, (_, each) => classScores(confusion, classes, each))
  return { accuracy, balancedAccuracy, macroF1, perClass, confusion, predicted }
}

/** Accuracy, balanced accuracy and macro F1 of a confusion matrix, as scikit-learn has them. */
function figuresOf(confusion: Int32Array, classes: number): number[] {
  let [right, all, recalls, withTracks, f1s, seen] = [0, 0, 0, 0, 0, 0]
  for (let each = 0; each < classes; each++) {
    const { tracks, recall, precision, f1 } = classScores(confusion, classes, each)
    right += confusion[each * classes + each]
    all += tracks
    if (tracks > 0) {
      recalls += recall
      withTracks++
    }
    if (tracks === 0 && Number.isNaN(precision)) continue
    f1s += f1
    seen++
  }
  return [right / all, recalls / withTracks, f1s / seen]
}

function classScores(confusion: Int32Array, classes: number, each: number): ClassScores {
  const right = confusion[each * classes + each]
  let [tracks, given] = [0, 0]
  for (let other = 0; other < classes; other++) {
    tracks += confusion[each * classes + other]
    given += confusion[other * classes + each]
  }
  return {
    tracks,
    recall: right / tracks,
    precision: right / given,
    f1: right === 0 ? 0 : (2 * right) / (tracks + given),
  }
}
