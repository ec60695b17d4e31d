import { captionFromTags, type Word } from '../../text/index.js'
import { attributeQueries } from './attributes.js'
import { captionQueries } from './captions.js'
import type { ProbeMaterial, ProbePlan } from './figure.js'
import { variantPlan } from './variant-plan.js'

const ATTRIBUTES = 3
const VARIANTS = 3
/** Of captions that the grammar writes, some leave an attribute out. */
const DRAFTS = 12

/** The same in other words: synonyms of the tables in captions, and attributes said in other sentences of the grammar. */
export function paraphrase({ subjects, tables, random }: ProbeMaterial): ProbePlan {
  const synonyms = captionQueries(subjects).map((query) => ({
    ...query,
    variants: Array.from({ length: VARIANTS }, () => tables.synonyms.replace(query.text, 1, random)),
  }))
  const sentences = attributeQueries(subjects, ATTRIBUTES, random).map(
    ({ attributes, text, answers, group }) => {
      const tags = attributes.map(({ name }) => name)
      const drafts = Array.from({ length: DRAFTS }, () =>
        captionFromTags(tags, random, { words: tables.words, share: 1 }),
      )
      const variants = drafts.filter(
        (draft) => draft !== undefined && attributes.every((word) => says(draft, word)),
      )
      return { text, variants: (variants as string[]).slice(0, VARIANTS), answers, group }
    },
  )
  return variantPlan([
    { label: 'synonyms', asked: synonyms },
    { label: 'other sentences', asked: sentences },
  ])
}

/** Whether a text has a word in one of its forms. */
export function says(text: string, { name, adjective, noun, work, plural }: Word): boolean {
  const lower = text.toLowerCase()
  return [name, adjective, noun, work, plural].some((form) => form && lower.includes(form.toLowerCase()))
}
