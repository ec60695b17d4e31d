import { Worker } from 'node:worker_threads'
import { answersOf, type Answers } from '../answers.js'
import { AntiphonError, type ErrorCode } from '../../errors/index.js'
import { QueryScoring, type QueryScores } from '../query-scores.js'
import { answered, byFirstAnswer, scoreQueries, type ScoreQueriesOptions } from '../score-queries.js'
import type { Vectors } from '../vectors.js'

/** What a thread is given to begin with; numbers are shared, not copied. */
export interface ScoreWorkerData {
  readonly queries: Vectors
  readonly items: Vectors
  readonly ks?: readonly number[]
  /** 1 once all are to stop. */
  readonly stop: Int32Array
}

/** Some of the queries: the others have no answers. */
export type ScoreRequest = Answers | 'end'

export type ScoreReply =
  | { readonly kind: 'scores'; readonly scores: QueryScores }
  | { readonly kind: 'error'; readonly error: { readonly message: string; readonly code: ErrorCode } }

export interface ScoreInThreadsOptions extends ScoreQueriesOptions {
  /** Scores that are worth threads of their own; fewer are counted in this one. @default 100 million, about half a second */
  readonly least?: number
}

const LEAST = 1e8

const PARTS_A_THREAD = 4 // so that none waits long for another that has less of its core

/**
 * The same as `scoreQueries`, to the bit, with as many threads as the engine has: each makes products and counts for some of
 * the queries, by itself, where a product that is shared by threads ends when the last one does.
 */
export async function scoreInThreads(options: ScoreInThreadsOptions): Promise<QueryScores> {
  const { queries, items, answers, ks, engine = {}, tile, least = LEAST, onProgress, signal } = options
  const { threads = 1, executionProviders = ['cpu'] } = engine
  const isSmall = queries.count * items.count < least
  if (isSmall || threads < 2 || tile || executionProviders.some((name) => name !== 'cpu'))
    return scoreQueries(options)
  const query = answered(answers)
  const whole = new QueryScoring({ queries: queries.count, items: items.count, query, ks })
  const parts = partsOf(byFirstAnswer(query, answers), threads * PARTS_A_THREAD)
  let scored = 0
  let failure: { readonly error: unknown } | undefined
  const stop = new Int32Array(new SharedArrayBuffer(4))
  const data: ScoreWorkerData = { queries: shared(queries), items: shared(items), ks, stop }
  const queue = parts.values()
  const halt = (): void => void Atomics.store(stop, 0, 1)
  signal?.throwIfAborted()
  const work = async (): Promise<void> => {
    try {
      await withWorker(data, async (worker) => {
        for (const part of queue) {
          const scores = await asked(worker, answersOfSome(answers, part, query))
          whole.putScores(scores)
          scored += part.length
          onProgress?.({ queries: scored, of: query.length })
        }
      })
    } catch (error) {
      failure ??= { error } // others are then told to stop
      halt()
    }
  }
  const onAbort = (): void => halt()
  if (signal instanceof AbortSignal) signal.addEventListener('abort', onAbort, { once: true })
  try {
    await Promise.all(Array.from({ length: Math.min(threads, parts.length) }, work))
    signal?.throwIfAborted()
    if (failure) throw failure.error
  } finally {
    if (signal instanceof AbortSignal) signal.removeEventListener('abort', onAbort)
  }
  return whole.scores
}

/** Gives a thread to `use`, and ends it; it is gone when this is done. */
async function withWorker(data: ScoreWorkerData, use: (worker: Worker) => Promise<void>): Promise<void> {
  const worker = new Worker(new URL('./score-worker.js', import.meta.url), { workerData: data })
  worker.on('error', () => undefined) // `asked` tells it; of a thread that nobody asks just then it would end the process
  const gone = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
  try {
    await use(worker)
  } finally {
    worker.postMessage('end' satisfies ScoreRequest)
    await gone
  }
}

function asked(worker: Worker, request: ScoreRequest): Promise<QueryScores> {
  return new Promise((resolve, reject) => {
    const end = (settle: () => void) => {
      worker.off('message', onReply)
      worker.off('error', onError)
      worker.off('exit', onExit)
      settle()
    }
    const onReply = (reply: ScoreReply) =>
      end(() => {
        if (reply.kind === 'scores') resolve(reply.scores)
        else reject(new AntiphonError(reply.error.code, reply.error.message))
      })
    const onError = (error: Error) => end(() => reject(error))
    const onExit = (code: number) =>
      end(() => reject(new AntiphonError('failed', `A thread that scores ended (${code})`)))
    worker.on('message', onReply).on('error', onError).on('exit', onExit)
    worker.postMessage(request)
  })
}

/** Slices of about equal length. */
function partsOf(order: Int32Array, parts: number): Int32Array[] {
  const length = Math.max(1, Math.ceil(order.length / parts))
  return Array.from({ length: Math.ceil(order.length / length) }, (_, part) =>
    order.subarray(part * length, (part + 1) * length),
  )
}

/** Only the queries at these places of `query` keep their answers. */
function answersOfSome(answers: Answers, places: Int32Array, query: Int32Array): Answers {
  const { queries, items } = answers
  const some = Int32Array.from(places, (at) => query[at]).sort()
  const offsets = new Int32Array(queries + 1)
  for (const each of some) offsets[each + 1] = answersOf(answers, each).length
  for (let each = 0; each < queries; each++) offsets[each + 1] += offsets[each]
  const kept = new Int32Array(offsets[queries])
  for (const each of some) kept.set(answersOf(answers, each), offsets[each])
  return { queries, items, offsets, answers: kept }
}

/** The same numbers where all threads see them. */
function shared({ count, dim, data }: Vectors): Vectors {
  if (data.buffer instanceof SharedArrayBuffer) return { count, dim, data }
  const copy = new Float32Array(new SharedArrayBuffer(data.byteLength))
  copy.set(data)
  return { count, dim, data: copy }
}
