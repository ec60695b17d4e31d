import { combine, dot, mean, normalised } from './vector.js'

export interface QueryParts {
  /** What is wanted, in words. */
  readonly text: Float32Array
  /** The track to start from. */
  readonly like?: Float32Array
  /** What there should be more of and less of, in words. */
  readonly more?: readonly Float32Array[]
  readonly less?: Float32Array
}

/** The weight of what there should be less of: the wish itself comes first. */
const LESS_WEIGHT = 0.5

/** Spread is not believed below this, in cosine: in a library of a few tracks it may come out as nothing. */
const MIN_SPREAD = 1e-3

export interface QueryVector {
  /** Unit length, [dim]. */
  readonly vector: Float32Array
  /**
   * How much more this vector's cosines spread over the library than the text's alone would: the unit in which a match
   * is read grows with it.
   */
  readonly spread: number
  /** Standard deviation of this vector's cosines over the library. */
  readonly deviation: number
}

/**
 * One vector for a query of several parts: "this, but calmer", "jazz with more piano and less drums".
 *
 * In a joint space audio and text lie in two cones with a gap between them (Liang et al. 2022), and cosines among audio are
 * several times as large and as spread as cosines of text with audio: in a plain sum the audio vector says everything. So
 * each part counts by what it says about this library: its vector is divided by the standard deviation of its cosines with
 * a sample of the library's moments, so that "like this" and "calmer" move the order equally, and of a track's vector only
 * what sets it apart from the library's mean is taken. What there should be less of counts half: away from something is
 * nowhere in particular. A single text is left as it is.
 */
export function queryVector(
  { text, like, more = [], less }: QueryParts,
  sample: readonly Float32Array[],
): QueryVector {
  const dim = text.length
  const textSpread = spread(text, sample)
  if (!like && more.length === 0 && !less) return { vector: text, spread: 1, deviation: textSpread }
  const parts: [number, Float32Array][] = [[1 / textSpread, text]]
  if (like) {
    const centre = mean(sample, dim)
    const apart = Float32Array.from(like, (x, d) => x - centre[d])
    parts.push([1 / spread(apart, sample), apart])
  }
  for (const each of more) parts.push([1 / spread(each, sample), each])
  if (less) parts.push([-LESS_WEIGHT / spread(less, sample), less])
  const vector = normalised(combine(parts, dim))
  const deviation = spread(vector, sample)
  return { vector, spread: deviation / textSpread, deviation }
}

/** Standard deviation of a vector's dot products with a sample. */
function spread(vector: Float32Array, sample: readonly Float32Array[]): number {
  const products = sample.map((other) => dot(vector, other))
  const average = products.reduce((sum, x) => sum + x, 0) / Math.max(1, products.length)
  const variance = products.reduce((sum, x) => sum + (x - average) ** 2, 0) / Math.max(1, products.length)
  return Math.max(Math.sqrt(variance), MIN_SPREAD)
}
