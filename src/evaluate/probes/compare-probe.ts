import { comparePaired, holm } from '../compare.js'
import { groupsOf } from '../resample.js'
import { reportedDifference, type ComparedResult } from '../report/comparison.js'
import { estimates, type Figure, type ProbePlan } from './figure.js'
import { figuresOf } from './probe.js'
import type { ProbeScores } from './scores.js'
import type { ProbeSpec } from './spec.js'

/**
 * The figures of a probe with several models, and what each is more or less than with the first. Cases are made from what is known of the
 * pieces, so they are the same for all models, and each is compared with itself.
 * @param scores by model, the first of which the others are compared with
 * @throws AntiphonError `usage` where the data say too little for a single case
 */
export function compareProbe(
  spec: ProbeSpec,
  plan: ProbePlan,
  {
    scores,
    items,
    samples,
    permutations,
    seed,
  }: {
    readonly scores: readonly ProbeScores[]
    readonly items: number
    readonly samples: number
    readonly permutations: number
    readonly seed: number
  },
): ComparedResult {
  const models = scores.map((each) => figuresOf(spec, plan, { scores: each, items }))
  const alone = models.map((figures) => estimates(figures, { samples, seed }))
  const [first, ...others] = models
  const compared = others.map((figures) => {
    const found = figures.map((b, at) => pair(first[at], b, { samples, permutations, seed }))
    const adjusted = holm(found.map(({ p }) => p))
    return found.map((each, at) => reportedDifference({ ...each, adjusted: adjusted[at] }))
  })
  return {
    title: spec.title ?? null,
    direction: null,
    queries: new Set(plan.texts).size,
    items,
    figures: first.map(({ name, values, higherIsBetter }, at) => ({
      metric: name,
      higherIsBetter,
      n: values.length,
      models: alone.map((found) => {
        const { value, low, high } = found[at]
        return { value, low, high }
      }),
      differences: compared.map((found) => found[at]),
    })),
  }
}

/** Figures of one probe are over cases of their own each. */
function pair(a: Figure, b: Figure, options: { samples: number; permutations: number; seed: number }) {
  const each = Int32Array.from(a.values, (_, at) => at)
  return comparePaired([{ a, b }], groupsOf(each, each.length, a.groups), options)[a.name]
}
