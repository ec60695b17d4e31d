import type { Pair, Text } from '../data/index.js'
import { splitSentences, type Miner } from '../text/index.js'
import { canDraw, canDrawKind, type TextPolicy } from './draw-texts.js'

/** What became of the sentences of a kind of text. */
export interface MinedKind {
  readonly kind: Text['kind']
  readonly kept: number
  readonly of: number
}

export interface MiningCounts {
  /** By kind of the text that they were in. */
  readonly sentences: readonly MinedKind[]
  /** Short phrases, each as often as a pair has it. */
  readonly aspects: number
  /** Pairs that have no text any more that the recipe draws. */
  readonly withoutText: number
}

export interface MinedTexts extends MiningCounts {
  readonly pairs: readonly Pair[]
}

export interface MiningOptions {
  readonly policy: TextPolicy
  readonly miner: Miner
  /**
   * How much nearer sentences are to those that speak of sound than to others, in cosine: for `filter.encoder`. Each sentence
   * is asked for once.
   */
  readonly nearness?: (sentences: readonly string[]) => Promise<readonly number[]>
  /** Told of now and then, and waited for: pairs whose sentences are found, and all. */
  readonly onProgress?: (done: number, total: number) => Promise<void> | void
}

const PROGRESS_EVERY = 256 // pairs

/** A sentence with the text that it is in, and whether it stays. */
interface Judged {
  readonly sentence: string
  readonly aspects: readonly string[]
  kept: boolean
}

/** Whether a recipe mines or filters texts. */
export const minesTexts = ({ mine, filter }: TextPolicy): boolean =>
  mine !== undefined || filter !== undefined

/**
 * Texts as a recipe's `mine` and `filter` have them: sentences of noisy texts that say little of sound are left out, those of mined
 * kinds become texts of their own, beside the aspects in them. Pairs stay in their order; one may have no text left.
 */
export async function mineTexts(pairs: readonly Pair[], options: MiningOptions): Promise<MinedTexts> {
  const { policy, miner, nearness, onProgress } = options
  const { mine, filter } = policy
  const mined = new Set<Text['kind']>(mine?.from)
  const filtered = filter?.kinds.filter((kind) => canDrawKind(kind, policy)) ?? []
  const judgedKinds = new Set<Text['kind']>([...mined, ...filtered])
  const judged = new Map<Text, Judged[]>()
  for (const [at, { texts }] of pairs.entries()) {
    if (at % PROGRESS_EVERY === 0) await onProgress?.(at, pairs.length)
    for (const text of texts)
      if (judgedKinds.has(text.kind))
        judged.set(
          text,
          splitSentences(text.value).map((sentence) => {
            const { relevance, aspects } = miner.mine(sentence)
            return { sentence, aspects, kept: relevance >= (filter?.words ?? 0) }
          }),
        )
  }
  if (filter && nearness) await judgeByEncoder([...judged.values()].flat(), nearness, filter.least)

  const counts = new Map<Text['kind'], { kept: number; of: number }>()
  let aspects = 0
  const textsOf = (text: Text): readonly Text[] => {
    const sentences = judged.get(text)
    if (!sentences) return [text]
    const kept = sentences.filter((one) => one.kept)
    const count = counts.get(text.kind) ?? { kept: 0, of: 0 }
    counts.set(text.kind, { kept: count.kept + kept.length, of: count.of + sentences.length })
    if (!mined.has(text.kind))
      return kept.length > 0 ? [{ ...text, value: kept.map(({ sentence }) => sentence).join(' ') }] : []
    return kept.flatMap(({ sentence, aspects: phrases }): Text[] => [
      { kind: 'sentence', value: sentence },
      ...phrases.map((value): Text => ({ kind: 'aspect', value })),
    ])
  }
  const found = pairs.map((pair) => {
    const texts = distinct(pair.texts.flatMap(textsOf))
    aspects += texts.filter(({ kind }) => kind === 'aspect').length
    return { ...pair, texts }
  })
  const sentences = [...counts].map(([kind, count]) => ({ kind, ...count }))
  const withoutText = pairs.filter(({ texts }, i) => {
    const had = canDraw(texts, policy) || texts.some(({ kind }) => mined.has(kind))
    return had && !canDraw(found[i].texts, policy)
  }).length
  return { pairs: found, sentences, aspects, withoutText }
}

async function judgeByEncoder(
  all: readonly Judged[],
  nearness: NonNullable<MiningOptions['nearness']>,
  least: number,
): Promise<void> {
  const left = all.filter(({ kept }) => kept)
  const different = [...new Set(left.map(({ sentence }) => sentence))]
  const near = await nearness(different)
  const isNear = new Map(different.map((sentence, i) => [sentence, near[i] >= least]))
  for (const one of left) one.kept = isNear.get(one.sentence)!
}

function distinct(texts: readonly Text[]): readonly Text[] {
  const found = new Map<string, Text>()
  for (const text of texts) {
    const key = `${text.kind}\n${text.value.toLowerCase()}`
    if (!found.has(key)) found.set(key, text)
  }
  return [...found.values()]
}
