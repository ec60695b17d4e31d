import { parentPort, workerData } from 'node:worker_threads'
import { openProgram } from '../../graph/index.js'
import { nodeRuntime } from '../../graph/node.js'
import { audioEncoder, type ItemChunk } from '../joint-embedding.js'
import { programRow } from '../program-row.js'

export interface AudioWorkerData {
  /** Paths or bytes of the programs that make up the audio side, in a row. */
  readonly programs: readonly (string | Uint8Array)[]
  readonly executionProviders: readonly string[]
  /** One number a thread, 1 while it is in native code; after them 1 once all are to stop. Shared. */
  readonly states: Int32Array
  /** Which of the numbers is this thread's. */
  readonly slot: number
}

/** One chunk, as many samples as the model wants, with the factors of its item where the programs take them. */
export type AudioRequest = Float32Array | ItemChunk | 'stop'
export type AudioReply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'vector'; readonly vector: Float32Array }
  | { readonly kind: 'error'; readonly message: string }

const port = parentPort!
const { programs, executionProviders, states, slot } = workerData as AudioWorkerData

/** Does what may be in native code, and says when it is over. */
async function answer(work: () => Promise<AudioReply>): Promise<void> {
  let reply: AudioReply
  try {
    reply = await work()
  } catch (error) {
    reply = { kind: 'error', message: error instanceof Error ? error.message : String(error) }
  }
  Atomics.store(states, slot, 0)
  Atomics.notify(states, slot)
  port.postMessage(reply, reply.kind === 'vector' ? [reply.vector.buffer as ArrayBuffer] : [])
}

await answer(async () => {
  // One thread: as many workers as cores run side by side, and no vector depends on how many there are.
  const runtime = await nodeRuntime()
  const opened = await Promise.all(
    programs.map((program) => openProgram(runtime, program, { threads: 1, executionProviders })),
  )
  const encoder = audioEncoder(programRow(opened))
  port.on('message', (request: AudioRequest) => {
    if (request === 'stop') port.close()
    else if (Atomics.load(states, states.length - 1) === 1) Atomics.store(states, slot, 0)
    else void answer(async () => ({ kind: 'vector', vector: await encoder.embed(request) }))
  })
  return { kind: 'ready' }
})
