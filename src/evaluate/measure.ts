import { answersFromLists } from './answers.js'
import { bounded, finite } from './bounded.js'
import type { Embedded } from './embedded.js'
import { examplesOf } from './examples.js'
import { intervals } from './intervals.js'
import { judge } from './judge.js'
import { metricsOf } from './metric.js'
import type { Protocol } from './protocol.js'
import { rankBins } from './report/ranks.js'
import type { HubnessFigures, Report, Result, SpaceFigures } from './report/report.js'
import { retrieve, type MeasureEngine, type Retrieved } from './retrieve.js'
import { spaceScores, type Hubness } from './space.js'
import type { TestSet } from './test-set.js'

export interface MeasureOptions extends MeasureEngine {
  readonly set: TestSet
  readonly protocol: Protocol
  readonly embedded: Embedded
  /** Bootstrap samples. @default 2000 */
  readonly samples?: number
  /** @default 0 */
  readonly seed?: number
}

/** The part of a report that is measured. */
export type Measured = Pick<Report, 'results' | 'tags' | 'confusion' | 'space' | 'examples'>

/**
 * Measures as the protocol says.
 * @throws AntiphonError `interrupted`, `failed`
 */
export async function measure(options: MeasureOptions): Promise<Measured> {
  const { set, protocol, embedded } = options
  const forth = await retrieve('text-to-audio', options, options)
  const examples = examplesOf(set, embedded, forth.scores)
  const space = await spaceOf(options)
  if (protocol.task !== 'retrieval') return { ...(await judged(options)), space, examples }
  const results: Result[] = []
  for (const direction of protocol.directions)
    results.push(
      resultOf(direction === 'text-to-audio' ? forth : await retrieve(direction, options, options), options),
    )
  return { results, tags: null, confusion: null, space, examples }
}

async function judged(options: MeasureOptions): Promise<Pick<Measured, 'results' | 'tags' | 'confusion'>> {
  const { figures, metrics, tags, confusion } = await judge(options)
  const n = metrics[0].values.length
  const result: Result = {
    title: null,
    direction: null,
    queries: options.set.queries.length,
    items: options.set.items.length,
    figures: options.protocol.metrics.map((metric) => ({
      metric,
      ...bounded(figures[metric]),
      n,
      higherIsBetter: true,
    })),
    ranks: [],
  }
  return { results: [result], tags, confusion }
}

function resultOf(
  { direction, scores, groups }: Retrieved,
  { protocol, samples, seed }: MeasureOptions,
): Result {
  const found = intervals(scores, { groups, samples, seed })
  const better = new Map(metricsOf(scores).map(({ name, higherIsBetter }) => [name, higherIsBetter]))
  return {
    title: null,
    direction,
    queries: scores.query.length,
    items: scores.items,
    figures: protocol.metrics.map((metric) => ({
      metric,
      ...bounded(found[metric]),
      n: scores.query.length,
      higherIsBetter: better.get(metric)!,
    })),
    ranks: rankBins(scores.rank, scores.items),
  }
}

/** Of items that are a vector each. */
async function spaceOf({
  set,
  embedded,
  runtime,
  engine,
  seed,
}: MeasureOptions): Promise<SpaceFigures | null> {
  if (embedded.offsets) return null
  const { items: audio, queries: text } = embedded
  const pairs = answersFromLists(
    set.queries.map(({ answers }) => answers),
    set.items.length,
  )
  const found = await spaceScores({ audio, text, pairs, runtime, engine, seed })
  const told = ({ k, skew, never, hub, hubQueries }: Hubness, names: readonly string[]): HubnessFigures => ({
    k,
    skew: finite(skew),
    never,
    hub: names[hub],
    hubQueries,
  })
  return {
    alignment: found.alignment,
    uniformity: { audio: finite(found.audioUniformity), text: finite(found.textUniformity) },
    modalityGap: found.modalityGap,
    hubness: {
      audio: told(
        found.audioHubness,
        set.items.map(({ id }) => id),
      ),
      text: told(
        found.textHubness,
        set.queries.map((query) => query.text),
      ),
    },
  }
}
