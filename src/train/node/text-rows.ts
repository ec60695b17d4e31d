import type { Pair } from '../../data/index.js'
import type { Tables, Tokenizer } from '../../text/index.js'
import { canDrawKind, needsTables } from '../draw-texts.js'
import { RecipeError } from '../recipe-error.js'
import type { Recipe } from '../recipe.js'
import { TextSwap } from '../swap-texts.js'

const TOKEN_STEP = 8 // rows of tokens come in multiples, so that one word more makes no other program

/** The longest row of tokens that a text of these pairs can make. */
export function longestRow(pairs: readonly Pair[], recipe: Recipe, tokenizer: Tokenizer): number {
  const { text, text_policy: policy } = recipe
  // Sentences made of tags, synonyms and swapped words may be longer than any text of the data.
  if (wantsTables(recipe) || canDrawKind('similarity', policy)) return text.max_tokens
  let longest = 1
  for (const { texts } of pairs) {
    const inRows = ['tag', 'aspect'].map((listed) => {
      const values = texts.filter(({ kind }) => kind === listed).map(({ value }) => value)
      return values.join(policy.tag_separator)
    })
    const whole = canDrawKind('metadata', policy) ? [texts.map((one) => one.value).join(' ')] : []
    for (const value of [...texts.map((one) => one.value), ...inRows, ...whole])
      longest = Math.max(longest, tokenizer.encode(value).length)
    if (longest >= text.max_tokens) return text.max_tokens
  }
  // A swapped word may take more tokens than the one it stands for.
  return Math.min(text.max_tokens, Math.ceil((longest + 1) / TOKEN_STEP) * TOKEN_STEP)
}

/** Whether texts are drawn or swapped with the help of the tables of words. */
export function wantsTables({ text_policy: policy, loss }: Recipe): boolean {
  return needsTables(policy) || (loss.kind === 'text_swap' && policy.swaps === 'table')
}

export function openSwap(pairs: readonly Pair[], { text_policy: policy }: Recipe, tables?: Tables): TextSwap {
  const tags = pairs.flatMap(({ texts }) =>
    texts.filter(({ kind }) => kind === 'tag').map(({ value }) => value),
  )
  const table = policy.swaps === 'table' ? tables?.swaps : undefined
  const swap = new TextSwap(tags, table)
  if (swap.size < 2 && !table)
    throw new RecipeError(
      'loss.kind',
      `text_swap swaps tags of the data set within texts, and it has ${swap.size}: give the pairs tags, or choose another loss`,
    )
  return swap
}
