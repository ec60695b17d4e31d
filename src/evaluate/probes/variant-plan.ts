import type { ProbePlan } from './figure.js'
import { textsOf, variantFigures, type Asked } from './variants.js'

/** A probe that asks the same otherwise, by the label of each way. Queries that a way leaves as they are don't count. */
export function variantPlan(
  ways: readonly { readonly label: string; readonly asked: readonly Asked[] }[],
): ProbePlan {
  const kept = ways.map(({ label, asked }) => ({
    label,
    asked: asked
      .map((each) => ({
        ...each,
        variants: [...new Set(each.variants)].filter((variant) => variant !== each.text),
      }))
      .filter(({ variants }) => variants.length > 0),
  }))
  return {
    texts: kept.flatMap(({ asked }) => textsOf(asked)),
    changes: [],
    figures: (scores) => kept.flatMap(({ label, asked }) => variantFigures(label, asked, scores)),
  }
}
