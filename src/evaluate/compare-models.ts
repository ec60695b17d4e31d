import type { Words } from '../text/index.js'
import { compareSubsets, largestDifferences } from './compare-queries.js'
import { compare, type Difference } from './compare.js'
import type { Embedded } from './embedded.js'
import { intervals } from './intervals.js'
import { bounded } from './measure.js'
import { metricsOf } from './metric.js'
import type { Protocol } from './protocol.js'
import { queryGroups } from './query-groups.js'
import type { ComparedResult, Comparison, ReportedDifference, Versus } from './report/comparison.js'
import { retrieve, type MeasureEngine, type Retrieved } from './retrieve.js'
import type { TestSet } from './test-set.js'

export interface CompareModelsOptions extends MeasureEngine {
  readonly set: TestSet
  readonly protocol: Protocol
  /** At least two, the first of which the others are compared with. */
  readonly models: readonly { readonly name: string; readonly embedded: Embedded }[]
  /** Of the bootstrap. @default 2000 */
  readonly samples?: number
  /** Of the test. @default 10000 */
  readonly permutations?: number
  /** @default 0 */
  readonly seed?: number
  /** What queries speak of is told by these. */
  readonly words: Words
}

const QUERIES_SHOWN = 5

/**
 * Measures models on the same queries and pool, and compares each with the first.
 * @throws AntiphonError `interrupted`, `failed`
 */
export async function compareModels(
  options: CompareModelsOptions,
): Promise<Pick<Comparison, 'results' | 'versus'>> {
  const { set, protocol, models, words } = options
  const results: ComparedResult[] = []
  let versus: Versus[] = []
  for (const direction of protocol.directions) {
    const retrieved: Retrieved[] = []
    for (const { embedded } of models)
      retrieved.push(await retrieve(direction, { set, protocol, embedded }, options))
    results.push(resultOf(retrieved, options))
    if (direction !== 'text-to-audio') continue
    const subsets = queryGroups(
      set.queries.map(({ text }) => text),
      words,
    )
    versus = retrieved
      .slice(1)
      .map((other, i) => versusOf(retrieved[0], other, { ...options, subsets, name: models[i + 1].name }))
  }
  return { results, versus }
}

function resultOf(
  retrieved: readonly Retrieved[],
  { protocol, ...options }: CompareModelsOptions,
): ComparedResult {
  const [{ direction, scores, groups }, ...others] = retrieved
  const sampling = { groups, samples: options.samples, seed: options.seed }
  const alone = retrieved.map((each) => intervals(each.scores, sampling))
  const { permutations } = options
  const compared = others.map((other) =>
    compare(scores, other.scores, { ...sampling, permutations, metrics: protocol.metrics }),
  )
  const better = new Map(metricsOf(scores).map(({ name, higherIsBetter }) => [name, higherIsBetter]))
  return {
    direction,
    queries: scores.query.length,
    items: scores.items,
    figures: protocol.metrics.map((metric) => ({
      metric,
      higherIsBetter: better.get(metric)!,
      n: scores.query.length,
      models: alone.map((found) => bounded(found[metric])),
      differences: compared.map((found) => differenceOf(found[metric])),
    })),
  }
}

function versusOf(
  first: Retrieved,
  other: Retrieved,
  {
    set,
    subsets,
    name,
    samples,
    seed,
    permutations,
  }: CompareModelsOptions & { subsets: Parameters<typeof compareSubsets>[2]['subsets']; name: string },
): Versus {
  const metric = 'MRR'
  const { groups } = first
  const { gains, losses } = largestDifferences(first.scores, other.scores, { metric, count: QUERIES_SHOWN })
  const rankOf = ({ scores }: Retrieved, query: number): number => scores.rank[scores.query.indexOf(query)]
  const told = (found: typeof gains) =>
    found.map(({ query }) => ({
      query: set.queries[query].text,
      first: rankOf(first, query),
      other: rankOf(other, query),
    }))
  return {
    model: name,
    metric,
    groups: compareSubsets(first.scores, other.scores, {
      subsets,
      metric,
      groups,
      samples,
      seed,
      permutations,
    }).map((found) => ({
      group: found.name,
      queries: found.queries,
      first: found.a,
      other: found.b,
      ...differenceOf(found),
    })),
    gains: told(gains),
    losses: told(losses),
  }
}

function differenceOf({ difference, low, high, p, adjusted }: Difference): ReportedDifference {
  const { value, ...bounds } = bounded({ value: difference, low, high })
  return {
    difference: value,
    ...bounds,
    p: Number.isFinite(p) ? p : null,
    adjusted: Number.isFinite(adjusted) ? adjusted : null,
  }
}
