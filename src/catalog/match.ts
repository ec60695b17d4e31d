/**
 * How well something fits, for people: 0 to 100 on a fixed curve over how far its cosine stands above the background, the
 * mean cosine that the library's moments have with the query. A percentile, or a score in the library's own deviations,
 * would call the best of anything excellent; here, nonsense stays low.
 */

/** Below this match, the best result does not fit well either. */
export const FITS_FROM = 42

/**
 * How far a text's cosine stands above the background, against the distance that a vector so far from the background can
 * rise at all, √(1 - background²): texts that all music answers ("house music") lie close to the background, and their
 * cosines differ less. So this compares across texts, too.
 */
export function standing(cosine: number, background: number): number {
  return (cosine - background) / Math.sqrt(Math.max(1 - background ** 2, 1e-6))
}

/**
 * Match of a text, read from its standing. The unit is the model's `matchScale`: one unit is a match of 76, half of it 46,
 * two 96.
 */
export function textMatch(cosine: number, background: number, matchScale: number): number {
  const units = standing(cosine, background) / matchScale
  return units <= 0 ? 0 : Math.round(100 * Math.tanh(units))
}

/** Match of audio with audio: the background is 0, the same audio 100, and between them it is a line. */
export function audioMatch(cosine: number, background: number): number {
  const share = (cosine - background) / Math.max(1 - background, 1e-3)
  return Math.round(100 * Math.min(1, Math.max(0, share)))
}

/** Deviations of the library's cosines that are one unit of a mixture's match. */
const MIXTURE_UNIT = 2.5

/**
 * Match of audio with a mixture of a track and words, on the same curve, in standard deviations of the library's cosines: a
 * track to start from always has something near it, and how near is a question of what else there is. One deviation is a
 * match of 38, two 66, three 83.
 */
export function mixtureMatch(cosine: number, background: number, deviation: number): number {
  const units = (cosine - background) / (MIXTURE_UNIT * deviation)
  return units <= 0 ? 0 : Math.round(100 * Math.tanh(units))
}
