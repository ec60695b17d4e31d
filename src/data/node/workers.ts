import { Worker } from 'node:worker_threads'
import { AntiphonError } from '../../errors/index.js'

export interface WorkersOptions<Task, Reply> {
  /** The compiled entry of a worker: it takes a task at a time, and replies to each. */
  entry: URL
  count: number
  /** What each is started with. */
  workerData: unknown
  tasks: Iterator<Task>
  /** "the demo library" */
  what: string
  /** How a task is named in an error. */
  nameOf: (task: Task) => string
  onReply: (reply: Reply) => void
  signal?: AbortSignal
}

/**
 * Hands tasks out to worker threads, one at a time each, until all are done or something fails.
 * @throws AntiphonError `interrupted` when the signal fires, `failed` when a worker fails
 */
export async function withWorkers<Task, Reply>(options: WorkersOptions<Task, Reply>): Promise<void> {
  const { entry, count, workerData, what, signal } = options
  const stop = (): AntiphonError => new AntiphonError('interrupted', `Stopped while making ${what}`)
  if (signal?.aborted) throw stop()
  const workers: Worker[] = []
  let aborted: (() => void) | undefined
  try {
    const abort = new Promise<never>((_, reject) => {
      aborted = () => reject(stop())
      signal?.addEventListener('abort', aborted, { once: true })
    })
    const runs = Array.from({ length: count }, () => {
      const worker = new Worker(entry, { workerData })
      workers.push(worker)
      return drain(worker, options)
    })
    await Promise.race([Promise.all(runs), abort])
  } finally {
    if (aborted) signal?.removeEventListener('abort', aborted)
    await Promise.all(workers.map((worker) => worker.terminate()))
  }
}

function drain<Task, Reply>(
  worker: Worker,
  { tasks, nameOf, onReply }: WorkersOptions<Task, Reply>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let current = ''
    const hand = (): void => {
      const next = tasks.next()
      if (next.done) return resolve()
      current = nameOf(next.value)
      worker.postMessage(next.value)
    }
    worker.on('message', (reply: Reply) => {
      onReply(reply)
      hand()
    })
    const fail = (cause: unknown): void =>
      reject(
        (cause as { code?: string } | undefined)?.code === 'failed'
          ? new AntiphonError('failed', (cause as Error).message, { cause })
          : new AntiphonError('failed', `Could not make the piece "${current}": ${String(cause)}`, { cause }),
      )
    worker.on('error', fail)
    worker.on('exit', (code) => fail(new Error(`a worker ended with code ${code}`)))
    hand()
  })
}
