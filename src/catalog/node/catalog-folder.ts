import { readdir, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { reasonOf } from '../../audio/node.js'
import { AntiphonError } from '../../errors/index.js'

/** The absolute path of a catalog's folder as a user names it. Errors: `usage` for nothing, and for an address. */
export function catalogFolder(named: string): string {
  if (named.trim() === '') throw new AntiphonError('usage', 'The folder of the catalog has an empty name')
  if (/^[a-z][a-z\d+.-]+:\/\//i.test(named))
    throw new AntiphonError('usage', `A catalog is a folder on this computer, and ${named} is an address`)
  return resolve(named)
}

/** What a catalog's folder holds: the manifest, the lock, and the tables; drafts of the first two among them. */
const OWN_FILES = /^(catalog\.json|lock)(\..*)?$|\.lance$/
/** What file managers leave in any folder. */
const STRAY_FILES = new Set(['.DS_Store', 'Thumbs.db', 'desktop.ini', '.directory'])

/**
 * Sees to it that a catalog can be made or brought up to date in `dir` from the named paths: they exist, and the folder is a
 * catalog, or new, or empty: nothing is written among other files, music least of all. Changes nothing. Errors: `usage`.
 */
export async function assertCanIndex(dir: string, named: readonly string[]): Promise<void> {
  if (named.length === 0) throw new AntiphonError('usage', 'Name at least one folder or file to index')
  for (const path of named) {
    if (path.trim() === '') throw new AntiphonError('usage', 'One of the folders to index has an empty name')
    await stat(path).catch((cause: unknown) => {
      throw new AntiphonError('usage', `Cannot index ${path}: ${reasonOf(cause)}`, { cause })
    })
    if (resolve(path) === dir)
      throw new AntiphonError('usage', `${dir} can't be both the catalog and the music: ${ELSEWHERE}`)
  }
  const entries = await readdir(dir).catch((cause: unknown): string[] => {
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'ENOENT') return []
    if (code === 'ENOTDIR')
      throw new AntiphonError('usage', `${dir} is a file or lies in one: ${ELSEWHERE}`, { cause })
    throw new AntiphonError('failed', `Cannot read the catalog's folder ${dir}: ${reasonOf(cause)}`, {
      cause,
    })
  })
  const other = entries.find((name) => !OWN_FILES.test(name) && !STRAY_FILES.has(name))
  if (other !== undefined && !entries.includes('catalog.json'))
    throw new AntiphonError('usage', `${dir} is no catalog and not empty (it holds ${other}): ${ELSEWHERE}`)
}

const ELSEWHERE = 'name a new or an empty folder with --catalog DIR'
