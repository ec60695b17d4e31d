import { MSD_PRIOR, MTT_PRIOR, type TagPrior } from './tag-prior.js'

/**
 * How `bridge` turns the taggers' probabilities into a vector: measured choices, in one place.
 *
 *     vector = normalise( Σ_tag  p(tag) / √prior(tag) · mean over prompts of text(prompt(tag)) )
 *
 * after ConSE (Norouzi et al. 2013), which has neither prompts nor prior. The sum stays one linear layer.
 */
export interface Weighting {
  /** First frames of the patches of 187 frames that are heard in the 626 frames of a chunk of 10 s. */
  readonly patchStarts: readonly number[]
  /** What the text tower reads for a tag. */
  readonly prompts: readonly ((tag: string) => string)[]
  /** How probable each tag is in general: a tag says more the rarer it is. */
  readonly priors: { readonly msd: TagPrior; readonly mtt: TagPrior }
}

export const WEIGHTING: Weighting = {
  // Three patches of 3 s spread evenly hear 9 of the 10 s; each costs as much as the next.
  patchStarts: [0, 219, 439],
  // A bare "house" or "pop" is read as the everyday word; the mean of several sentences is steadier than any one
  // (as in CLIP, Radford et al. 2021).
  prompts: [(tag) => tag, (tag) => `${tag} music`, (tag) => `this is ${tag} music`, (tag) => `a ${tag} song`],
  priors: { msd: MSD_PRIOR, mtt: MTT_PRIOR },
}
