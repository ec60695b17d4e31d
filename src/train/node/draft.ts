import { open, readdir, rename, rm, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { AntiphonError } from '../../errors/index.js'

const DRAFT = /\.(\d+)\.part$/

/**
 * Writes a file under another name first, and gives it its own once it is whole and on the disk: whatever ends the process,
 * a file under its own name is whole. Two processes that make the same file don't meet.
 * @throws AntiphonError `failed` when the disk is full or can't be written; other errors as `write` throws them
 */
export async function writeWhole(path: string, write: (file: FileHandle) => Promise<void>): Promise<void> {
  const draft = `${path}.${process.pid}.part`
  try {
    const file = await open(draft, 'w')
    try {
      await write(file)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true })
    throw asWriteError(error, path)
  }
}

/** What the system says of writing, as an error that names the file; other errors stay what they are. */
export function asWriteError(error: unknown, path: string): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException
  if (code === undefined || syscall === undefined) return error
  const reason = code === 'ENOSPC' ? 'the disk is full' : (error as Error).message
  return new AntiphonError('failed', `Cannot write ${path}: ${reason}`, { cause: error })
}

/** Removes what killed processes left half written, files and folders. */
export async function removeDrafts(dir: string): Promise<void> {
  for (const name of await namesIn(dir)) {
    const writer = DRAFT.exec(name)?.[1]
    if (writer !== undefined && !isAlive(Number(writer)))
      await rm(join(dir, name), { force: true, recursive: true })
  }
}

/** None where there is no such folder. */
export async function namesIn(dir: string): Promise<string[]> {
  try {
    return await readdir(dir)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
