import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { AntiphonError } from '../../errors/index.js'
import { demoPieces, type DemoPlan } from '../demo-plan.js'
import { isRecorded } from './record.js'
import type { WorkerReply, WorkerTask } from './worker.js'

const MOST_WORKERS = 8 // each holds the sound bank: about 300 MB

export interface DemoProgress {
  /** Pieces that are there now, those kept from before among them. */
  done: number
  total: number
  /** The piece that was made last: its path without extension. */
  path: string
  /** Its length. */
  seconds: number
}

export interface DemoLibraryOptions extends DemoPlan {
  /** Where to; made if it isn't there. */
  dir: string
  /** Threads. @default one a processor, at most 8 */
  workers?: number
  onProgress?: (progress: DemoProgress) => void
  signal?: AbortSignal
}

export interface DemoSummary {
  /** Pieces in the library. */
  total: number
  made: number
  kept: number
}

/**
 * Makes the demo library: for each piece `style/nn-title.flac` (44.1 kHz, stereo, tagged), `.mid`, and `.json` with
 * everything the composer knows, the caption too. The same options give the same bytes, whatever the number of workers;
 * pieces that are there already are kept, and an interrupted run goes on where it was.
 *
 * @throws AntiphonError `interrupted` when the signal fires, `failed` when a piece cannot be made
 */
export async function makeDemoLibrary(options: DemoLibraryOptions): Promise<DemoSummary> {
  const { dir, onProgress, signal, workers = availableParallelism(), ...plan } = options
  const missing: string[] = []
  let total = 0
  for (const entry of demoPieces(plan)) {
    total++
    if (!(await isRecorded(dir, entry))) missing.push(entry.path)
  }
  const made = missing.length
  const kept = total - made
  let done = kept
  const count = Math.max(1, Math.min(workers, MOST_WORKERS, missing.length))
  const queue = missing.values()
  if (made > 0) {
    await withWorkers(count, { dir, plan }, queue, signal, ({ path, seconds }) => {
      done++
      onProgress?.({ done, total, path, seconds })
    })
  }
  return { total, made, kept }
}

/** Hands the queue out to workers, one piece at a time, until it is empty or something fails. */
async function withWorkers(
  count: number,
  task: WorkerTask,
  queue: Iterator<string>,
  signal: AbortSignal | undefined,
  onMade: (reply: WorkerReply) => void,
): Promise<void> {
  const stop = (): AntiphonError => new AntiphonError('interrupted', 'Stopped while making the demo library')
  if (signal?.aborted) throw stop()
  const workers: Worker[] = []
  let aborted: (() => void) | undefined
  try {
    const abort = new Promise<never>((_, reject) => {
      aborted = () => reject(stop())
      signal?.addEventListener('abort', aborted, { once: true })
    })
    const runs = Array.from({ length: count }, () => {
      const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: task })
      workers.push(worker)
      return drain(worker, queue, onMade)
    })
    await Promise.race([Promise.all(runs), abort])
  } finally {
    if (aborted) signal?.removeEventListener('abort', aborted)
    await Promise.all(workers.map((worker) => worker.terminate()))
  }
}

function drain(worker: Worker, queue: Iterator<string>, onMade: (reply: WorkerReply) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    let path = ''
    const hand = (): void => {
      const next = queue.next()
      if (next.done) return resolve()
      path = next.value
      worker.postMessage(path)
    }
    worker.on('message', (reply: WorkerReply) => {
      onMade(reply)
      hand()
    })
    const fail = (cause: unknown): void =>
      reject(new AntiphonError('failed', `Could not make the piece "${path}": ${String(cause)}`, { cause }))
    worker.on('error', fail)
    worker.on('exit', (code) => fail(new Error(`a worker ended with code ${code}`)))
    hand()
  })
}
