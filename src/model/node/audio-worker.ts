import { parentPort, workerData } from 'node:worker_threads'
import { openProgram } from '../../graph/index.js'
import { nodeRuntime } from '../../graph/node.js'
import { audioEncoder } from '../joint-embedding.js'

export interface AudioWorkerData {
  /** Path of audio.onnx. */
  readonly program: string
}

/** One chunk, as many samples as the model wants. */
export type AudioRequest = Float32Array
export type AudioReply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'vector'; readonly vector: Float32Array }
  | { readonly kind: 'error'; readonly message: string }

const port = parentPort!
const reply = (message: AudioReply, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer)
const failure = (error: unknown): AudioReply => ({
  kind: 'error',
  message: error instanceof Error ? error.message : String(error),
})

try {
  const { program } = workerData as AudioWorkerData
  // One thread: as many workers as cores run side by side, and no vector depends on how many there are.
  const encoder = audioEncoder(await openProgram(await nodeRuntime(), program, { threads: 1 }))
  port.on('message', (chunk: AudioRequest) => {
    encoder.embed(chunk).then(
      (vector) => reply({ kind: 'vector', vector }, [vector.buffer as ArrayBuffer]),
      (error: unknown) => reply(failure(error)),
    )
  })
  reply({ kind: 'ready' })
} catch (error) {
  reply(failure(error))
}
