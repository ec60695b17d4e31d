import { rename, rm, writeFile } from 'node:fs/promises'
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

/** Writes files that belong together: each whole or not at all, and none is put in place before all are written. */
export async function writeWhole(
  ...files: readonly [path: string, content: string | Uint8Array][]
): Promise<void> {
  const drafts = files.map(([path]) => `${path}.${process.pid}.part`)
  let current = ''
  try {
    for (const [place, [path, content]] of files.entries()) {
      current = path
      await writeFile(drafts[place], content)
    }
    for (const [place, [path]] of files.entries()) {
      current = path
      await rename(drafts[place], path)
    }
  } catch (cause) {
    for (const draft of drafts) await rm(draft, { force: true }).catch(() => undefined)
    const { code = '', message } = cause as NodeJS.ErrnoException
    throw new AntiphonError('failed', `Cannot write ${current}: ${REASONS[code]?.(current) ?? message}.`, {
      cause,
    })
  }
}
