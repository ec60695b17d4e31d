import { z } from 'zod'
import {
  add,
  cast,
  embedding,
  equal,
  maskedMean,
  minimum,
  mul,
  not,
  slice,
  sub,
  sum,
  type Tensor,
} from '../../graph/index.js'
import { normal } from '../initializer.js'
import type { Scope } from '../scope.js'
import type { TextEncoder } from './encoder.js'

const size = z.int().positive()

/** A table of word vectors. Its sizes follow from the vectors that it begins with. */
export const WORDS_OPTIONS = z.strictObject({
  vocab_size: size.default(400_001), // GloVe's 6B words
  width: size.default(300), // GloVe, word2vec
  max_tokens: size.default(512),
})
export type WordsOptions = z.infer<typeof WORDS_OPTIONS>

const UNKNOWN = 0

/**
 * The mean of the vectors of a text's words, as Choi et al. 2019 average those of a tag: [batch, tokens] to [batch, width]. Unknown
 * words, of id 0, count for nothing; a text of none but such has the vector of row 0.
 */
export function meanOfWords(
  inputIds: Tensor,
  attentionMask: Tensor,
  scope: Scope,
  { vocab_size: rows, width }: WordsOptions,
): Tensor {
  const table = scope.parameter('word_embedding.weight', [rows, width], normal(1 / Math.sqrt(width)))
  const isWord = cast(not(equal(inputIds, UNKNOWN)), 'float32')
  const known = mul(cast(attentionMask, 'float32'), isWord)
  const any = minimum(sum(known, { axis: 1, keepDims: true }), 1)
  const none = mul(slice(table, { axis: 0, end: 1 }), sub(1, any))
  return add(maskedMean(embedding(table, inputIds), known), none)
}

export function wordsEncoder(options: WordsOptions): TextEncoder {
  return {
    width: options.width,
    maxTokens: options.max_tokens,
    vocabularySize: options.vocab_size,
    encode: (inputIds, attentionMask, scope) => meanOfWords(inputIds, attentionMask, scope, options),
  }
}
