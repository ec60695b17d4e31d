import { join } from 'node:path'
import { AntiphonError } from '../src/errors/index.js'
import { openModel } from '../src/model/node.js'
import type { Benchmark } from './benchmark.js'
import { figure, type Figure } from './figures.js'
import { poolOf, recipesWorld, tracksOf } from './recipes/made-world.js'
import { poolVectors } from './recipes/pool-vectors.js'
import type { MeasureContext, Pool, System, TrainedRun } from './recipes/system.js'
import { SYSTEMS } from './recipes/systems.js'
import { evaluated, finishedRun, type FinishedRun, type Retrieval } from './recipes/trained-run.js'
import { cacheDir } from './vectors.js'

const METRICS = ['R@1', 'R@5', 'R@10', 'median rank']
const POOL = 200
const CHANCE = 10 / POOL

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
  const bridge = await evaluated('bridge', { world, say })
  const figures = figuresOf('bridge', bridge)
  const rows: [string, Retrieval, number?][] = [['bridge', bridge]]
  for (const system of SYSTEMS) {
    if (only && !only.includes(system.name)) continue
    const runs: FinishedRun[] = []
    for (const variants of system.runs) {
      const run = await finishedRun(system.name, variants, { world, dir: join(dir, 'runs'), say })
      runs.push(run)
      rows.push([run.label, run.result, run.result.minutes])
      figures.push(...figuresOf(run.label, run.result))
      figures.push(figure({ name: `${run.label} minutes`, value: run.result.minutes, unit: 'min' }))
    }
    figures.push(...(await measured(system, runs, { world, pool, trackOf, say })))
  }
  say(`\n${overview(rows)}`)
  return figures
}

function figuresOf(label: string, { captions, tagMap }: Retrieval): Figure[] {
  return [
    ...METRICS.map((metric) =>
      figure({
        name: `${label} ${metric}`,
        value: captions[metric],
        unit: '',
        lowerIsBetter: metric === 'median rank',
      }),
    ),
    figure({ name: `${label} tag mAP`, value: tagMap, unit: '', lowerIsBetter: false }),
    figure({
      name: `${label} R@10 over chance`,
      value: captions['R@10'] / CHANCE,
      unit: '×',
      lowerIsBetter: false,
    }),
  ]
}

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

async function opened({ modelDir, runDir, recipe }: FinishedRun, pool: Pool): Promise<TrainedRun> {
  const model = await openModel(modelDir)
  return { modelDir, runDir, recipe, model, vectors: await poolVectors(model, pool) }
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
