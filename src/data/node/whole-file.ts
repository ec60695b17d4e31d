import { rename, rm, writeFile } from 'node:fs/promises'
import { AntiphonError } from '../../errors/index.js'

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full; free some space, then run the same again: what is there is kept',
  EDQUOT: 'your disk quota is used up; free some space, then run the same again: what is there is kept',
  EACCES: 'permission is missing; check who owns the folder',
  EPERM: 'the system does not permit it; check who owns the folder',
  EROFS: 'the file system is read-only; name another place',
  ENOTDIR: 'a part of the path is a file; name another place',
  EEXIST: 'a part of the path is a file; name another place',
  EISDIR: 'it is a folder; name another place',
  ENAMETOOLONG: 'the path is too long; name a shorter one',
}

/** Writes under another name first, so that a file under its own name is whole whatever happens. */
export async function writeWhole(path: string, data: Uint8Array | string): Promise<void> {
  const part = `${path}.part`
  try {
    await writeFile(part, data)
    await rename(part, path)
  } catch (error) {
    await rm(part, { force: true }).catch(() => undefined)
    throw error
  }
}

/** What the system says of a place that can't be written, with what to do; other errors as they are. */
export function writingError(error: unknown, path: string): unknown {
  if (error instanceof AntiphonError) return error
  const { code = '', message, path: at } = error as NodeJS.ErrnoException
  const reason = REASONS[code]
  return reason === undefined
    ? error
    : new AntiphonError('failed', `Cannot write ${at ?? path}: ${reason}`, { cause: message })
}
