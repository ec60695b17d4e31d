import { mkdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import { AntiphonError } from '../../errors/index.js'

/**
 * Makes the folder that results are to be written to, before the long work.
 * @returns its absolute path; undefined where none is named
 * @throws AntiphonError `usage` where it can't be one
 */
export async function reportFolder(dir: string | undefined): Promise<string | undefined> {
  if (dir === undefined) return undefined
  const path = resolve(dir)
  try {
    await mkdir(path, { recursive: true })
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    const why = code === 'EEXIST' || code === 'ENOTDIR' ? 'a file is in its place' : message
    throw new AntiphonError('usage', `Cannot make the folder ${dir}: ${why}`, { cause })
  }
  return path
}
