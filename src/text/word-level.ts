import { AntiphonError } from '../errors/index.js'
import type { SubwordModel } from './tokenizer.js'

/** `model` of a WordLevel `tokenizer.json`: a word is one token, or unknown. */
export interface WordLevelFile {
  readonly type: 'WordLevel'
  readonly vocab: Readonly<Record<string, number>>
  readonly unk_token: string
}

/** @throws AntiphonError `model` when there is no token for the unknown, or a token has no id */
export function wordLevel({ vocab, unk_token }: WordLevelFile): SubwordModel {
  if (!Object.hasOwn(vocab, unk_token))
    throw new AntiphonError('model', `tokenizer.json has no token "${unk_token}"`)
  const ids = new Map(Object.entries(vocab))
  for (const [token, id] of ids)
    if (!(Number.isInteger(id) && id >= 0 && id < 2 ** 31))
      throw new AntiphonError('model', `tokenizer.json gives "${token}" the id ${JSON.stringify(id)}`)
  const unknown = [vocab[unk_token]]
  return (word) => {
    const id = ids.get(word)
    return id === undefined ? unknown : [id]
  }
}
