/** A text as a model reads it. */
export interface Tokenizer {
  /** Ids of one text, with the special tokens that the model expects around it; at most `maxTokens`. */
  encode(text: string): number[]
  /** Id that fills short rows of a batch. */
  readonly padId: number
}

/** Cuts a word into the pieces of a vocabulary. */
export type SubwordModel = (word: string) => readonly number[]

/** A batch of texts of unequal length as two matrices, [texts, longest], row after row. */
export interface TokenBatch {
  readonly inputIds: BigInt64Array
  /** 1 for a token, 0 for padding. */
  readonly attentionMask: BigInt64Array
  readonly shape: readonly [number, number]
}

/** Encodes texts side by side; short rows are filled at their end. */
export function encodeBatch(tokenizer: Tokenizer, texts: readonly string[]): TokenBatch {
  const rows = texts.map((text) => tokenizer.encode(text))
  const width = rows.reduce((longest, row) => Math.max(longest, row.length), 0)
  const inputIds = new BigInt64Array(rows.length * width).fill(BigInt(tokenizer.padId))
  const attentionMask = new BigInt64Array(rows.length * width)
  rows.forEach((row, index) => {
    row.forEach((id, position) => (inputIds[index * width + position] = BigInt(id)))
    attentionMask.fill(1n, index * width, index * width + row.length)
  })
  return { inputIds, attentionMask, shape: [rows.length, width] }
}
