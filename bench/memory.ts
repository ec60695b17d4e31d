import { existsSync, readFileSync, readdirSync } from 'node:fs'

/** Memory of a process and all its descendants at one moment. */
export interface MemorySample {
  /** `performance.now()`, milliseconds. */
  readonly at: number
  /** Resident bytes, summed over the tree; pages that processes share count once for each, so this is an upper bound. */
  readonly bytes: number
}

/** Only Linux tells through /proc; elsewhere memory is not measured. */
export const canMeasureMemory = existsSync('/proc/self/statm')

const PAGE_BYTES = 4096 // x64 and most arm64 kernels; /proc/PID/statm counts in pages

/** Resident bytes now of the process and its descendants; 0 when it is gone. */
export function treeBytes(pid: number): number {
  const parents = new Map<number, number>()
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    const parent = parentOf(Number(entry))
    if (parent !== undefined) parents.set(Number(entry), parent)
  }
  let bytes = 0
  for (const process of parents.keys()) if (isWithin(process, pid, parents)) bytes += residentBytes(process)
  return bytes
}

/** Samples a tree until stopped. */
export class MemorySampler {
  readonly samples: MemorySample[] = []
  readonly #timer: NodeJS.Timeout | undefined

  constructor(pid: number, { everyMs = 100 }: { everyMs?: number } = {}) {
    if (!canMeasureMemory) return
    const take = () => {
      this.samples.push({ at: performance.now(), bytes: treeBytes(pid) })
    }
    take()
    this.#timer = setInterval(take, everyMs)
    this.#timer.unref()
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  /** Largest sample between two moments; 0 where there is none. */
  peakBytes({ from = -Infinity, to = Infinity } = {}): number {
    return Math.max(0, ...this.samples.filter(({ at }) => at >= from && at < to).map(({ bytes }) => bytes))
  }
}

function parentOf(pid: number): number | undefined {
  const stat = read(`/proc/${pid}/stat`)
  // "pid (command) state parent …"; the command may hold spaces and brackets, so count from the last one.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields ? Number(fields[1]) : undefined
}

function residentBytes(pid: number): number {
  return Number(read(`/proc/${pid}/statm`)?.split(' ')[1] ?? 0) * PAGE_BYTES
}

function isWithin(pid: number, ancestor: number, parents: ReadonlyMap<number, number>): boolean {
  for (let at: number | undefined = pid; at; at = parents.get(at)) if (at === ancestor) return true
  return false
}

/** A process may end between being listed and being read. */
function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return undefined
  }
}
