import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { formatRecipe, parseRecipe, type Recipe } from '../../src/train/index.js'
import { antiphon, repositoryRoot } from '../process.js'
import { PROTOCOLS } from './made-world.js'

/** What the protocols say of a model. */
export interface Retrieval {
  /** By metric, captions to tracks. */
  readonly captions: Readonly<Record<string, number>>
  /** Over tags. */
  readonly tagMap: number
}

/** A run that is done. */
export interface FinishedRun {
  /** `choi2019`, `ads2024 bench+without-swap` */
  readonly label: string
  readonly variants: readonly string[]
  readonly recipe: Recipe
  readonly runDir: string
  readonly modelDir: string
  readonly result: RunResult
}

interface RunResult extends Retrieval {
  /** Of training, from the command to its end, over all its beginnings. */
  readonly minutes: number
}

export interface TrainingPlace {
  readonly world: string
  /** Where runs are kept. */
  readonly dir: string
  readonly say: (line: string) => void
}

/** A recipe as one of its runs reads it. */
export function recipeOf(name: string, variants: readonly string[]): Recipe {
  const file = join('recipes', `${name}.yaml`)
  return parseRecipe(readFileSync(join(repositoryRoot, file), 'utf8'), { file, variants })
}

/**
 * Trains and evaluates a recipe, or finds that done: runs are kept by the hash of the recipe, with all its choices, and of
 * the world. What was stopped goes on.
 */
export async function finishedRun(
  name: string,
  variants: readonly string[],
  { world, dir, say }: TrainingPlace,
): Promise<FinishedRun> {
  const recipe = recipeOf(name, variants)
  const key = createHash('sha256')
    .update(formatRecipe(recipe))
    .update(readFileSync(join(world, 'world.json')))
    .digest('hex')
  const ablation = variants.slice(1).join('+')
  const label = ablation === '' ? name : `${name} ${ablation}`
  const runDir = join(dir, `${label.replaceAll(' ', '-')}-${key.slice(0, 8)}`)
  const modelDir = join(runDir, 'model')
  const resultFile = `${runDir}.json`
  const of = { label, variants, recipe, runDir, modelDir }
  if (existsSync(resultFile) && existsSync(modelDir)) {
    say(`${label}: done before`)
    return { ...of, result: JSON.parse(readFileSync(resultFile, 'utf8')) as RunResult }
  }
  mkdirSync(dir, { recursive: true })
  const minutes = await train(of, { recipeFile: join(repositoryRoot, 'recipes', `${name}.yaml`), world, say })
  const retrieval = await evaluated(modelDir, { world, say })
  const result = { ...retrieval, minutes }
  writeFileSync(resultFile, `${JSON.stringify(result, null, 1)}\n`)
  return { ...of, result }
}

async function train(
  { label, variants, runDir, modelDir }: Omit<FinishedRun, 'result'>,
  { recipeFile, world, say }: { recipeFile: string; world: string; say: (line: string) => void },
): Promise<number> {
  const minutesFile = `${runDir}.minutes`
  const before = existsSync(minutesFile) ? Number(readFileSync(minutesFile, 'utf8')) : 0
  if (existsSync(modelDir) && before > 0) return before
  const begun = existsSync(join(runDir, 'run.json'))
  if (!begun) rmSync(runDir, { recursive: true, force: true })
  const args = begun
    ? ['train', '--resume', runDir]
    : ['train', recipeFile, ...variants.flatMap((variant) => ['--variant', variant]), '--data', world]
  say(`${label}: ${begun ? 'going on' : 'training'} …`)
  const started = performance.now()
  // What a run that is stopped has cost so far is kept, for its whole time to be told.
  const clock = setInterval(keep, 10_000)
  function keep(): number {
    const minutes = before + (performance.now() - started) / 60_000
    writeFileSync(minutesFile, String(minutes))
    return minutes
  }
  try {
    const { stdout } = await antiphon([...args, ...(begun ? [] : ['--out', runDir])])
    say(`  ${stdout.split('\n').slice(0, 3).join(' ')}`)
  } finally {
    clearInterval(clock)
    keep()
  }
  return keep()
}

/** @param model a directory or name */
export async function evaluated(
  model: string,
  { world, say }: { world: string; say: (line: string) => void },
): Promise<Retrieval> {
  const figuresOf = async (protocol: string): Promise<Record<string, number>> => {
    const { stdout } = await antiphon([
      ...['evaluate', model, '--protocol', protocol, '--data', world, '--samples', '1', '--json'],
      '--without-factors', // nobody has heard the pool
    ])
    const { results } = JSON.parse(stdout) as EvaluateJson
    return Object.fromEntries(results[0].figures.map(({ metric, value }) => [metric, value]))
  }
  const captions = await figuresOf(PROTOCOLS.captions)
  const tags = await figuresOf(PROTOCOLS.tags)
  say(`  R@10 ${captions['R@10'].toFixed(3)}, tag mAP ${tags['mAP'].toFixed(3)}`)
  return { captions, tagMap: tags['mAP'] }
}

interface EvaluateJson {
  readonly results: readonly {
    readonly figures: readonly { readonly metric: string; readonly value: number }[]
  }[]
}
