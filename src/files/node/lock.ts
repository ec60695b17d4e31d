import { randomUUID } from 'node:crypto'
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { AntiphonError } from '../../errors/index.js'

/** A process that is writing to a folder. */
export interface Writer {
  readonly pid: number
  /** The machine that it runs on. */
  readonly host: string
  /** ISO 8601. */
  readonly since: string
}

/** Who holds a folder, as its lock file says. */
interface Holder extends Writer {
  /** When the process began, where the system tells: a pid alone may have been given to another one. */
  readonly processStart: string | null
  readonly token: string
}

export interface Lock {
  release(): Promise<void>
}

const ATTEMPTS = 20
const RETRY_MS = 20

/**
 * Takes a folder for writing, such as a catalog or a training run; readers need no lock. A lock left by a dead process is taken over.
 * Errors: `locked`, with the process and since when; `failed` where nothing can be written.
 */
export async function takeLock(dir: string): Promise<Lock> {
  const path = join(dir, 'lock')
  const holder: Holder = {
    pid: process.pid,
    host: hostname(),
    processStart: await processStart(process.pid),
    since: new Date().toISOString(),
    token: randomUUID(),
  }
  // Written whole under another name and then linked, so that nobody ever reads half a lock.
  const mine = `${path}.${holder.token}`
  await writeFile(mine, JSON.stringify(holder)).catch((cause: unknown) => {
    throw new AntiphonError('failed', `Cannot write to ${dir}: ${(cause as Error).message}`, {
      cause,
    })
  })
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (await linked(mine, path)) return { release: () => release(path, holder.token) }
      const other = await holderOf(path)
      if (other === undefined) continue // released just now
      if (await isAlive(other)) throw lockedBy(other, path)
      if (await takenOver(path, mine, other.token)) return { release: () => release(path, holder.token) }
      await sleep(RETRY_MS)
    }
  } finally {
    await rm(mine, { force: true })
  }
  throw new AntiphonError('locked', `${dir} is being taken by other processes; try again`)
}

/** Who writes to a folder now; the lock of a dead process is nobody's. */
export async function writerOf(dir: string): Promise<Writer | null> {
  const holder = await holderOf(join(dir, 'lock'))
  if (!holder || !(await isAlive(holder))) return null
  const { pid, host, since } = holder
  return { pid, host, since }
}

/**
 * Puts our lock in the place of a dead process's. Of several that try, one gets the second lock under which this is done;
 * nobody else changes a lock whose holder is dead, so what it finds there is still there when it is replaced.
 */
async function takenOver(path: string, mine: string, deadToken: string): Promise<boolean> {
  const second = `${path}.takeover`
  if (!(await linked(mine, second))) {
    const other = await holderOf(second)
    if (other && !(await isAlive(other))) await rm(second, { force: true }) // it died in the middle of this
    return false
  }
  try {
    if ((await holderOf(path))?.token !== deadToken) return false
    const copy = `${mine}.copy`
    await link(mine, copy)
    await rename(copy, path)
    return true
  } finally {
    await rm(second, { force: true })
  }
}

function lockedBy(other: Holder, path: string): AntiphonError {
  const where = other.host === hostname() ? '' : ` on ${other.host}`
  const hint = where === '' ? 'wait for it, or stop it' : `if it is no longer running, delete ${path}`
  return new AntiphonError(
    'locked',
    `Process ${other.pid}${where} has been writing to ${dirname(path)} since ${other.since}; ${hint}`,
  )
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

async function release(path: string, token: string): Promise<void> {
  if ((await holderOf(path))?.token === token) await rm(path, { force: true })
}

async function holderOf(path: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Holder
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    // A disk that lost power may leave an empty file; nobody living has written that.
    if (error instanceof SyntaxError)
      return { pid: -1, host: hostname(), processStart: null, since: '?', token: '' }
    throw error
  }
}

async function isAlive({ pid, host, processStart: started }: Holder): Promise<boolean> {
  if (host !== hostname()) return true // nobody here can tell
  if (pid <= 0) return false
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
  }
  const now = await processStart(pid)
  return started === null || now === null || started === now
}

/** Boot and clock tick of the process's start, from Linux's /proc; null elsewhere. */
async function processStart(pid: number): Promise<string | null> {
  try {
    const boot = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim()
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    // proc(5): the name, field 2, is in parentheses and may hold anything; starttime is field 22.
    return `${boot} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`
  } catch {
    return null
  }
}
