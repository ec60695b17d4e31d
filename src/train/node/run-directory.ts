import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { AntiphonError } from '../../errors/index.js'
import { takeLock, type Lock } from '../../files/node.js'
import { formatRecipe, parseRecipe } from '../recipe-file.js'
import type { Recipe } from '../recipe.js'
import type { Reading, TrainOptions } from './run-options.js'
import { removeDrafts, writeWhole } from './draft.js'
import { hashesOf, MADE_FILES, type MadeFiles } from './made-files.js'

const RECIPE = 'recipe.yaml'
const ORIGIN = 'run.json'
/** What a run that never took a step may have left. */
const LEFT = /^(lock(\..*)?|run\.json|.*\.part)$/

/** What a run was begun with; one that is gone on with must see the same. */
export interface Origin {
  /** Where the pairs were read. */
  readonly data: string
  readonly reading?: Reading
  /** The folder that relative names in the recipe start from. */
  readonly base: string
  /** Hash of tracks and texts. */
  readonly pairs: string
  /** Hash of what could be read of the audio: how many chunks of which pair. */
  readonly audio: string
  /** Hash of the knowledge graph, where there is one. */
  readonly knowledge?: string
  /** Hashes of what was made of the texts, by the name of the file. */
  readonly made?: Readonly<Record<string, string>>
}

/** The folder of a run: the recipe with every choice made, its checkpoints, its log and its model. One process writes to it. */
export class RunDirectory {
  private begun: boolean

  private constructor(
    readonly path: string,
    private readonly lock: Lock,
    private readonly fresh: boolean,
    resumed: boolean,
  ) {
    this.begun = resumed
  }

  get checkpoints(): string {
    return join(this.path, 'checkpoints')
  }

  get model(): string {
    return join(this.path, 'model')
  }

  get eightBitModel(): string {
    return join(this.path, 'model-int8')
  }

  /**
   * Takes a folder for writing; it becomes a run when `begin` is called.
   * @throws AntiphonError `usage` for a folder that holds something else, `locked` where another process trains in it
   */
  static async open(path: string, { resume }: { readonly resume: boolean }): Promise<RunDirectory> {
    if (resume) await fileOfRun(path, RECIPE)
    const fresh = !resume && (await madeNow(path))
    const lock = await takeLock(path)
    try {
      if (!resume) assertEmpty(path, await readdir(path))
      for (const dir of [path, join(path, 'checkpoints')]) await removeDrafts(dir)
    } catch (error) {
      await lock.release()
      throw error
    }
    return new RunDirectory(path, lock, fresh, resume)
  }

  /** Makes it a run that can be gone on with. The recipe is written last: with it, all is there. */
  async begin(recipe: Recipe, origin: Origin, made: MadeFiles): Promise<void> {
    const whole = { ...origin, ...(made.size > 0 && { made: hashesOf(made) }) }
    const json = `${JSON.stringify(whole, null, 1)}\n`
    await writeWhole(join(this.path, ORIGIN), (file) => file.writeFile(json))
    for (const [name, bytes] of made) await writeWhole(join(this.path, name), (file) => file.writeFile(bytes))
    const yaml = formatRecipe(recipe)
    await writeWhole(join(this.path, RECIPE), (file) => file.writeFile(yaml))
    this.begun = true
  }

  async close(): Promise<void> {
    await this.lock.release()
    // A run that never began leaves nothing behind.
    if (this.fresh && !this.begun) await rmdir(this.path).catch(() => undefined)
  }
}

/** The recipe of a run that is gone on with. @throws AntiphonError `usage` when the directory is not that of a run. */
export async function recipeOfRun(dir: string): Promise<Recipe> {
  return parseRecipe(await fileOfRun(dir, RECIPE), { file: join(dir, RECIPE) })
}

/** What a run was begun with. @throws AntiphonError `usage` when the directory is not that of a run. */
export async function originOfRun(dir: string): Promise<Origin> {
  const text = await fileOfRun(dir, ORIGIN)
  try {
    return JSON.parse(text) as Origin
  } catch (cause) {
    throw new AntiphonError('usage', `${join(dir, ORIGIN)} is damaged: it is not JSON`, { cause })
  }
}

/** The command that goes on with a run. */
export function resumeCommand(dir: string): string {
  const plain = /^[\p{L}\p{N}@%+=:,./\\_-]+$/u.test(dir)
  return `antiphon train --resume ${plain ? dir : `'${dir.replaceAll("'", `'\\''`)}'`}`
}

/** What is said where a run that is gone on with would see other data. */
export function changedSince(what: string, out: string): AntiphonError {
  return new AntiphonError(
    'usage',
    `${what} are not what the run in ${out} was begun with, so it can't go on to the same weights; begin a new run`,
  )
}

/** Hash of tracks, texts and the shares of sources, wherever the audio lies now. */
export function identityOf({ pairs, sources = [] }: TrainOptions['pairs']): string {
  const hash = createHash('sha256')
  for (const { track, texts, audio } of pairs)
    hash.update(`${JSON.stringify([track.id, track.artist, texts, audio.start, audio.end])}\n`)
  const shares = sources.flatMap(({ share }) => (share === undefined ? [] : [share]))
  if (shares.length > 0) hash.update(JSON.stringify([shares, pairs.map(({ source }) => source)]))
  return hash.digest('hex')
}

async function fileOfRun(dir: string, name: string): Promise<string> {
  try {
    return await readFile(join(dir, name), 'utf8')
  } catch (cause) {
    throw new AntiphonError('usage', `${dir} is not the directory of a run: it has no ${name}`, { cause })
  }
}

async function madeNow(path: string): Promise<boolean> {
  try {
    return (await mkdir(path, { recursive: true })) !== undefined
  } catch (cause) {
    throw new AntiphonError('usage', `Cannot make the folder ${path}: ${(cause as Error).message}`, { cause })
  }
}

function assertEmpty(path: string, names: readonly string[]): void {
  if (names.includes(RECIPE))
    throw new AntiphonError(
      'usage',
      `${path} holds a run already. Go on with it: ${resumeCommand(path)}; or name another --out`,
    )
  // What a run makes is written behind its origin: without that it is somebody else's.
  const left = (name: string): boolean =>
    LEFT.test(name) || (names.includes(ORIGIN) && MADE_FILES.includes(name))
  const other = names.find((name) => !left(name))
  if (other !== undefined)
    throw new AntiphonError('usage', `${path} is not empty (${other}): expected a new or empty folder`)
}
