import { mkdir } from 'node:fs/promises'
import type { IndexEvent } from '../catalog.js'
import { EventQueue } from './event-queue.js'
import { takeLock } from '../../files/node.js'
import { storeError } from './store-error.js'

/** Runs something that changes the catalog of a folder, which is made if need be. Errors: `locked`, `failed`. */
export async function underLock<T>(dir: string, work: () => Promise<T>): Promise<T> {
  try {
    await mkdir(dir, { recursive: true })
    const lock = await takeLock(dir)
    try {
      return await work()
    } finally {
      await lock.release()
    }
  } catch (error) {
    throw storeError(error, dir)
  }
}

export interface LongWork {
  readonly dir: string
  /** Called before anything is made or locked; throws where the work can't be. */
  readonly allowed?: () => Promise<void>
  readonly signal?: AbortSignal
}

/** The same for long work, handing on what it tells. The work is stopped when the reader of the events goes away, too. */
export async function* eventsUnderLock(
  { dir, allowed, signal }: LongWork,
  work: (emit: (event: IndexEvent) => void, signal: AbortSignal) => Promise<void>,
): AsyncGenerator<IndexEvent, void, void> {
  await allowed?.()
  const gone = new AbortController()
  const stop = signal ? AbortSignal.any([signal, gone.signal]) : gone.signal
  const events = new EventQueue<IndexEvent>()
  const ended = underLock(dir, () => work((event) => events.push(event), stop)).finally(() => events.end())
  ended.catch(() => undefined) // it is awaited below
  try {
    yield* events
    await ended
  } finally {
    gone.abort()
    await ended.catch(() => undefined)
  }
}
