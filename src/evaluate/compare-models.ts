import type { Words } from '../text/index.js'
import { bounded } from './bounded.js'
import { compareSubsets, largestDifferences, type Subset } from './compare-queries.js'
import { compare, comparePaired } from './compare.js'
import type { Embedded } from './embedded.js'
import { intervals } from './intervals.js'
import { judge, type Judged } from './judge.js'
import { metricsOf } from './metric.js'
import type { Direction, Protocol } from './protocol.js'
import { queryGroups } from './query-groups.js'
import { reportedDifference, type ComparedResult, type Comparison, type Versus } from './report/comparison.js'
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

/** What says who wins where, by task: one figure in one direction. */
const DECISIVE = {
  retrieval: { direction: 'text-to-audio', metric: 'MRR' },
  tagging: { direction: 'text-to-audio', metric: 'mAP' },
  classification: { direction: 'audio-to-text', metric: 'R@1' },
} as const

/**
 * Measures models on the same queries and pool, and compares each with the first.
 * @throws AntiphonError `interrupted`, `failed`
 */
export async function compareModels(
  options: CompareModelsOptions,
): Promise<Pick<Comparison, 'results' | 'versus'>> {
  const { protocol, models } = options
  const { direction: decisive, metric } = DECISIVE[protocol.task]
  const found = await retrieveAll(decisive, options)
  const versus = found
    .slice(1)
    .map((other, i) => versusOf(found[0], other, { ...options, metric, name: models[i + 1].name }))
  if (protocol.task !== 'retrieval') return { results: [await judgedResult(options)], versus }
  const results: ComparedResult[] = []
  for (const direction of protocol.directions)
    results.push(
      retrievedResult(direction === decisive ? found : await retrieveAll(direction, options), options),
    )
  return { results, versus }
}

async function retrieveAll(direction: Direction, options: CompareModelsOptions): Promise<Retrieved[]> {
  const { set, protocol, models } = options
  const retrieved: Retrieved[] = []
  for (const { embedded } of models)
    retrieved.push(await retrieve(direction, { set, protocol, embedded }, options))
  return retrieved
}

function retrievedResult(
  retrieved: readonly Retrieved[],
  { protocol, samples, seed, permutations }: CompareModelsOptions,
): ComparedResult {
  const [{ direction, scores, groups }, ...others] = retrieved
  const sampling = { groups, samples, seed }
  const alone = retrieved.map((each) => intervals(each.scores, sampling))
  const compared = others.map((other) =>
    compare(scores, other.scores, { ...sampling, permutations, metrics: protocol.metrics }),
  )
  const better = new Map(metricsOf(scores).map(({ name, higherIsBetter }) => [name, higherIsBetter]))
  return {
    title: null,
    direction,
    queries: scores.query.length,
    items: scores.items,
    figures: protocol.metrics.map((metric) => ({
      metric,
      higherIsBetter: better.get(metric)!,
      n: scores.query.length,
      models: alone.map((found) => bounded(found[metric])),
      differences: compared.map((found) => reportedDifference(found[metric])),
    })),
  }
}

async function judgedResult(options: CompareModelsOptions): Promise<ComparedResult> {
  const { set, protocol, models, samples, seed, permutations } = options
  const judged: Judged[] = []
  for (const { embedded } of models) judged.push(await judge({ ...options, embedded }))
  const [first, ...others] = judged
  const compared = others.map((other) =>
    comparePaired(
      first.metrics.map((a, i) => ({ a, b: other.metrics[i] })),
      first.groups,
      { samples, seed, permutations },
    ),
  )
  return {
    title: null,
    direction: null,
    queries: set.queries.length,
    items: set.items.length,
    figures: protocol.metrics.map((metric) => ({
      metric,
      higherIsBetter: true,
      n: first.metrics[0].values.length,
      models: judged.map(({ figures }) => bounded(figures[metric])),
      differences: compared.map((found) => reportedDifference(found[metric])),
    })),
  }
}

function versusOf(
  first: Retrieved,
  other: Retrieved,
  options: CompareModelsOptions & { metric: string; name: string },
): Versus {
  const { metric, name, samples, seed, permutations } = options
  const { groups, direction } = first
  const { subsets, nameOf } = subsetsOf(direction, options)
  const { gains, losses } = largestDifferences(first.scores, other.scores, { metric, count: QUERIES_SHOWN })
  const rankOf = ({ scores }: Retrieved, query: number): number => scores.rank[scores.query.indexOf(query)]
  const told = (found: typeof gains) =>
    found.map(({ query }) => ({
      query: nameOf(query),
      first: rankOf(first, query),
      other: rankOf(other, query),
    }))
  const bySubset = compareSubsets(first.scores, other.scores, {
    subsets,
    metric,
    groups,
    samples,
    seed,
    permutations,
  })
  return {
    model: name,
    direction,
    metric,
    groups: bySubset.map((found) => ({
      group: found.name,
      queries: found.queries,
      first: found.a,
      other: found.b,
      ...reportedDifference(found),
    })),
    gains: told(gains),
    losses: told(losses),
  }
}

/** Texts by what they speak of; tracks by their class. */
function subsetsOf(
  direction: Direction,
  { set, words }: CompareModelsOptions,
): { subsets: Subset[]; nameOf: (query: number) => string } {
  const texts = set.queries.map(({ text }) => text)
  if (direction === 'text-to-audio')
    return { subsets: queryGroups(texts, words), nameOf: (query) => texts[query] }
  return {
    subsets: set.queries.map(({ text, answers }) => ({ name: text, queries: Int32Array.from(answers) })),
    nameOf: (item) => set.items[item].id,
  }
}
