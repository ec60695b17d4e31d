import { realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { AntiphonError } from '../errors/index.js'

const REASONS: Readonly<Record<string, (path: string) => string>> = {
  ENOENT: (path) => `the folder ${dirname(path)} does not exist; make it first, or name another place`,
  ENOTDIR: (path) => `${dirname(path)} is not a folder; name another place`,
  EISDIR: (path) => `${path} is a folder; name a file`,
  EACCES: (path) => `permission is missing; check who owns ${dirname(path)}`,
  EROFS: () => 'the file system is read-only; name another place',
  ENOSPC: () => 'the disk is full; free some space',
}

interface Place {
  /** Behind symbolic links. */
  readonly target: string
  /** Where the content is written first: beside the target, or into it where that is a pipe or a device. */
  readonly draft: string
}

/**
 * Writes files that belong together: each whole or not at all, and none is put in place before all are written. Symbolic
 * links stay, and what they point to is written; pipes and devices are written into.
 */
export async function writeWhole(
  ...files: readonly [path: string, content: string | Uint8Array][]
): Promise<void> {
  const drafts: string[] = []
  let current = ''
  try {
    const places: Place[] = []
    for (const [path, content] of files) {
      current = path
      const place = await placeOf(path)
      places.push(place)
      if (place.draft !== place.target) drafts.push(place.draft)
      await writeFile(place.draft, content)
    }
    for (const [i, { target, draft }] of places.entries()) {
      current = files[i][0]
      if (draft !== target) await rename(draft, target)
    }
  } catch (cause) {
    for (const draft of drafts) await rm(draft, { force: true }).catch(() => undefined)
    const { code = '', message } = cause as NodeJS.ErrnoException
    throw new AntiphonError('failed', `Cannot write ${current}: ${REASONS[code]?.(current) ?? message}.`, {
      cause,
    })
  }
}

/** Where to write what is to be at a path. */
export async function placeOf(path: string): Promise<Place> {
  const target = await realpath(path).catch(() => path)
  const there = await stat(target).catch(() => undefined)
  const special = there !== undefined && !there.isFile() && !there.isDirectory()
  return { target, draft: special ? target : `${target}.${process.pid}.part` }
}
