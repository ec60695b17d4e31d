import { AntiphonError } from '../errors/index.js'
import type { Tokenizer } from './tokenizer.js'
import { wordPiece, type WordPieceFile } from './wordpiece.js'

export interface TokenizerOptions {
  /** Longer texts lose their end; the special tokens count. */
  readonly maxTokens: number
}

/**
 * Reads a `tokenizer.json` (the format of Hugging Face's tokenizers library).
 * The truncation and padding written in the file are not used: they belong to whoever runs the model.
 * @throws AntiphonError `model` for a file that is not JSON, or a kind of tokenizer that is not known.
 */
export function createTokenizer(json: Uint8Array, { maxTokens }: TokenizerOptions): Tokenizer {
  let file: Partial<WordPieceFile>
  try {
    file = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json)) as Partial<WordPieceFile>
  } catch (cause) {
    throw new AntiphonError('model', 'tokenizer.json is damaged: it is not JSON', { cause })
  }
  const kind = file.model?.type
  if (kind !== 'WordPiece')
    throw new AntiphonError('model', `Unknown tokenizer model ${JSON.stringify(kind)} (expected "WordPiece")`)
  return wordPiece(file as WordPieceFile, maxTokens)
}
