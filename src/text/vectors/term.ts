import { createNormalizer, type NormalizerFile } from '../normalizer.js'
import { createPreTokenizer, type PreTokenizerFile } from '../pre-tokenizer.js'

/** Small letters without accents, as in BERT. */
export const TERM_NORMALIZER: NormalizerFile = {
  type: 'BertNormalizer',
  clean_text: true,
  handle_chinese_chars: false,
  strip_accents: null,
  lowercase: true,
}

/** Words and marks of punctuation, as in BERT. */
export const TERM_PRE_TOKENIZER: PreTokenizerFile = { type: 'BertPreTokenizer' }

const normalize = createNormalizer(TERM_NORMALIZER)
const split = createPreTokenizer(TERM_PRE_TOKENIZER)
const MEANS_SOMETHING = /[\p{L}\p{N}]/u

/** A word or a phrase as a vocabulary has it: `Bossa  Nova` is `bossa nova`. */
export const termOf = (text: string): string => normalize(text).replace(/\s+/g, ' ').trim()

/** The words of a text, without punctuation. */
export const wordsOf = (text: string): string[] =>
  split(normalize(text)).filter((word) => MEANS_SOMETHING.test(word))

/** Whether it is a term that a vocabulary may have: no punctuation alone. */
export const isTerm = (term: string): boolean => term === termOf(term) && MEANS_SOMETHING.test(term)

/** Whether a reader that cuts texts into words would cut it: a phrase, or a word such as r&b or lo-fi. */
export const isPhrase = (term: string): boolean => split(term).length !== 1
