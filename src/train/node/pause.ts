import { setImmediate } from 'node:timers/promises'
import { AntiphonError } from '../../errors/index.js'

/** Between two parts of long work in one thread: signals are seen, and what is to be shown is. @throws AntiphonError `interrupted` */
export async function pause(signal: AbortSignal | undefined): Promise<void> {
  await setImmediate()
  if (signal?.aborted) throw new AntiphonError('interrupted', 'Interrupted', { cause: signal.reason })
}
