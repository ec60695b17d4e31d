import type { AudioChange } from '../../audio/index.js'
import type { Random } from '../../random/index.js'
import type { Tables } from '../../text/index.js'
import type { Metric } from '../metric.js'
import { bounded } from '../bounded.js'
import { GroupedMetrics } from '../grouped-metrics.js'
import { groupsOf, percentileInterval, resample } from '../resample.js'
import { valueOf } from '../metric.js'
import type { Estimate } from '../report/report.js'
import type { LanguageTable } from './language-table.js'
import type { ProbeScores } from './scores.js'
import type { Subject } from './subject.js'

/** What a probe is made from. */
export interface ProbeMaterial {
  readonly subjects: readonly Subject[]
  readonly tables: Tables
  readonly languages: LanguageTable
  readonly random: Random
}

/** A probe with its texts and changes made, before anything is heard or read. */
export interface ProbePlan {
  /** Texts that a model is to read. */
  readonly texts: readonly string[]
  /** Done to every piece that a model is to hear. */
  readonly changes: readonly AudioChange[]
  /** What is found, given vectors of all of these. */
  readonly figures: (scores: ProbeScores) => Figure[]
}

/** A figure over cases. */
export interface Figure extends Metric {
  /** By case: those of one group (a track, an attribute) are resampled together. */
  readonly groups: Int32Array
}

/** A mean over cases; undefined where there are none. */
export function meanFigure(
  name: string,
  cases: readonly { readonly value: number; readonly group: number }[],
  { higherIsBetter = true }: { higherIsBetter?: boolean } = {},
): Figure[] {
  if (cases.length === 0) return []
  return [
    {
      name,
      values: Float64Array.from(cases, ({ value }) => value),
      groups: Int32Array.from(cases, ({ group }) => group),
      average: 'mean',
      higherIsBetter,
    },
  ]
}

/** Figures with their bootstrap intervals. */
export function estimates(
  figures: readonly Figure[],
  { samples, seed }: { readonly samples: number; readonly seed: number },
): Estimate[] {
  return figures.map((figure) => {
    const { name, values, groups, higherIsBetter } = figure
    const each = Int32Array.from(values, (_, at) => at)
    const of = groupsOf(each, values.length, groups)
    const sampled = new Float64Array(samples).fill(NaN)
    if (of.count > 1) {
      const grouped = new GroupedMetrics([figure], of)
      const value = new Float64Array(1)
      resample(of.count, { samples, seed }, (weights, sample) => {
        grouped.values(weights, value)
        sampled[sample] = value[0]
      })
    }
    const interval = bounded({ value: valueOf(figure), ...percentileInterval(sampled) })
    return { metric: name, ...interval, n: values.length, higherIsBetter }
  })
}
