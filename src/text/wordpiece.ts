import { AntiphonError } from '../errors/index.js'
import type { SubwordModel } from './tokenizer.js'

/** `model` of a WordPiece `tokenizer.json`. */
export interface WordPieceFile {
  readonly type: 'WordPiece'
  readonly vocab: Readonly<Record<string, number>>
  readonly unk_token: string
  readonly continuing_subword_prefix: string
  readonly max_input_chars_per_word: number
}

/**
 * WordPiece (Wu et al. 2016) as BERT has it: the longest known piece from the left; a word with a part that no piece
 * covers is unknown as a whole. Our own because the npm library builds three dictionaries of the vocabulary first
 * (80 ms of every search), and lowercases a final capital sigma by context, which the reference does not.
 */
export function wordPiece(file: WordPieceFile): SubwordModel {
  const { vocab, unk_token, continuing_subword_prefix: prefix, max_input_chars_per_word } = file
  if (!Object.hasOwn(vocab, unk_token))
    throw new AntiphonError('model', `tokenizer.json has no token "${unk_token}"`)
  const unknown = vocab[unk_token]
  return (word) => {
    const characters = [...word]
    if (characters.length > max_input_chars_per_word) return [unknown]
    const ids: number[] = []
    for (let from = 0; from < characters.length;) {
      let to = characters.length
      for (; to > from; to--) {
        const piece = (from > 0 ? prefix : '') + characters.slice(from, to).join('')
        if (!Object.hasOwn(vocab, piece)) continue
        ids.push(vocab[piece])
        break
      }
      if (to === from) return [unknown]
      from = to
    }
    return ids
  }
}
