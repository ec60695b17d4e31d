import type { Metric } from './metric.js'
import type { Groups } from './resample.js'

/** Figures by groups of queries, summed once, so that a resample costs a pass over groups and not over queries. */
export class GroupedMetrics {
  readonly metrics: readonly Metric[]
  /** Queries of each group. */
  readonly #sizes: Int32Array
  readonly #means: readonly { readonly at: number; readonly sums: Float64Array }[]
  readonly #medians: readonly {
    readonly at: number
    readonly ascending: Float64Array
    readonly group: Int32Array
  }[]

  constructor(metrics: readonly Metric[], groups: Groups) {
    this.metrics = metrics
    this.#sizes = new Int32Array(groups.count)
    for (const group of groups.of) this.#sizes[group]++
    const places = metrics.map((metric, at) => ({ metric, at }))
    this.#means = places
      .filter(({ metric }) => metric.average === 'mean')
      .map(({ metric, at }) => ({ at, sums: sumByGroup(metric.values, groups) }))
    this.#medians = places
      .filter(({ metric }) => metric.average === 'median')
      .map(({ metric: { values }, at }) => {
        const order = values.map((_, query) => query).sort((a, b) => values[a] - values[b])
        return {
          at,
          ascending: order.map((query) => values[query]),
          group: Int32Array.from(order, (query) => groups.of[query]),
        }
      })
  }

  /** All figures of a sample, given how often each group is in it. */
  values(weights: Int32Array, into: Float64Array): void {
    let total = 0
    for (let group = 0; group < weights.length; group++) total += weights[group] * this.#sizes[group]
    for (const { at, sums } of this.#means) {
      let sum = 0
      for (let group = 0; group < weights.length; group++) sum += weights[group] * sums[group]
      into[at] = sum / total
    }
    for (const { at, ascending, group } of this.#medians) {
      // The queries of the middle: one and the same for an odd number.
      const [lower, upper] = [Math.ceil(total / 2), Math.floor(total / 2) + 1]
      let [seen, place] = [0, -1]
      while (seen < lower) seen += weights[group[++place]]
      const low = ascending[place]
      while (seen < upper) seen += weights[group[++place]]
      into[at] = (low + ascending[place]) / 2
    }
  }
}

/** A figure's sum over the queries of each group. */
export function sumByGroup(values: Float64Array, groups: Groups): Float64Array {
  const sums = new Float64Array(groups.count)
  values.forEach((value, query) => {
    sums[groups.of[query]] += value
  })
  return sums
}
