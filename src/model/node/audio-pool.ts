import { Worker } from 'node:worker_threads'
import { AntiphonError } from '../../errors/index.js'
import type { Encoder, ItemChunk } from '../joint-embedding.js'
import type { AudioReply, AudioRequest, AudioWorkerData } from './audio-worker.js'

/** Longer than any chunk takes on a machine that is busy. */
const EXIT_PATIENCE_MS = 10_000

interface Job {
  readonly chunk: Float32Array | ItemChunk
  readonly resolve: (vector: Float32Array) => void
  readonly reject: (error: Error) => void
}

interface Member {
  readonly worker: Worker
  readonly slot: number
  readonly ended: Promise<void>
  job?: Job
  ready: boolean
}

/**
 * Embeds chunks on threads of its own, one chunk a thread at a time: ONNX Runtime's run blocks the thread that calls it.
 * Threads start when there is work for them, and keep the process alive only while they have some.
 *
 * A thread is never stopped in native code: ONNX Runtime's binding then aborts the whole process. So closing waits for the
 * chunks that are being embedded, and so does the end of the process, whatever ends it.
 */
export class AudioPool implements Encoder<Float32Array | ItemChunk> {
  private readonly queue: Job[] = []
  private readonly members = new Set<Member>()
  private readonly states: Int32Array
  /** How many threads to have at once: fewer than `size` after one could not start beside others that could. */
  private limit: number
  private closed = false

  /** @param programs paths or bytes of the programs that make up the audio side, in a row */
  constructor(
    private readonly programs: readonly (string | Uint8Array)[],
    private readonly size: number,
    private readonly executionProviders: readonly string[] = ['cpu'],
  ) {
    this.limit = size
    this.states = new Int32Array(new SharedArrayBuffer(4 * (size + 1)))
    process.on('exit', this.waitForNativeCode)
  }

  embed(chunk: Float32Array | ItemChunk): Promise<Float32Array> {
    if (this.closed) return Promise.reject(closedError())
    return new Promise((resolve, reject) => {
      this.queue.push({ chunk, resolve, reject })
      this.assign()
    })
  }

  async close(): Promise<void> {
    this.closed = true
    Atomics.store(this.states, this.size, 1)
    for (const { reject } of this.queue.splice(0)) reject(closedError())
    const members = [...this.members]
    this.members.clear()
    for (const { job, worker } of members) {
      job?.reject(closedError())
      worker.ref()
      this.post(worker, 'stop')
    }
    await Promise.all(members.map(({ ended }) => ended))
    process.off('exit', this.waitForNativeCode)
  }

  /** Gives waiting chunks to idle threads, and starts threads while there is more work than they can take. */
  private assign(): void {
    for (const member of this.members) {
      if (!member.ready || member.job) continue
      const job = this.queue.shift()
      if (!job) return
      member.job = job
      member.worker.ref()
      Atomics.store(this.states, member.slot, 1)
      this.post(member.worker, job.chunk)
    }
    const starting = [...this.members].filter(({ ready }) => !ready).length
    for (let missing = this.queue.length - starting; missing > 0 && this.members.size < this.limit; missing--)
      this.start()
  }

  private start(): void {
    const taken = new Set([...this.members].map((member) => member.slot))
    const slot = Array.from({ length: this.size }, (_, i) => i).find((i) => !taken.has(i))!
    Atomics.store(this.states, slot, 1)
    const workerData: AudioWorkerData = {
      programs: this.programs,
      executionProviders: this.executionProviders,
      states: this.states,
      slot,
    }
    const worker = new Worker(new URL('./audio-worker.js', import.meta.url), {
      workerData,
      execArgv: [], // the program's own flags may be meant for its entry, such as --input-type
    })
    const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
    const member: Member = { worker, slot, ended, ready: false }
    this.members.add(member)
    worker.on('message', (reply: AudioReply) => this.receive(member, reply))
    worker.on('error', (cause) => this.lose(member, crashError(cause.message, cause)))
    worker.on('exit', (code) => this.lose(member, crashError(`it ended with code ${code}`)))
  }

  private receive(member: Member, reply: AudioReply): void {
    if (!this.members.has(member)) return // closed meanwhile
    const { job, worker } = member
    member.job = undefined
    if (reply.kind === 'ready') member.ready = true
    else if (reply.kind === 'vector') job?.resolve(reply.vector)
    else if (job) job.reject(new AntiphonError('model', `The audio side could not run: ${reply.message}`))
    else {
      void worker.terminate() // it has nothing to run
      return this.lose(member, new AntiphonError('model', reply.message))
    }
    this.assign()
    if (!member.job) worker.unref()
  }

  /** A thread that ended takes its chunk with it; the last one that could not even load the model takes all that wait. */
  private lose(member: Member, error: AntiphonError): void {
    Atomics.store(this.states, member.slot, 0)
    if (!this.members.delete(member)) return
    member.job?.reject(error)
    if (!member.ready) {
      // Others go on with what waits, and no thread is tried again that would fail again.
      this.limit = this.members.size || this.size
      if (this.members.size === 0) for (const { reject } of this.queue.splice(0)) reject(error)
    }
    if (!this.closed) this.assign()
  }

  private post(worker: Worker, request: AudioRequest): void {
    worker.postMessage(request)
  }

  private readonly waitForNativeCode = (): void => {
    Atomics.store(this.states, this.size, 1)
    for (let slot = 0; slot < this.size; slot++) Atomics.wait(this.states, slot, 1, EXIT_PATIENCE_MS)
  }
}

function closedError(): AntiphonError {
  return new AntiphonError('interrupted', 'The model was closed while audio was being embedded')
}

function crashError(why: string, cause?: unknown): AntiphonError {
  return new AntiphonError('model', `The thread that embeds audio crashed: ${why}`, { cause })
}
