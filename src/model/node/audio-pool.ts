import { Worker } from 'node:worker_threads'
import { AntiphonError } from '../../errors/index.js'
import type { Encoder } from '../joint-embedding.js'
import type { AudioReply, AudioWorkerData } from './audio-worker.js'

interface Job {
  readonly chunk: Float32Array
  readonly resolve: (vector: Float32Array) => void
  readonly reject: (error: Error) => void
}

interface Member {
  readonly worker: Worker
  job?: Job
  ready: boolean
}

/**
 * Embeds chunks on threads of its own, one chunk a thread at a time: ONNX Runtime's run blocks the thread that calls it.
 * Threads start when there is work for them, and keep the process alive only while they have some.
 */
export class AudioPool implements Encoder<Float32Array> {
  private readonly queue: Job[] = []
  private readonly members = new Set<Member>()
  private closed = false

  constructor(
    private readonly data: AudioWorkerData,
    private readonly size: number,
  ) {}

  embed(chunk: Float32Array): Promise<Float32Array> {
    if (this.closed) return Promise.reject(closedError())
    return new Promise((resolve, reject) => {
      this.queue.push({ chunk, resolve, reject })
      this.assign()
    })
  }

  async close(): Promise<void> {
    this.closed = true
    for (const { reject } of this.queue.splice(0)) reject(closedError())
    const members = [...this.members]
    this.members.clear()
    for (const { job } of members) job?.reject(closedError())
    await Promise.all(members.map(({ worker }) => worker.terminate()))
  }

  /** Gives waiting chunks to idle threads, and starts threads while there is more work than they can take. */
  private assign(): void {
    for (const member of this.members) {
      if (!member.ready || member.job) continue
      const job = this.queue.shift()
      if (!job) return
      member.job = job
      member.worker.ref()
      member.worker.postMessage(job.chunk)
    }
    const starting = [...this.members].filter(({ ready }) => !ready).length
    for (let missing = this.queue.length - starting; missing > 0 && this.members.size < this.size; missing--)
      this.start()
  }

  private start(): void {
    const worker = new Worker(new URL('./audio-worker.js', import.meta.url), {
      workerData: this.data,
      execArgv: [], // the program's own flags may be meant for its entry, such as --input-type
    })
    const member: Member = { worker, ready: false }
    this.members.add(member)
    worker.on('message', (reply: AudioReply) => this.receive(member, reply))
    worker.on('error', (cause) => this.lose(member, crashError(cause.message, cause)))
    worker.on('exit', (code) => this.lose(member, crashError(`it ended with code ${code}`)))
  }

  private receive(member: Member, reply: AudioReply): void {
    const { job, worker } = member
    member.job = undefined
    if (reply.kind === 'ready') member.ready = true
    else if (reply.kind === 'vector') job?.resolve(reply.vector)
    else if (job) job.reject(new AntiphonError('model', `The audio side could not run: ${reply.message}`))
    else return this.lose(member, new AntiphonError('model', reply.message))
    this.assign()
    if (!member.job) worker.unref()
  }

  /** A thread that ended takes its chunk with it; one that could not even load the model takes all that wait. */
  private lose(member: Member, error: AntiphonError): void {
    if (!this.members.delete(member)) return
    void member.worker.terminate()
    member.job?.reject(error)
    if (!member.ready) for (const { reject } of this.queue.splice(0)) reject(error)
    else if (!this.closed) this.assign()
  }
}

function closedError(): AntiphonError {
  return new AntiphonError('interrupted', 'The model was closed while audio was being embedded')
}

function crashError(why: string, cause?: unknown): AntiphonError {
  return new AntiphonError('model', `The thread that embeds audio crashed: ${why}`, { cause })
}
