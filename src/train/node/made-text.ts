import type { Pair } from '../../data/index.js'
import { trainBpe, wordTokenizer } from '../../text/index.js'
import { canDrawKind } from '../draw-texts.js'
import type { Recipe } from '../recipe.js'
import { MADE_TOKENIZER, MADE_WORDS, type MadeFiles } from './made-files.js'
import { makeWords, type MakeWordsOptions } from './make-words.js'
import { naming } from './naming.js'
import { pause } from './pause.js'
import { wordTable } from './word-table.js'

export interface MakeTextOptions extends Omit<MakeWordsOptions, 'onProgress'> {
  readonly onProgress: (what: 'tokenizer' | 'words', done: number, total: number) => void
}

/** Makes what the recipe wants made of the texts of training: the same texts give the same bytes. */
export async function makeText(options: MakeTextOptions): Promise<MadeFiles> {
  const { recipe, pairs, onProgress, signal } = options
  const { tokenizer, vectors } = recipe.text
  if (vectors) {
    const words = await makeWords({
      ...options,
      onProgress: (done, total) => onProgress('words', done, total),
    })
    return new Map([
      [MADE_TOKENIZER, wordTokenizer(words.terms)],
      [MADE_WORDS, wordTable(words)],
    ])
  }
  if (typeof tokenizer !== 'object') return new Map()
  const { vocabulary, style, lowercase, min_count: minCount } = tokenizer.bpe
  const training = trainBpe(drawable(pairs, recipe), {
    vocabulary,
    style,
    lowercase,
    minCount,
    onProgress: async (done, total) => {
      onProgress('tokenizer', done, total)
      await pause(signal)
    },
  })
  return new Map([[MADE_TOKENIZER, await naming('text.tokenizer.bpe', training)]])
}

/** All texts that may be drawn, tags of a pair in a row. */
function* drawable(pairs: readonly Pair[], { text_policy: policy }: Recipe): Generator<string> {
  for (const { texts } of pairs) {
    const tags: string[] = []
    for (const { kind, value } of texts)
      if (!canDrawKind(kind, policy)) continue
      else if (kind === 'tag') tags.push(value)
      else yield value
    if (tags.length > 0) yield tags.join(policy.tag_separator)
  }
}
