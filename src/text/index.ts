export { createTokenizer, type TokenizerOptions } from './create.js'
export { article, capital, list, sentence } from './grammar/phrase.js'
export { Grammar, type Facts, type Said, type SayOptions } from './grammar/grammar.js'
export { encodeBatch, type TokenBatch, type Tokenizer } from './tokenizer.js'
