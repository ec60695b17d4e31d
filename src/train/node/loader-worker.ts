import { parentPort, workerData } from 'node:worker_threads'
import { AntiphonError, type ErrorCode } from '../../errors/index.js'
import { openProgram } from '../../graph/index.js'
import { nodeRuntime } from '../../graph/node.js'
import { createTokenizer } from '../../text/index.js'
import type { SpecAugment } from '../spec-augment.js'
import { Loader, type Loaded, type LoadRequest } from './loader.js'

export interface LoaderWorkerData {
  readonly samples: number
  /** An ONNX program. */
  readonly features?: Uint8Array
  readonly specAugment: SpecAugment
  /** A tokenizer.json. */
  readonly tokenizer?: Uint8Array
  readonly maxTokens: number
  /** One number a thread: what it has to do yet, in native code perhaps; after them 1 once all are to stop. Shared. */
  readonly states: Int32Array
  /** Which of the numbers is this thread's. */
  readonly slot: number
}

export type LoaderRequest =
  | { readonly kind: 'load'; readonly request: LoadRequest }
  | { readonly kind: 'features'; readonly waveform: Float32Array }
  | { readonly kind: 'stop' }

export type LoaderReply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'loaded'; readonly loaded: Loaded }
  | { readonly kind: 'features'; readonly numbers: Uint16Array; readonly shape: number[] }
  | { readonly kind: 'error'; readonly error: { readonly message: string; readonly code: ErrorCode } }

const port = parentPort!
const { features, tokenizer, states, slot, ...options } = workerData as LoaderWorkerData

function done(): void {
  Atomics.sub(states, slot, 1)
  Atomics.notify(states, slot)
}

async function answer(work: () => Promise<LoaderReply>): Promise<void> {
  let reply: LoaderReply
  try {
    reply = await work()
  } catch (error) {
    const code = error instanceof AntiphonError ? error.code : 'failed'
    reply = { kind: 'error', error: { message: (error as Error).message, code } }
  }
  done()
  port.postMessage(reply, buffersOf(reply))
}

function buffersOf(reply: LoaderReply): ArrayBuffer[] {
  if (reply.kind === 'features') return [reply.numbers.buffer as ArrayBuffer]
  if (reply.kind !== 'loaded') return []
  const { audio, second, inputIds, attentionMask } = reply.loaded
  const values = [inputIds, attentionMask, audio, second]
  return values.flatMap((value) => (value ? [value.data.buffer as ArrayBuffer] : []))
}

await answer(async () => {
  const loader = new Loader({
    ...options,
    // One thread: the engine has the others.
    features: features && (await openProgram(await nodeRuntime(), features, { threads: 1 })),
    tokenizer: tokenizer && createTokenizer(tokenizer, { maxTokens: options.maxTokens }),
  })
  let turn = Promise.resolve()
  port.on('message', (message: LoaderRequest) => {
    turn = turn.then(async () => {
      if (message.kind === 'stop') port.close()
      else if (Atomics.load(states, states.length - 1) === 1) done()
      else if (message.kind === 'load')
        await answer(async () => ({ kind: 'loaded', loaded: await loader.load(message.request) }))
      else await answer(async () => ({ kind: 'features', ...(await loader.features(message.waveform)) }))
    })
  })
  return { kind: 'ready' }
})
