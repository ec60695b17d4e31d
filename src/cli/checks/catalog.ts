import { constants } from 'node:fs'
import { access, stat, statfs } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { catalogDirectory } from '../directories.js'
import { withCatalog, type Context, type GlobalOptions } from '../context.js'
import type { Check } from '../json.js'
import { bytes, count } from '../quantity.js'

/** Room for some 100,000 tracks and for the rewriting of tables. */
const ENOUGH_DISK = 1e9
const NO_DISK = 50e6

/** Whether the catalog can be written, what state it is in, and how much room is left. */
export async function* catalogChecks(options: GlobalOptions, context: Context): AsyncGenerator<Check> {
  const dir = resolve(options.catalog ?? catalogDirectory(context.env))
  const exists = (await stat(dir).catch(() => undefined))?.isDirectory() === true
  if (exists) yield await state(options, context)
  else
    yield { name: 'catalog', status: 'ok', detail: `${dir} is not there yet; "antiphon index DIR" makes it` }

  const place = await existingAncestor(dir)
  yield await access(place, constants.W_OK).then(
    (): Check => ({ name: 'writable', status: 'ok', detail: place }),
    (): Check => ({
      name: 'writable',
      status: exists ? 'warn' : 'fail',
      detail: `${place} can't be written`,
      fix: exists
        ? 'Searching works; to index, change its owner or name another place with --catalog DIR.'
        : 'Change its owner, or name another place with --catalog DIR.',
    }),
  )
  yield await freeDisk(place)
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

async function existingAncestor(path: string): Promise<string> {
  for (let place = path; ; place = dirname(place)) {
    const found = await stat(place).catch(() => undefined)
    if (found !== undefined || dirname(place) === place) return place
  }
}
