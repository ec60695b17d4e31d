import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { AntiphonError } from '../../errors/index.js'

/** The format of catalogs that this version writes. */
export const FORMAT_VERSION = 1

const space = z.strictObject({
  /** What opens the model again: a name, or the absolute path of a model directory. */
  model: z.string().min(1),
  spaceId: z.string().regex(/^[\w.-]+$/),
  dim: z.int().positive(),
})

const manifestSchema = z.strictObject({
  formatVersion: z.literal(FORMAT_VERSION),
  /** The space that is searched. */
  space,
  /** The space that `reindex` is building. */
  building: space.optional(),
  /** Absolute folders and files that were named to `index`. */
  folders: z.array(z.string()),
})

export type Space = z.infer<typeof space>
export type Manifest = z.infer<typeof manifestSchema>

const NAME = 'catalog.json'

/** The manifest of a catalog, or undefined where there is no catalog yet. Errors: `failed` for a broken, newer or older one. */
export async function readManifest(dir: string): Promise<Manifest | undefined> {
  const path = join(dir, NAME)
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    const { code, message } = cause as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw new AntiphonError('failed', `Cannot read the catalog ${path}: ${message}`, { cause })
  })
  if (text === undefined) return undefined
  const value = parsed(text, path)
  const version = (value as { formatVersion?: unknown } | null)?.formatVersion
  if (typeof version === 'number' && version > FORMAT_VERSION)
    throw new AntiphonError(
      'failed',
      `The catalog ${dir} has format ${version}, this version of Antiphon knows up to ${FORMAT_VERSION}: ` +
        'update with `npm install -g antiphon@latest`, or use another catalog with --catalog DIR',
    )
  if (typeof version === 'number' && version < FORMAT_VERSION)
    throw new AntiphonError(
      'failed',
      `The catalog ${dir} has the old format ${version}, this version of Antiphon reads ${FORMAT_VERSION}: ` +
        `delete catalog.json and the .lance folders in it and run \`${indexCommand(value)}\`; no music is touched`,
    )
  const result = manifestSchema.safeParse(value)
  if (!result.success) throw broken(path, z.prettifyError(result.error), result.error)
  return result.data
}

/** Replaces the manifest whole: a crash leaves the old one or the new one. */
export async function writeManifest(dir: string, manifest: Manifest): Promise<void> {
  await mkdir(dir, { recursive: true })
  const path = join(dir, NAME)
  const temporary = `${path}.${process.pid}`
  try {
    const file = await open(temporary, 'w')
    try {
      await file.writeFile(`${JSON.stringify(manifestSchema.parse(manifest), null, 2)}\n`)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined)
    throw error
  }
}

/** The command that makes a catalog of the same folders again. */
function indexCommand(manifest: unknown): string {
  const { folders } = manifest as { folders?: unknown }
  const named = Array.isArray(folders) && folders.length > 0 ? folders.map(String) : ['FOLDER']
  const quoted = named.map((folder) => (/^[\w./-]+$/.test(folder) ? folder : JSON.stringify(folder)))
  return `antiphon index ${quoted.join(' ')}`
}

function parsed(text: string, path: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw broken(path, (cause as Error).message, cause)
  }
}

function broken(path: string, why: string, cause: unknown): AntiphonError {
  return new AntiphonError(
    'failed',
    `The catalog's ${path} is broken: ${why}. Delete that file and the .lance folders beside it, and index again; no music is touched`,
    { cause },
  )
}
