// A made world of a few pieces, and recipes of published systems that train on it in seconds.
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeWorld } from '../../src/data/node.js'
import { cli } from '../cli-run.js'
import { repositoryRoot } from '../golden.js'

/** Enough that each of a batch of 4 differs, and that artists can be held out. */
export const PIECES = 20
const SECONDS = 12

/** The folder of the world: made when first asked for, and kept for other tests beside the build. */
export async function tinyWorld(): Promise<string> {
  const kept = join(repositoryRoot, '.cache/test')
  const dir = join(kept, `world-${PIECES}-${SECONDS}`)
  if (existsSync(join(dir, 'world.json'))) return dir
  mkdirSync(kept, { recursive: true })
  const draft = mkdtempSync(join(kept, 'draft-'))
  try {
    await makeWorld({ dir: draft, pieces: PIECES, seconds: SECONDS, seed: 1 })
    renameSync(draft, dir)
  } catch (error) {
    // Another test may have been first.
    if (!existsSync(join(dir, 'world.json'))) throw error
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
  return dir
}

export interface TinyTraining {
  /** @default ['bench'] */
  readonly variants?: readonly string[]
  /** As after --set: what makes it small. Four steps of batches of four are set already. */
  readonly set?: readonly string[]
  /** @default a new folder for temporary files */
  readonly out?: string
  /** @default the tiny world */
  readonly data?: string
}

const FEW_STEPS = [
  'data.batch=4',
  'data.validation=0.2',
  'data.test=0',
  'data.split_by=track',
  'schedule.steps=4',
  'schedule.warmup=0',
  'schedule.validate_every=4',
  'schedule.checkpoint_every=4',
]

export interface TinyTrained {
  readonly out: string
  readonly model: string
}

/**
 * Trains recipes/NAME.yaml for a few steps, as the command does.
 * @throws Error with what the command said, where it fails
 */
export async function trainTiny(
  name: string,
  { variants = ['bench'], set = [], out, data }: TinyTraining = {},
): Promise<TinyTrained> {
  const place = out ?? join(mkdtempSync(join(tmpdir(), `antiphon-${name}-`)), 'run')
  const { code, err } = await cli(
    ...['train', join(repositoryRoot, 'recipes', `${name}.yaml`)],
    ...variants.flatMap((variant) => ['--variant', variant]),
    ...['--data', data ?? (await tinyWorld()), '--out', place],
    ...[...FEW_STEPS, ...set].flatMap((assignment) => ['--set', assignment]),
  )
  if (code !== 0) throw new Error(`Training ${name} ended with ${code}: ${err}`)
  return { out: place, model: join(place, 'model') }
}

export interface Found {
  readonly path: string
  readonly match: number
  readonly cosine: number
}

/** Indexes the tiny world with a trained model, and searches it. */
export async function indexAndSearch(model: string, query: string): Promise<readonly Found[]> {
  const catalog = mkdtempSync(join(tmpdir(), 'antiphon-catalog-'))
  try {
    const how = ['--catalog', catalog, '--model', model]
    const indexed = await cli(...how, 'index', join(await tinyWorld(), 'audio'))
    if (indexed.code !== 0) throw new Error(`Indexing ended with ${indexed.code}: ${indexed.err}`)
    const searched = await cli(...how, '--json', 'search', query)
    if (searched.code !== 0) throw new Error(`Searching ended with ${searched.code}: ${searched.err}`)
    return (JSON.parse(searched.out) as { results: Found[] }).results
  } finally {
    rmSync(catalog, { recursive: true, force: true })
  }
}
