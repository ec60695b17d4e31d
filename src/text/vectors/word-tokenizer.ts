import { AntiphonError } from '../../errors/index.js'
import type { AddedToken } from '../added-tokens.js'
import { isPhrase, isTerm, TERM_NORMALIZER, TERM_PRE_TOKENIZER } from './term.js'

/** Id of words that no one knows, and of the token that every text begins with. */
export const UNKNOWN_ID = 0
const UNKNOWN = '[UNK]'

/**
 * A `tokenizer.json` of words and phrases: term i has the id i + 1. Words are a WordLevel model; phrases are added tokens, which are
 * found in the text before it is cut into words, as whole words, the longest first. Every text begins with the token of
 * the unknown, so that an empty one has a token too. Hugging Face's tokenizers reads it.
 * @param terms as `termOf` writes them, no two alike
 * @throws RangeError for terms that are not
 */
export function wordTokenizer(terms: readonly string[]): Uint8Array {
  const wrong = terms.find((term) => !isTerm(term))
  if (wrong !== undefined) throw new RangeError(`"${wrong}" is no term`)
  if (new Set(terms).size !== terms.length) throw new RangeError('Two terms are alike')
  const vocab = Object.fromEntries([UNKNOWN, ...terms].map((term, id) => [term, id]))
  const phrases: AddedToken[] = terms.flatMap((content, i) =>
    isPhrase(content) ? [added(i + 1, content)] : [],
  )
  const unknown = { ...added(UNKNOWN_ID, UNKNOWN), single_word: false, normalized: false, special: true }
  const file = {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [unknown, ...phrases],
    normalizer: TERM_NORMALIZER,
    pre_tokenizer: TERM_PRE_TOKENIZER,
    post_processor: {
      type: 'TemplateProcessing',
      single: [{ SpecialToken: { id: UNKNOWN, type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
      pair: [{ Sequence: { id: 'A', type_id: 0 } }, { Sequence: { id: 'B', type_id: 1 } }],
      special_tokens: { [UNKNOWN]: { id: UNKNOWN, ids: [UNKNOWN_ID], tokens: [UNKNOWN] } },
    },
    decoder: null,
    model: { type: 'WordLevel', vocab, unk_token: UNKNOWN },
  }
  return new TextEncoder().encode(`${JSON.stringify(file)}\n`)
}

const added = (id: number, content: string) => ({
  id,
  content,
  single_word: true,
  lstrip: false,
  rstrip: false,
  normalized: true,
  special: false,
})

/** The terms of a tokenizer.json that `wordTokenizer` wrote, by id - 1. @throws AntiphonError `model` for another one */
export function termsOf(json: Uint8Array): string[] {
  const { model } = JSON.parse(new TextDecoder().decode(json)) as {
    model: { type: string; vocab: Record<string, number> }
  }
  if (model.type !== 'WordLevel')
    throw new AntiphonError('model', `The tokenizer is of the kind "${model.type}" (expected "WordLevel")`)
  const terms: string[] = []
  for (const [term, id] of Object.entries(model.vocab)) if (id !== UNKNOWN_ID) terms[id - 1] = term
  return terms
}
