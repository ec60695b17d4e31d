import type { Pair } from '../../data/index.js'
import { EventQueue } from './event-queue.js'
import { makeFactors } from './item-factors.js'
import { MADE_FACTORS, readMadeFiles, type MadeFiles } from './made-files.js'
import { makeText } from './made-text.js'
import type { Origin } from './run-directory.js'
import type { TrainEvent, TrainOptions } from './run-options.js'

/**
 * What a run makes before its first step: a tokenizer, word vectors, factors of items. One that is gone on with has made it.
 * @param train to train on: what is learnt is learnt from them
 * @throws AntiphonError `usage` where the data don't have what the recipe wants, or a file is not what it was; `interrupted`
 */
export async function* makeFiles(
  options: TrainOptions,
  train: readonly Pair[],
  origin: Origin | undefined,
): AsyncGenerator<TrainEvent, MadeFiles, void> {
  if (origin) return readMadeFiles(options.out, origin.made)
  const events = new EventQueue<TrainEvent>()
  // First what is refused soonest: words may take minutes.
  const factors = yield* events.until(
    makeFactors(options, (done, total) => events.push({ kind: 'preparing', what: 'factors', done, total })),
  )
  const text = yield* events.until(
    makeText({
      ...options,
      pairs: train,
      all: options.pairs.pairs,
      onWrong: (file, line, reason) => events.push({ kind: 'wrong', file, line, reason }),
      onProgress: (what, done, total) => events.push({ kind: 'preparing', what, done, total }),
    }),
  )
  return factors ? new Map([...text, [MADE_FACTORS, factors]]) : text
}
