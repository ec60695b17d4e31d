import type { Pair } from '../../data/index.js'
import { AntiphonError } from '../../errors/index.js'
import { nearnessToSound, type Miner } from '../../text/index.js'
import { mineTexts, type MinedTexts } from '../mine-texts.js'
import { EventQueue } from './event-queue.js'
import { RecipeError } from '../recipe-error.js'
import { naming } from './naming.js'
import { pause } from './pause.js'
import type { TrainEvent, TrainOptions } from './run-options.js'
import { openSentenceEncoder, type SentenceEncoder } from './sentence-encoder.js'

const AT_ONCE = 64 // sentences between two looks at the progress

interface MineOptions extends Pick<TrainOptions, 'recipe' | 'runtime' | 'find' | 'engine' | 'signal'> {
  readonly miner: Miner
  readonly onProgress: (what: 'texts' | 'sentences', done: number, total: number) => void
}

/**
 * Pairs with their texts mined and filtered, and what became of them as an event.
 * @throws AntiphonError `usage` where no pair has a text left, `interrupted`
 */
export async function* minedPairs(
  pairs: readonly Pair[],
  miner: Miner,
  options: TrainOptions,
): AsyncGenerator<TrainEvent, readonly Pair[], void> {
  const events = new EventQueue<TrainEvent>()
  const { pairs: mined, ...counts } = yield* events.until(
    minePairs(pairs, {
      ...options,
      miner,
      onProgress: (what, done, total) => events.push({ kind: 'preparing', what, done, total }),
    }),
  )
  yield { kind: 'mined', ...counts }
  return mined
}

async function minePairs(pairs: readonly Pair[], options: MineOptions): Promise<MinedTexts> {
  const { recipe, miner, onProgress, signal } = options
  const { text_policy: policy } = recipe
  const encoder = policy.filter?.encoder
  const sentences =
    encoder === undefined
      ? undefined
      : await naming('text_policy.filter.encoder', openSentenceEncoder(encoder, options))
  try {
    const nearness = sentences && nearnessBy(sentences, options)
    const mined = await mineTexts(pairs, {
      policy,
      miner,
      ...(nearness && { nearness }),
      onProgress: async (done, total) => {
        onProgress('texts', done, total)
        await pause(signal)
      },
    })
    if (!mined.pairs.some(({ texts }) => texts.length > 0))
      throw new RecipeError(
        'text_policy.filter',
        'no text is left to train on; choose `words` or `least` smaller',
      )
    return mined
  } finally {
    await sentences?.encoder.close()
  }
}

function nearnessBy(
  { encoder, width }: SentenceEncoder,
  { miner, onProgress, signal }: Pick<MineOptions, 'miner' | 'onProgress' | 'signal'>,
) {
  return async (sentences: readonly string[]): Promise<number[]> => {
    const rowsOf = async (texts: readonly string[]): Promise<Float32Array[]> => {
      const all = await encoder.outputs(texts)
      return texts.map((_, i) => all.subarray(i * width, (i + 1) * width))
    }
    const prototypes = {
      sound: await rowsOf(miner.prototypes.sound),
      other: await rowsOf(miner.prototypes.other),
    }
    const near: number[] = []
    for (let from = 0; from < sentences.length; from += AT_ONCE) {
      if (signal?.aborted) throw new AntiphonError('interrupted', 'Interrupted', { cause: signal.reason })
      for (const row of await rowsOf(sentences.slice(from, from + AT_ONCE)))
        near.push(nearnessToSound(row, prototypes))
      onProgress('sentences', near.length, sentences.length)
    }
    return near
  }
}
