export { createTokenizer, type TokenizerOptions } from './create.js'
export { encodeBatch, type TokenBatch, type Tokenizer } from './tokenizer.js'
