import { attributeQueries } from './attributes.js'
import type { ProbeMaterial, ProbePlan } from './figure.js'
import { variantPlan } from './variant-plan.js'

export interface PromptsOptions {
  /** Ways of asking, each with one {} where the query goes; the query alone is what they are compared with. */
  readonly templates: readonly string[]
}

const ATTRIBUTES = 2

/** The same query in several templates. */
export function prompts({ subjects, random }: ProbeMaterial, { templates }: PromptsOptions): ProbePlan {
  const asked = attributeQueries(subjects, ATTRIBUTES, random).map((query) => ({
    ...query,
    variants: templates.map((template) => template.replace('{}', () => query.text)),
  }))
  return variantPlan([{ label: `${templates.length} prompts`, asked }])
}
