import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AntiphonError } from '../../errors/index.js'

/** Reads a file of a model directory. @throws AntiphonError `model` */
export async function readModelFile(dir: string, name: string): Promise<Uint8Array> {
  const path = join(dir, name)
  try {
    return await readFile(path)
  } catch (cause) {
    throw unreadable(path, cause)
  }
}

/** Hash of a file that need not fit in memory. @throws AntiphonError `model` */
export async function hashModelFile(dir: string, name: string): Promise<string> {
  const path = join(dir, name)
  const hash = createHash('sha256')
  try {
    for await (const block of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(block as Buffer)
  } catch (cause) {
    throw unreadable(path, cause)
  }
  return hash.digest('hex')
}

/** Sizes and times of change: equal as long as nobody touches the files. @throws AntiphonError `model` */
export async function stampOf(dir: string, names: readonly string[]): Promise<string> {
  const stamps = names.map(async (name) => {
    const path = join(dir, name)
    try {
      const { size, mtimeMs } = await stat(path)
      return `${name} ${size} ${mtimeMs}`
    } catch (cause) {
      throw unreadable(path, cause)
    }
  })
  return (await Promise.all(stamps)).join('\n')
}

function unreadable(path: string, cause: unknown): AntiphonError {
  const { code } = cause as NodeJS.ErrnoException
  const why = code === 'ENOENT' ? 'is missing' : `can't be read (${code ?? String(cause)})`
  return new AntiphonError('model', `${path} ${why}; the model directory is not whole`, { cause })
}
