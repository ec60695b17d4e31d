import { constants } from 'node:fs'
import { access, stat, statfs } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { defaultCatalogDir } from '../../catalog/node.js'
import { catalogDirectory, withCatalog, type Context, type GlobalOptions } from '../context.js'
import type { Check } from '../json.js'
import { bytes, count } from '../quantity.js'

/** Room for some 100,000 tracks and for the rewriting of tables. */
const ENOUGH_DISK = 1e9
const NO_DISK = 50e6

/** Whether the catalog can be written, what state it is in, and how much room is left. */
export async function* catalogChecks(options: GlobalOptions, context: Context): AsyncGenerator<Check> {
  const dir = resolve(catalogDirectory(options, context) ?? defaultCatalogDir())
  const exists = (await stat(dir).catch(() => undefined))?.isDirectory() === true
  if (exists) yield await state(options, context)
  else
    yield { name: 'catalog', status: 'ok', detail: `${dir} is not there yet; "antiphon index DIR" makes it` }

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

  const cache = cacheDirectory(context.env)
  if (await writable(cache)) yield { name: 'cache', status: 'ok', detail: cache }
  else
    yield {
      name: 'cache',
      status: 'warn',
      detail: `${cache} can't be written, so every start checks the model again`,
      fix: 'Change its owner, or set XDG_CACHE_HOME.',
    }
}

/** Where models keep what they found out about themselves (XDG Base Directory Specification). */
function cacheDirectory(env: Context['env']): string {
  const named = env['XDG_CACHE_HOME']
  return join(named && isAbsolute(named) ? named : join(homedir(), '.cache'), 'antiphon')
}

async function state(options: GlobalOptions, context: Context): Promise<Check> {
  try {
    return await withCatalog(context, { ...options, model: undefined }, async (catalog) => {
      const { dir, formatVersion, model, spaceId, tracks, moments, failures } = await catalog.info()
      const unread = failures.length > 0 ? `, ${count(failures.length, 'file')} unreadable` : ''
      return {
        name: 'catalog',
        status: 'ok',
        detail:
          `${count(tracks, 'track')}, ${count(moments, 'moment')}${unread}; model ${model}, space ${spaceId}, ` +
          `format ${formatVersion}, in ${dir}`,
      }
    })
  } catch (error) {
    return { name: 'catalog', status: 'fail', detail: (error as Error).message }
  }
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
