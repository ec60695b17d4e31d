import type { Dirent } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { basename, extname, join, resolve, sep } from 'node:path'
import { AntiphonError } from '../../errors/index.js'

export interface FoundFile {
  /** Absolute. */
  readonly path: string
  /** Bytes. */
  readonly size: number
  /** Milliseconds since 1970. */
  readonly modified: number
}

export interface Unreadable {
  readonly path: string
  readonly reason: string
}

export interface Walk {
  /** Audio files by path, each once. */
  readonly files: readonly FoundFile[]
  /** Folders that could not be listed and files whose names cannot be handled. */
  readonly unreadable: readonly Unreadable[]
  /** The named folders, absolute; `empty` ones hold no entry at all, as the mount point of a disk that is not there. */
  readonly folders: readonly { readonly path: string; readonly empty: boolean }[]
}

const STATS_AT_ONCE = 16

/**
 * All files with these extensions (lower case, with the dot) under the named folders, and files that are named themselves,
 * whatever their extension. Links are followed, each folder is entered once, names that begin with a dot are skipped.
 * Errors: `usage` for a path that does not exist.
 */
export async function walk(named: readonly string[], extensions: ReadonlySet<string>): Promise<Walk> {
  const files = new Map<string, FoundFile>()
  const unreadable: Unreadable[] = []
  const folders: { path: string; empty: boolean }[] = []
  const entered = new Set<string>()

  const add = (path: string, { size, mtimeMs }: { size: number; mtimeMs: number }): void => {
    files.set(path, { path, size, modified: mtimeMs })
  }

  /** Takes the entries of a folder; returns how many there are, or undefined where it could not be listed. */
  const enter = async (folder: string): Promise<number | undefined> => {
    let entries: Dirent<Buffer>[]
    try {
      const { dev, ino } = await stat(folder)
      const identity = `${dev}:${ino}`
      if (ino !== 0 && entered.has(identity)) return undefined
      entered.add(identity)
      entries = await readdir(folder, { withFileTypes: true, encoding: 'buffer' })
    } catch (error) {
      unreadable.push({ path: folder, reason: `cannot be listed (${reasonOf(error)})` })
      return undefined
    }
    const inside: string[] = []
    const candidates: string[] = []
    for (const entry of entries) {
      const name = entry.name.toString('utf8')
      if (name.startsWith('.')) continue
      const isAudio = extensions.has(extname(name).toLowerCase())
      // Such a name cannot be given back to the system: the file would not be found by its text.
      if (!Buffer.from(name, 'utf8').equals(entry.name)) {
        if (isAudio || entry.isDirectory())
          unreadable.push({
            path: join(folder, escapedName(entry.name)),
            reason: 'its name is not valid UTF-8: rename it',
          })
        continue
      }
      const path = join(folder, name)
      if (entry.isDirectory()) inside.push(path)
      else if (isAudio || entry.isSymbolicLink()) candidates.push(path)
    }
    for (let i = 0; i < candidates.length; i += STATS_AT_ONCE)
      await Promise.all(
        candidates.slice(i, i + STATS_AT_ONCE).map(async (path) => {
          try {
            const found = await stat(path)
            if (found.isDirectory()) inside.push(path)
            else if (!extensions.has(extname(path).toLowerCase())) return
            else if (found.isFile()) add(path, found)
            else unreadable.push({ path, reason: 'is not a regular file' })
          } catch (error) {
            if (extensions.has(extname(path).toLowerCase()))
              unreadable.push({ path, reason: reasonOf(error) })
          }
        }),
      )
    for (const path of inside.sort()) await enter(path)
    return entries.length
  }

  for (const name of named) {
    const path = resolve(name)
    const found = await stat(path).catch((cause: unknown) => {
      throw new AntiphonError('usage', `Cannot read ${name}: ${reasonOf(cause)}`, { cause })
    })
    if (found.isDirectory()) folders.push({ path, empty: (await enter(path)) === 0 })
    else if (found.isFile()) add(path, found)
    else throw new AntiphonError('usage', `Cannot read ${name}: it is neither a folder nor a file`)
  }
  const byPath = (a: { path: string }, b: { path: string }): number => (a.path < b.path ? -1 : 1)
  return { files: [...files.values()].sort(byPath), unreadable: unreadable.sort(byPath), folders }
}

/** Whether a path is the folder itself or lies under it. */
export function isUnder(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep)
}

/** What the system says of a file, in words. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  switch (code) {
    case 'ENOENT':
      return 'it does not exist'
    case 'EACCES':
    case 'EPERM':
      return 'no permission to read it'
    case 'ELOOP':
      return 'its links go in a circle'
    default:
      return message
  }
}

/** A name with its bytes beyond ASCII as \xNN, so that two bad names stay two. */
function escapedName(name: Buffer): string {
  return basename(
    [...name].map((byte) => (byte < 0x80 ? String.fromCharCode(byte) : `\\x${byte.toString(16)}`)).join(''),
  )
}
