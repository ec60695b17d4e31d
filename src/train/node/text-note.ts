import type { Recipe } from '../recipe.js'

/** What a text tower begins with, for the card of a model. */
export function textBeginning(text: Recipe['text']): string {
  const { stands_in_for: other } = text
  return other === undefined ? beginning(text) : `${beginning(text)}, in the place of ${other}`
}

function beginning({ pretrained, vectors, tokenizer }: Recipe['text']): string {
  const tokens = typeof tokenizer === 'object' ? ', tokens learnt from the texts (BPE)' : ''
  if (pretrained !== undefined) return `from ${pretrained}${tokens}`
  if (vectors?.file !== undefined) return `the mean of word vectors from ${vectors.file}`
  if (vectors?.encoder !== undefined)
    return `the mean of word vectors, which stand in for trained ones: ${vectors.encoder} embedded the words one by one`
  if (vectors?.skip_gram) return 'the mean of word vectors learnt from the texts by skip-gram'
  return `from random weights${tokens}`
}

/** What a card says of tags that were kept away from training. */
export function unseenNote({ unseen_tags: unseen }: Recipe['data']): string[] {
  if (!unseen) return []
  return [
    `- unseen tags: ${Math.round(100 * unseen.share)} % of all (seed ${unseen.seed}) were in no text of training or validation`,
  ]
}
