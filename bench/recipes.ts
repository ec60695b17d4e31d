import { join } from 'node:path'
import { AntiphonError } from '../src/errors/index.js'
import { openModel } from '../src/model/node.js'
import type { Benchmark } from './benchmark.js'
import { figure, type Figure } from './figures.js'
import { poolOf, recipesWorld, tracksOf } from './recipes/made-world.js'
import { poolVectors } from './recipes/pool-vectors.js'
import type { MeasureContext, Pool, System, TrainedRun } from './recipes/system.js'
import { SYSTEMS } from './recipes/systems.js'
import { everyTag } from './recipes/tag-queries.js'
import { chanceOf } from './recipes/text-retrieval.js'
import { evaluated, finishedRun, type FinishedRun, type Retrieval } from './recipes/trained-run.js'
import { cacheDir } from './vectors.js'

const METRICS = ['R@1', 'R@5', 'R@10', 'median rank']
const POOL = 200
const LONGEST = 10 // minutes
const LONGEST_OF_ALL = 150

/**
 * Every recipe, its ablations included, trained on a made world and evaluated on 200 tracks of artists that it did not hear,
 * beside chance and beside the model that is shipped; and what makes each system itself. What is done is kept.
 */
export const recipesBenchmark: Benchmark = async ({ only, say }) => {
  const unknown = (only ?? []).filter((name) => !SYSTEMS.some((system) => system.name === name))
  if (unknown.length > 0)
    throw new AntiphonError(
      'usage',
      `--only ${unknown.join(',')} is no recipe (expected ${SYSTEMS.map(({ name }) => name).join(', ')})`,
    )
  const dir = join(cacheDir, 'recipes')
  const world = await recipesWorld(join(dir, 'world'), say)
  const trackOf = await tracksOf(world)
  const pool = await poolOf(world, trackOf)
  say('bridge: the shipped model …')
  const beside = { chance: chanceFor(pool), bridge: await evaluated('bridge', { world, say }) }
  const figures = figuresOf('bridge', beside.bridge, beside)
  const rows: [string, Retrieval, number?][] = Object.entries(beside)
  let total = 0
  for (const system of SYSTEMS) {
    if (only && !only.includes(system.name)) continue
    const runs: FinishedRun[] = []
    for (const variants of system.runs) {
      const run = await finishedRun(system.name, variants, { world, dir: join(dir, 'runs'), say })
      const { label, result } = run
      runs.push(run)
      total += result.minutes
      rows.push([label, result, result.minutes])
      figures.push(...figuresOf(label, result, beside), minutes(label, result.minutes, LONGEST))
    }
    figures.push(...(await measured(system, runs, { world, pool, trackOf, say })))
  }
  if (!only) figures.push(minutes('all runs', total, LONGEST_OF_ALL))
  say(`\n${overview(rows)}`)
  return figures
}

interface Beside {
  readonly chance: Retrieval
  readonly bridge: Retrieval
}

/** What an order by chance has; of captions, each of which asks for one track, but for a few. */
function chanceFor(pool: Pool): Retrieval {
  const recall = Object.fromEntries([1, 5, 10].map((k) => [`R@${k}`, k / POOL]))
  const captions = { ...recall, 'median rank': (POOL + 1) / 2 }
  return { captions, tagMap: chanceOf(everyTag(pool), pool).map }
}

function figuresOf(label: string, { captions, tagMap }: Retrieval, { chance, bridge }: Beside): Figure[] {
  const overChance = (of: Retrieval): number => of.captions['R@10'] / chance.captions['R@10']
  const besideChance = (metric: string, value: number, referenceValue: number): Figure =>
    figure({
      name: `${label} ${metric}`,
      value,
      unit: '',
      reference: 'chance',
      referenceValue,
      lowerIsBetter: metric === 'median rank',
    })
  return [
    ...METRICS.map((metric) => besideChance(metric, captions[metric], chance.captions[metric])),
    besideChance('tag mAP', tagMap, chance.tagMap),
    figure({
      name: `${label} R@10 over chance`,
      value: overChance({ captions, tagMap }),
      unit: '×',
      reference: 'bridge',
      referenceValue: overChance(bridge),
      lowerIsBetter: false,
    }),
  ]
}

const minutes = (label: string, value: number, most: number): Figure =>
  figure({
    name: `${label} minutes`,
    value,
    unit: 'min',
    reference: 'the most it may take',
    referenceValue: most,
  })

async function measured(
  { name, measure }: System,
  finished: readonly FinishedRun[],
  context: Omit<MeasureContext, 'runs'>,
): Promise<Figure[]> {
  if (!measure) return []
  context.say(`${name}: what makes it itself …`)
  const runs = new Map<string, TrainedRun>()
  try {
    for (const run of finished) runs.set(run.variants.join('+'), await opened(run, context.pool))
    return await measure({ ...context, runs })
  } finally {
    for (const { model } of runs.values()) await model.close()
  }
}

async function opened({ label, modelDir, runDir, recipe }: FinishedRun, pool: Pool): Promise<TrainedRun> {
  const model = await openModel(modelDir)
  return { label, modelDir, runDir, recipe, model, vectors: await poolVectors(model, pool) }
}

/** A line a model. */
function overview(rows: readonly (readonly [string, Retrieval, number?])[]): string {
  const width = Math.max(...rows.map(([label]) => label.length))
  const cells = (label: string, values: readonly string[]): string =>
    `${label.padEnd(width)}  ${values.map((value) => value.padStart(11)).join('')}`
  return [
    cells('', [...METRICS, 'tag mAP', 'minutes']),
    ...rows.map(([label, { captions, tagMap }, minutes]) =>
      cells(label, [
        ...METRICS.map((metric) => captions[metric].toFixed(metric === 'median rank' ? 1 : 3)),
        tagMap.toFixed(3),
        minutes?.toFixed(1) ?? '',
      ]),
    ),
  ].join('\n')
}
