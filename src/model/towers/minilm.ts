import { l2Normalize, type Tensor } from '../../graph/index.js'
import type { Scope } from '../scope.js'
import { bert, BERT_SIZES, pool } from './bert.js'

/** all-MiniLM-L6-v2: BERT in a small size. */
export const MINILM = {
  ...BERT_SIZES.parse({ hidden_size: 384, num_hidden_layers: 6, intermediate_size: 1536 }),
  /** sentence-transformers cuts texts here; the network itself knows 512 positions. */
  maxTokens: 256,
} as const

/**
 * Token ids and their mask, [batch, tokens] of int64, to unit vectors [batch, 384]: the mean over the tokens.
 * Reimers & Gurevych 2019.
 */
export function minilm(inputIds: Tensor, attentionMask: Tensor, scope: Scope): Tensor {
  const hidden = bert({ inputIds, attentionMask }, scope, MINILM)
  return l2Normalize(pool(hidden, attentionMask, 'mean', scope))
}
