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

const POOL = 200
const LONGEST = 10 // minutes

/** What an order by chance has. */
const CHANCE: Readonly<Record<string, number>> = {
  'R@1': 1 / POOL,
  'R@5': 5 / POOL,
  'R@10': 10 / POOL,
  'median rank': (POOL + 1) / 2,
}
const METRICS = Object.keys(CHANCE)

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
  const figures = figuresOf('bridge', bridge, bridge)
  const rows: [string, Retrieval, number?][] = [['bridge', bridge]]
  for (const system of SYSTEMS) {
    if (only && !only.includes(system.name)) continue
    const runs: FinishedRun[] = []
    for (const variants of system.runs) {
      const run = await finishedRun(system.name, variants, { world, dir: join(dir, 'runs'), say })
      runs.push(run)
      rows.push([run.label, run.result, run.result.minutes])
      figures.push(...figuresOf(run.label, run.result, bridge))
      figures.push(
        figure({
          name: `${run.label} minutes`,
          value: run.result.minutes,
          unit: 'min',
          reference: 'the most it may take',
          referenceValue: LONGEST,
        }),
      )
    }
    figures.push(...(await measured(system, runs, { world, pool, trackOf, say })))
  }
  say(`\n${overview(rows)}`)
  return figures
}

function figuresOf(label: string, { captions, tagMap }: Retrieval, bridge: Retrieval): Figure[] {
  return [
    ...METRICS.map((metric) =>
      figure({
        name: `${label} ${metric}`,
        value: captions[metric],
        unit: '',
        reference: 'chance',
        referenceValue: CHANCE[metric],
        lowerIsBetter: metric === 'median rank',
      }),
    ),
    ...(
      [
        ['tag mAP', tagMap, bridge.tagMap, ''],
        [
          'R@10 over chance',
          captions['R@10'] / CHANCE['R@10'],
          bridge.captions['R@10'] / CHANCE['R@10'],
          '×',
        ],
      ] as const
    ).map(([name, value, referenceValue, unit]) =>
      figure({
        name: `${label} ${name}`,
        value,
        unit,
        ...(label !== 'bridge' && { reference: 'bridge', referenceValue }),
        lowerIsBetter: false,
      }),
    ),
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
    cells(
      'chance',
      METRICS.map((metric) => shown(metric, CHANCE[metric])),
    ),
    ...rows.map(([label, { captions, tagMap }, minutes]) =>
      cells(label, [
        ...METRICS.map((metric) => shown(metric, captions[metric])),
        tagMap.toFixed(3),
        minutes?.toFixed(1) ?? '',
      ]),
    ),
  ].join('\n')
}

const shown = (metric: string, value: number): string => value.toFixed(metric === 'median rank' ? 1 : 3)
