import {
  answersFromLists,
  compare,
  intervals,
  scoreQueries,
  type QueryScores,
  type Vectors,
} from '../src/evaluate/index.js'
import { nodeRuntime } from '../src/graph/node.js'
import type { OnnxRuntime } from '../src/graph/index.js'
import type { Benchmark } from './benchmark.js'
import { figure, type Figure } from './figures.js'
import { Random } from './random.js'

const TRACKS = 500
const CAPTIONS = 2 // of a track
const DIM = 32
const RUNS = 1000
const METRICS = ['R@10', 'mAP']
// Shares of a caption's vector, in variance, beside its track's own 1: at these R@10 is about 0.55.
const SHARED_NOISE = 4 // by both captions of a track: it is hard or easy to describe, so they aren't independent
const OWN_NOISE = 2
const EDGE = 0.94 // of the noise: a model that is better by a little
const LEVEL = 0.05 // at which two models count as different

/**
 * Do 95 % intervals hold the truth in 95 % of runs, and are models told apart that differ, and only those? Simulated:
 * each run draws tracks, and captions that lie around them; the truth is the mean over all runs.
 */
export const intervalsBenchmark: Benchmark = async ({ repeats = RUNS, say }) => {
  const runtime = await nodeRuntime()
  const track = Int32Array.from({ length: TRACKS * CAPTIONS }, (_, query) => Math.floor(query / CAPTIONS))
  const random = new Random(16)
  const found: { byTrack: Intervals; byQuery: Intervals }[] = []
  const p: { alike: number[]; better: number[] } = { alike: [], better: [] }
  for (let run = 0; run < repeats; run++) {
    const { a, b, better } = await simulate(random, runtime)
    const options = { seed: run, metrics: METRICS }
    found.push({
      byTrack: intervals(a, { ...options, groups: track }),
      byQuery: intervals(a, options),
    })
    const test = { ...options, groups: track, samples: 1, permutations: 1000, metrics: ['mAP'] }
    p.alike.push(compare(a, b, test).mAP.p)
    p.better.push(compare(a, better, test).mAP.p)
    if ((run + 1) % 100 === 0) say(`${run + 1} of ${repeats} runs`)
  }
  const shareOf = (flags: readonly boolean[]) => flags.filter(Boolean).length / flags.length
  const share = (
    name: string,
    flags: readonly boolean[],
    reference?: string,
    referenceValue?: number,
  ): Figure =>
    figure({ name, value: shareOf(flags), unit: '', reference, referenceValue, lowerIsBetter: false })
  const coverage = METRICS.flatMap((metric) => {
    const truth = found.reduce((sum, { byTrack }) => sum + byTrack[metric].value, 0) / found.length
    say(`${metric} is ${truth.toFixed(4)}`)
    const holds = (of: 'byTrack' | 'byQuery') =>
      found.map((each) => each[of][metric].low <= truth && truth <= each[of][metric].high)
    return [
      share(
        `coverage ${metric}`,
        holds('byTrack'),
        'captions resampled one by one',
        shareOf(holds('byQuery')),
      ),
    ]
  })
  return [
    ...coverage,
    share(
      'power mAP',
      p.better.map((each) => each <= LEVEL),
    ),
    figure({ name: 'false finds mAP', value: shareOf(p.alike.map((each) => each <= LEVEL)), unit: '' }),
  ]
}

type Intervals = ReturnType<typeof intervals>

/** Three models on the same tracks: two that are alike, and one that is a little better. */
async function simulate(
  random: Random,
  runtime: OnnxRuntime,
): Promise<{ a: QueryScores; b: QueryScores; better: QueryScores }> {
  const tracks = random.normals(TRACKS * DIM)
  const shared = random.normals(TRACKS * DIM)
  const model = (noise: number) => {
    const own = random.normals(TRACKS * CAPTIONS * DIM)
    const captions = own.map((value, at) => {
      const of = Math.floor(at / DIM / CAPTIONS) * DIM + (at % DIM)
      const around = Math.sqrt(SHARED_NOISE) * shared[of] + Math.sqrt(OWN_NOISE) * value
      return tracks[of] + Math.sqrt(noise) * around
    })
    return scoreQueries({
      queries: unitRows(captions),
      items: unitRows(tracks),
      answers: answersFromLists(
        Array.from({ length: TRACKS * CAPTIONS }, (_, query) => [Math.floor(query / CAPTIONS)]),
        TRACKS,
      ),
      ks: [10],
      runtime,
    })
  }
  return { a: await model(1), b: await model(1), better: await model(EDGE) }
}

function unitRows(values: Float32Array): Vectors {
  const data = values.slice()
  for (let row = 0; row < data.length; row += DIM) {
    const own = data.subarray(row, row + DIM)
    const length = Math.hypot(...own)
    for (let i = 0; i < DIM; i++) own[i] /= length
  }
  return { count: data.length / DIM, dim: DIM, data }
}
