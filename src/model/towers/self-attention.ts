import {
  matmul,
  mergeHeads,
  scaledDotProduct,
  splitHeads,
  unsqueeze,
  type Tensor,
} from '../../graph/index.js'
import type { Initializer } from '../initializer.js'
import type { Scope } from '../scope.js'
import { dense } from './layers.js'

export interface SelfAttentionOptions {
  readonly heads: number
  /** [batch, tokens]: 1 = attend, 0 = padding. */
  readonly keyMask?: Tensor
  /** Added to the scores [batch, heads, tokens, tokens]. */
  readonly bias?: Tensor
  /** Share of the attention that is dropped. @default 0 */
  readonly dropout?: number
  readonly init?: Initializer
}

/**
 * Attention of x [batch, tokens, width] to itself, with the layers `query`, `key` and `value` below `name`, as BERT and
 * its kin store them. The projection that follows is the caller's.
 */
export function selfAttention(
  x: Tensor,
  name: string,
  scope: Scope,
  { heads, keyMask, bias, dropout = 0, init }: SelfAttentionOptions,
): Tensor {
  const [query, key, value] = ['query', 'key', 'value'].map((role) =>
    dense(x, `${name}.${role}`, x.shape[2] as number, scope, { init }),
  )
  const mask = keyMask && unsqueeze(unsqueeze(keyMask, 1), 1)
  const [q, k, v] = [query, key, value].map((part) => splitHeads(part, heads))
  const { output, attention } = scaledDotProduct(q, k, v, { mask, bias })
  const kept = scope.dropout(attention, dropout)
  return mergeHeads(kept === attention ? output : matmul(kept, v))
}
