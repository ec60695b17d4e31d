import { Worker } from 'node:worker_threads'
import { AntiphonError } from '../../errors/index.js'
import type { Loaded, LoadRequest } from './loader.js'
import type { LoaderReply, LoaderRequest, LoaderWorkerData } from './loader-worker.js'

/** Longer than any part of a batch takes on a machine that is busy. */
const EXIT_PATIENCE_MS = 10_000

interface Job {
  readonly request: Exclude<LoaderRequest, { kind: 'stop' }>
  readonly resolve: (reply: LoaderReply) => void
  readonly reject: (error: Error) => void
}

/**
 * Work that a thread has at once: the engine blocks the thread that hands it out, and the one that loads must not stand still
 * until it is back.
 */
const JOBS_EACH = 2

interface Member {
  readonly worker: Worker
  readonly slot: number
  readonly ended: Promise<void>
  /** In the order in which they are answered. */
  readonly jobs: Job[]
  ready: boolean
}

/**
 * Threads that load parts of batches, in the order in which they were asked for. They start with the first
 * work. A thread is never stopped in native code, at which ONNX Runtime aborts the process: closing waits for what is under
 * way, and so does the end of the process.
 */
export class LoaderPool {
  private readonly queue: Job[] = []
  private readonly members = new Set<Member>()
  private readonly states: Int32Array
  private failure: AntiphonError | undefined

  constructor(
    private readonly size: number,
    private readonly options: Omit<LoaderWorkerData, 'states' | 'slot'>,
  ) {
    this.states = new Int32Array(new SharedArrayBuffer(4 * (size + 1)))
    process.on('exit', this.waitForNativeCode)
  }

  async load(request: LoadRequest): Promise<Loaded> {
    const reply = await this.ask({ kind: 'load', request })
    return (reply as LoaderReply & { kind: 'loaded' }).loaded
  }

  /** Half-precision features of one chunk, and their shape. */
  async features(waveform: Float32Array): Promise<{ numbers: Uint16Array; shape: number[] }> {
    return (await this.ask({ kind: 'features', waveform })) as LoaderReply & { kind: 'features' }
  }

  async close(): Promise<void> {
    this.fail(new AntiphonError('interrupted', 'The batches were closed'))
    Atomics.store(this.states, this.size, 1)
    const members = [...this.members]
    for (const { worker } of members) {
      worker.ref()
      worker.postMessage({ kind: 'stop' } satisfies LoaderRequest)
    }
    await Promise.all(members.map(({ ended }) => ended))
    process.off('exit', this.waitForNativeCode)
  }

  private ask(request: Job['request']): Promise<LoaderReply> {
    if (this.failure) return Promise.reject(this.failure)
    return new Promise((resolve, reject) => {
      this.queue.push({ request, resolve, reject })
      if (this.members.size < this.size) this.start(this.members.size)
      this.assign()
    })
  }

  /** Gives work to the thread that has the least, as long as one has not enough. */
  private assign(): void {
    while (this.queue.length > 0) {
      const ready = [...this.members].filter((member) => member.ready && member.jobs.length < JOBS_EACH)
      const [idlest] = ready.sort((a, b) => a.jobs.length - b.jobs.length)
      if (!idlest) return
      const job = this.queue.shift()!
      idlest.jobs.push(job)
      idlest.worker.ref()
      Atomics.add(this.states, idlest.slot, 1)
      idlest.worker.postMessage(job.request)
    }
  }

  private start(slot: number): void {
    Atomics.store(this.states, slot, 1)
    const workerData: LoaderWorkerData = { ...this.options, states: this.states, slot }
    const worker = new Worker(new URL('./loader-worker.js', import.meta.url), {
      workerData,
      execArgv: [], // the program's own flags may be meant for its entry
    })
    const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
    const member: Member = { worker, slot, ended, jobs: [], ready: false }
    this.members.add(member)
    worker.on('message', (reply: LoaderReply) => this.receive(member, reply))
    worker.on('error', (cause) => this.lose(member, cause))
    worker.on('exit', (code) => this.lose(member, new Error(`it ended with code ${code}`)))
  }

  private receive(member: Member, reply: LoaderReply): void {
    if (this.failure) return // nobody waits for it any more
    if (reply.kind === 'ready') member.ready = true
    else if (!member.ready)
      return this.fail(errorOf(reply)) // it can't even start
    else {
      const { resolve, reject } = member.jobs.shift()!
      if (reply.kind === 'error') reject(errorOf(reply))
      else resolve(reply)
    }
    this.assign()
    if (member.jobs.length === 0) member.worker.unref()
  }

  /** A thread that crashes would crash again: the batches end. */
  private lose(member: Member, cause: Error): void {
    Atomics.store(this.states, member.slot, 0)
    if (!this.members.delete(member)) return
    this.fail(new AntiphonError('failed', `A thread that loads batches crashed: ${cause.message}`, { cause }))
  }

  private fail(error: AntiphonError): void {
    this.failure ??= error
    for (const { reject } of this.queue.splice(0)) reject(this.failure)
    for (const { jobs } of this.members) for (const { reject } of jobs.splice(0)) reject(this.failure)
  }

  private readonly waitForNativeCode = (): void => {
    Atomics.store(this.states, this.size, 1)
    for (let slot = 0; slot < this.size; slot++)
      for (let left = Atomics.load(this.states, slot); left > 0; left = Atomics.load(this.states, slot))
        if (Atomics.wait(this.states, slot, left, EXIT_PATIENCE_MS) === 'timed-out') break
  }
}

function errorOf(reply: LoaderReply): AntiphonError {
  const { code, message } = (reply as LoaderReply & { kind: 'error' }).error
  return new AntiphonError(code, message)
}
