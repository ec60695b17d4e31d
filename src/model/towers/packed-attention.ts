import {
  linear,
  matmul,
  mergeHeads,
  scaledDotProduct,
  slice,
  splitHeads,
  type Tensor,
} from '../../graph/index.js'

export interface PackedAttentionOptions {
  /** [3 width, width]: rows of the query, the key and the value. */
  readonly weight: Tensor
  /** [3 width] */
  readonly bias?: Tensor
  readonly heads: number
  /** 1 = attend, 0 = padding, broadcast to [batch, heads, tokens, tokens]. */
  readonly mask?: Tensor
  /** What is done to the attention before it meets the values, such as dropout. */
  readonly thin?: (attention: Tensor) => Tensor
}

/**
 * Attention of x [batch, tokens, width] to itself, with query, key and value by the rows of one weight, as timm and others
 * keep it. Three products, because the parts of one would have to be cut apart, and its gradient put together again.
 */
export function packedAttention(
  x: Tensor,
  { weight, bias, heads, mask, thin = (attention) => attention }: PackedAttentionOptions,
): Tensor {
  const width = x.shape.at(-1) as number
  const [query, key, value] = [0, 1, 2].map((part) => {
    const rows = { axis: 0, start: part * width, end: (part + 1) * width }
    return splitHeads(linear(x, slice(weight, rows), bias && slice(bias, rows)), heads)
  })
  const { output, attention } = scaledDotProduct(query, key, value, { mask })
  const kept = thin(attention)
  return mergeHeads(kept === attention ? output : matmul(kept, value))
}
