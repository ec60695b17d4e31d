import { availableParallelism } from 'node:os'
import { demoPieces, type DemoPlan } from '../demo-plan.js'
import { isRecorded } from './record.js'
import type { WorkerReply, WorkerTask } from './worker.js'
import { withWorkers } from './workers.js'

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
  if (made > 0) {
    await withWorkers<string, WorkerReply>({
      entry: new URL('./worker.js', import.meta.url),
      count,
      workerData: { dir, plan } satisfies WorkerTask,
      tasks: missing.values(),
      what: 'the demo library',
      nameOf: (path) => path,
      signal,
      onReply: ({ path, seconds }) => {
        done++
        onProgress?.({ done, total, path, seconds })
      },
    })
  }
  return { total, made, kept }
}
