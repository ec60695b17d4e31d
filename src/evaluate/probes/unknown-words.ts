import type { Random } from '../../random/index.js'
import { attributeQueries } from './attributes.js'
import type { ProbeMaterial, ProbePlan } from './figure.js'
import { variantPlan } from './variant-plan.js'

const ATTRIBUTES = 3
const VARIANTS = 3
const ONSETS = ['b', 'br', 'd', 'dr', 'fl', 'g', 'gl', 'k', 'kr', 'pl', 'sn', 'sk', 't', 'tr', 'v', 'z']
const VOWELS = ['a', 'e', 'i', 'o', 'u', 'oo']
const CODAS = ['b', 'g', 'k', 'lm', 'nd', 'nk', 'p', 'rf', 'rv', 'sk', 'x', 'z']

/** Queries with a word in them that there is not. */
export function unknownWords({ subjects, random }: ProbeMaterial): ProbePlan {
  const queries = attributeQueries(subjects, ATTRIBUTES, random)
  const added = (place: (text: string, word: string) => string) =>
    queries.map((query) => ({
      ...query,
      variants: Array.from({ length: VARIANTS }, () => place(query.text, madeUpWord(random))),
    }))
  return variantPlan([
    { label: 'a made-up word before', asked: added((text, word) => `${word} ${text}`) },
    { label: 'a made-up word behind', asked: added((text, word) => `${text} and ${word}`) },
  ])
}

/** Two syllables that an English speaker could say. */
export function madeUpWord(random: Random): string {
  const syllable = (): string => random.pick(ONSETS) + random.pick(VOWELS) + random.pick(CODAS)
  return syllable() + syllable()
}
