import { readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { cwd } from 'node:process'
import { describeWrongRow } from '../../data/index.js'
import { findSources, openSources } from '../../data/node.js'
import { AntiphonError } from '../../errors/index.js'
import { retrievalScores } from '../../evaluate/index.js'
import { executionProviders, nodeRuntime } from '../../graph/node.js'
import { defaultCacheDir, isHubName, resolvePretrained } from '../../model/node.js'
import { parseRecipe, placeOfField, RecipeError, type Recipe } from '../../train/index.js'
import {
  originOfRun,
  recipeOfRun,
  train as trainRecipe,
  type Reading,
  type ScoredQueries,
} from '../../train/node.js'
import { EXIT, type Context, type GlobalOptions } from '../context.js'
import type { TrainOutput } from '../json.js'
import { jsonText, printable } from '../printable.js'
import { count } from '../quantity.js'
import { TrainProgress } from '../train-progress.js'

export interface TrainCommandOptions extends GlobalOptions {
  readonly data?: string
  readonly format?: string
  readonly audio?: string
  readonly subset?: string
  readonly out?: string
  readonly resume?: string
  readonly variant?: readonly string[]
  readonly set?: readonly string[]
  readonly threads?: number
  readonly int8?: boolean
}

/** `antiphon train RECIPE --data DIR --out DIR`, `antiphon train --resume DIR` */
export async function train(
  recipeFile: string | undefined,
  options: TrainCommandOptions,
  context: Context,
): Promise<number> {
  const { recipe, placeOf, data, reading, base, out, resume } = await whatToTrain(recipeFile, options)
  const signal = context.interruption()
  const progress = new TrainProgress(context, recipe)
  const providers = await executionProviders(options.device ?? 'cpu')
  const wrong: string[] = []
  const tell = (row: Parameters<typeof describeWrongRow>[0]): void => {
    wrong.push(describeWrongRow(row))
    progress.warn(printable(describeWrongRow(row)))
  }
  const stopping = () => progress.warn('Stopping after this step. Press Ctrl-C again to end at once.')
  signal.addEventListener('abort', stopping, { once: true })
  let done: TrainOutput | undefined
  try {
    const sources = await findSources(data, reading)
    const pairs = await openSources(sources, { maxWrongShare: recipe.data.wrong_share, signal })
    for (const row of pairs.wrong) tell(row)
    if (pairs.missing > 0)
      progress.warn(
        `${count(pairs.missing, 'pair')} left out: their audio is not there (antiphon data check)`,
      )
    const events = trainRecipe({
      recipe,
      pairs,
      data: resolve(data),
      reading,
      base,
      out,
      resume,
      cacheDir: join(defaultCacheDir(), 'train'),
      runtime: await nodeRuntime(),
      engine: { threads: options.threads ?? availableParallelism(), executionProviders: providers },
      find: (name) =>
        resolvePretrained(isHubName(name) ? name : resolve(base, name), {
          allowDownload: true,
          onProgress: progress.download,
          signal,
        }),
      score,
      eightBits: options.int8,
      signal,
    })
    for await (const event of events)
      if (event.kind === 'wrong') tell(event)
      else {
        progress.show(event)
        if (event.kind === 'done') {
          const { step, model, modelStep, best = null, scores = null, eightBits, stoppedEarly } = event
          const of = { name: recipe.name, out: resolve(out) }
          const int8 = eightBits ? { scores: null, ...eightBits } : null
          done = { ...of, step, model, modelStep, best, scores, int8, stoppedEarly, wrong }
        }
      }
  } catch (error) {
    if (!(error instanceof RecipeError) || placeOf === undefined) throw error
    throw new AntiphonError(error.code, `${placeOf(error.field)}: ${error.message}`, { cause: error })
  } finally {
    signal.removeEventListener('abort', stopping)
    progress.clear()
  }
  if (done === undefined) throw new AntiphonError('failed', 'Training ended without a model.')
  context.stdout.write(options.json ? `${jsonText(done)}\n` : summary(done, recipe))
  return EXIT.done
}

async function whatToTrain(recipeFile: string | undefined, options: TrainCommandOptions) {
  const { data, out, resume, variant: variants = [], set = [] } = options
  if (resume !== undefined) {
    if (recipeFile !== undefined || out !== undefined || variants.length > 0 || set.length > 0)
      throw new AntiphonError(
        'usage',
        '--resume goes on with a run as it was begun: it takes no recipe, --out, --variant or --set',
      )
    const recipe = await recipeOfRun(resume)
    const origin = await originOfRun(resume)
    const reading = readingOf(options) ?? origin.reading
    return {
      recipe,
      placeOf: undefined,
      data: data ?? origin.data,
      reading,
      base: origin.base,
      out: resume,
      resume: true,
    }
  }
  if (recipeFile === undefined || data === undefined || out === undefined)
    throw new AntiphonError(
      'usage',
      `Expected: antiphon train RECIPE --data DIR --out DIR, or antiphon train --resume DIR`,
    )
  let text: string
  try {
    text = await readFile(recipeFile, 'utf8')
  } catch (cause) {
    throw new AntiphonError('usage', `Cannot read the recipe ${recipeFile}: ${(cause as Error).message}`, {
      cause,
    })
  }
  const source = { file: recipeFile, variants, set }
  const recipe = parseRecipe(text, source)
  const placeOf = (field: string) => placeOfField(text, field, source)
  return { recipe, placeOf, data, reading: readingOf(options), base: cwd(), out, resume: false }
}

/** How the data are to be read, where anything is said of it. */
function readingOf({ format, audio, subset }: TrainCommandOptions): Reading | undefined {
  if (format === undefined && audio === undefined && subset === undefined) return undefined
  return { format, audio: audio === undefined ? undefined : resolve(audio), subset }
}

/** The metrics of text to music, ties counting as chance. */
function score(scored: ScoredQueries) {
  const { recallAt, mrr, map, medianRank } = retrievalScores(scored)
  return {
    'recall@1': recallAt[1],
    'recall@5': recallAt[5],
    'recall@10': recallAt[10],
    mrr,
    map,
    median_rank: medianRank,
  }
}

function summary(
  { step, model, best, scores, int8, out, stoppedEarly }: TrainOutput,
  recipe: Recipe,
): string {
  const { best_by: metric } = recipe.schedule
  const lines = [
    `${stoppedEarly ? `Stopped early, after step ${step}` : `Trained for ${step} steps`}.`,
    ...(best ? [`Best on validation: step ${best.step}, ${metric} ${best.value.toFixed(3)}.`] : []),
    ...(scores ? [`The model's validation: ${scoresText(scores)}.`] : []),
    ...(int8?.scores ? [`In 8 bits: ${scoresText(int8.scores)}.`] : []),
    `Curves: ${printable(join(out, 'curves.html'))}`,
    `Model:  ${printable(model)}`,
    ...(int8 ? [`8 bits: ${printable(int8.model)}`] : []),
    `Use it: antiphon --model ${printable(model)} --catalog DIR index FOLDER`,
  ]
  return `${lines.join('\n')}\n`
}

function scoresText(scores: NonNullable<TrainOutput['scores']>): string {
  const recall = ([1, 5, 10] as const).map((k) => `R@${k} ${scores[`recall@${k}`].toFixed(3)}`)
  return [...recall, `mAP ${scores.map.toFixed(3)}`, `median rank ${scores.median_rank}`].join(', ')
}
