import { parentPort, workerData } from 'node:worker_threads'
import { demoPieces, type DemoEntry, type DemoPlan } from '../demo-plan.js'
import { record } from './record.js'
import { loadSoundBank } from './synthesizer.js'

/** What a worker is started with; then it takes paths of pieces, one at a time. */
export interface WorkerTask {
  dir: string
  plan: DemoPlan
}

export interface WorkerReply {
  path: string
  seconds: number
}

const { dir, plan } = workerData as WorkerTask
const entries = new Map<string, DemoEntry>()
for (const entry of demoPieces(plan)) entries.set(entry.path, entry)
const bank = loadSoundBank()

parentPort?.on('message', (path: string) => {
  const entry = entries.get(path)
  if (!entry) throw new Error(`Unknown piece "${path}"`)
  void record(dir, entry, bank).then(({ seconds }) =>
    parentPort?.postMessage({ path, seconds } satisfies WorkerReply),
  )
})
