import { constants } from 'node:fs'
import { access, readdir, stat, statfs } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname, resolve } from 'node:path'
import type { CatalogInfo, Writer } from '../../catalog/index.js'
import { defaultCatalogDir } from '../../catalog/node.js'
import { defaultCacheDir } from '../../model/node.js'
import { catalogDirectory, withCatalog, type Context, type GlobalOptions } from '../context.js'
import type { Check } from '../json.js'
import { bytes, count } from '../quantity.js'

/** Room for some 100,000 tracks and for the rewriting of tables. */
const ENOUGH_DISK = 1e9
const NO_DISK = 50e6

/** What there is of the catalog: nothing yet, what it says of itself, or why it can't be read. */
export interface FoundCatalog {
  readonly dir: string
  readonly exists: boolean
  readonly info?: CatalogInfo
  readonly error?: Error
}

export async function findCatalog(options: GlobalOptions, context: Context): Promise<FoundCatalog> {
  const dir = resolve(catalogDirectory(options, context) ?? defaultCatalogDir())
  const exists = (await readdir(dir).catch(() => [])).length > 0
  if (!exists) return { dir, exists }
  try {
    const info = await withCatalog(context, { ...options, model: undefined }, (catalog) => catalog.info())
    return { dir, exists, info }
  } catch (error) {
    return { dir, exists, error: error as Error }
  }
}

/** Whether the catalog is whole and can be written, and how much room is left. */
export async function* catalogChecks(
  _options: GlobalOptions,
  context: Context,
  { dir, exists, info, error }: FoundCatalog,
): AsyncGenerator<Check> {
  if (info) yield { name: 'catalog', status: 'ok', detail: stateText(info) }
  else if (error) yield { name: 'catalog', status: 'fail', detail: error.message }
  else yield { name: 'catalog', status: 'ok', detail: `${dir} is empty; "antiphon index DIR" makes it` }

  if (info) yield { name: 'writer', status: 'ok', detail: info.writer ? writerText(info.writer) : 'none' }

  const place = await existingAncestor(dir)
  if (await writable(place)) yield { name: 'writable', status: 'ok', detail: place }
  else
    yield {
      name: 'writable',
      status: exists ? 'warn' : 'fail',
      detail: `${place} can't be written`,
      fix: `${exists ? 'Searching works; to index, change' : 'Change'} its owner, or name another place with --catalog DIR.`,
    }
  yield await freeDisk(place)

  const cache = defaultCacheDir(context.env)
  if (await writable(cache)) yield { name: 'cache', status: 'ok', detail: cache }
  else
    yield {
      name: 'cache',
      status: 'warn',
      detail: `${cache} can't be written, so every start checks the model again, and searches of small libraries take a second more`,
      fix: 'Change its owner, or set XDG_CACHE_HOME.',
    }
}

function stateText({ dir, formatVersion, tracks, moments, failures }: CatalogInfo): string {
  const unread = failures.length > 0 ? `, ${count(failures.length, 'file')} unreadable` : ''
  return `${count(tracks, 'track')}, ${count(moments, 'moment')}${unread}; format ${formatVersion}, in ${dir}`
}

function writerText({ pid, host, since }: Writer): string {
  return `process ${pid}${host === hostname() ? '' : ` on ${host}`} since ${since}`
}

async function freeDisk(place: string): Promise<Check> {
  const { bavail, bsize } = await statfs(place)
  const free = bavail * bsize
  return {
    name: 'disk',
    status: free >= ENOUGH_DISK ? 'ok' : free >= NO_DISK ? 'warn' : 'fail',
    detail: `${bytes(free)} free at ${place}`,
    ...(free >= ENOUGH_DISK ? {} : { fix: 'Free some space, or name another place with --catalog DIR.' }),
  }
}

/** Whether files can be made in a folder, or in the folder that it would be made in. */
async function writable(path: string): Promise<boolean> {
  const place = await existingAncestor(path)
  if (!(await stat(place)).isDirectory()) return false
  return access(place, constants.W_OK).then(
    () => true,
    () => false,
  )
}

async function existingAncestor(path: string): Promise<string> {
  for (let place = path; ; place = dirname(place)) {
    const found = await stat(place).catch(() => undefined)
    if (found !== undefined || dirname(place) === place) return place
  }
}
