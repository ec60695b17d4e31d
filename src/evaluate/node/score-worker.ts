import { parentPort, workerData } from 'node:worker_threads'
import { AntiphonError } from '../../errors/index.js'
import { nodeRuntime } from '../../graph/node.js'
import { scoreQueries } from '../score-queries.js'
import type { ScoreReply, ScoreRequest, ScoreWorkerData } from './score-in-threads.js'

const port = parentPort!
const { queries, items, ks, stop } = workerData as ScoreWorkerData

/** Asked between two products: a thread must not be ended within one. */
const signal = {
  throwIfAborted(): void {
    if (Atomics.load(stop, 0) === 1) throw new AntiphonError('interrupted', 'Interrupted')
  },
}

port.on('message', (request: ScoreRequest) => {
  if (request === 'end') port.close()
  else void score(request)
})

async function score(answers: Exclude<ScoreRequest, 'end'>): Promise<void> {
  let reply: ScoreReply
  try {
    const runtime = await nodeRuntime()
    const engine = { threads: 1 }
    reply = {
      kind: 'scores',
      scores: await scoreQueries({ queries, items, answers, ks, runtime, engine, signal }),
    }
  } catch (error) {
    const { message } = error as Error
    reply = {
      kind: 'error',
      error: { message, code: error instanceof AntiphonError ? error.code : 'failed' },
    }
  }
  port.postMessage(reply)
}
