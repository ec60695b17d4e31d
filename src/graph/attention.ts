import { reshape, slice, transpose, unsqueeze } from './arrangement.js'
import { broadcast, sameShape } from './dimension.js'
import { add, cast, mul, sub } from './elementwise.js'
import { softmax } from './activation.js'
import { knownSize, type Tensor } from './graph.js'
import { linear, matmul } from './matmul.js'
import { shapeError } from './shape-error.js'

// Large enough that e^x is exactly 0 beside any real score, and small enough to leave no infinity in a row that is all masked.
const MASKED_SCORE = -1e9

export interface ScaledDotProductOptions {
  /** 1 = attend, 0 = ignore; broadcasts to the scores [batch, heads, queries, keys]. */
  readonly mask?: Tensor
  /** Added to the scores before the softmax, such as a relative position bias. */
  readonly bias?: Tensor
  /** @default 1 / √width of a head */
  readonly scale?: number
}

/**
 * softmax(q kᵀ / √d) v (Vaswani et al. 2017). q [batch, heads, queries, d], k and v [batch, heads, keys, d].
 * `attention` is the softmax, [batch, heads, queries, keys].
 */
export function scaledDotProduct(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  { mask, bias, scale }: ScaledDotProductOptions = {},
): { output: Tensor; attention: Tensor } {
  if (query.rank < 2 || query.shape.at(-1) !== key.shape.at(-1) || key.shape.at(-2) !== value.shape.at(-2))
    throw shapeError(
      'scaledDotProduct',
      `query ${query.toString()}, key ${key.toString()} and value ${value.toString()} don't fit`,
    )
  const width = knownSize('scaledDotProduct', query, query.rank - 1)
  let scores = matmul(mul(query, scale ?? 1 / Math.sqrt(width)), transpose(key))
  if (bias) scores = add(scores, bias)
  if (mask) {
    const fits = broadcast(scores.shape, mask.shape)
    if (!fits || !sameShape(fits, scores.shape))
      throw shapeError('scaledDotProduct', `mask ${mask.toString()} does not fit scores ${scores.toString()}`)
    scores = add(scores, mul(sub(1, cast(mask, 'float32')), MASKED_SCORE))
  }
  const attention = softmax(scores)
  return { output: matmul(attention, value), attention }
}

export interface AttentionOptions {
  readonly heads: number
  /** [batch, keys]: 1 = attend, 0 = padding, as a tokenizer's attention_mask. */
  readonly keyMask?: Tensor
}

/** Attention over heads of already projected query [batch, queries, width], key and value [batch, keys, width]. */
export function attention(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  { heads, keyMask }: AttentionOptions,
): { output: Tensor; attention: Tensor } {
  const width = query.rank === 3 ? knownSize('attention', query, 2) : 0
  if (width === 0 || width % heads !== 0 || key.rank !== 3 || value.rank !== 3)
    throw shapeError(
      'attention',
      `query ${query.toString()}, key ${key.toString()} and value ${value.toString()} don't split into ${heads} heads`,
    )
  if (keyMask && (keyMask.rank !== 2 || keyMask.shape[1] !== key.shape[1]))
    throw shapeError(
      'attention',
      `keyMask ${keyMask.toString()} is not [batch, keys] of key ${key.toString()}`,
    )
  const mask = keyMask && unsqueeze(unsqueeze(keyMask, 1), 1)
  const split = (x: Tensor): Tensor => splitHeads(x, heads)
  const { output, attention } = scaledDotProduct(split(query), split(key), split(value), { mask })
  return { output: mergeHeads(output), attention }
}

export interface MultiHeadWeights {
  /** Rows for query, key and value, stacked: [3 width, width]; PyTorch's in_proj_weight. */
  readonly inWeight: Tensor
  readonly inBias: Tensor
  readonly outWeight: Tensor
  readonly outBias: Tensor
}

/** Attention with its projections, stacked as PyTorch's MultiheadAttention stores them. */
export function multiHeadAttention(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  { inWeight, inBias, outWeight, outBias }: MultiHeadWeights,
  options: AttentionOptions,
): { output: Tensor; attention: Tensor } {
  const width = knownSize('multiHeadAttention', query, query.rank - 1)
  if (inWeight.shape[0] !== 3 * width || inBias.shape[0] !== 3 * width)
    throw shapeError(
      'multiHeadAttention',
      `inWeight ${inWeight.toString()} and inBias ${inBias.toString()} are not three times the ${width} of ${query.toString()}`,
    )
  const rows = (part: number) => ({ axis: 0, start: part * width, end: (part + 1) * width })
  // One product for all three would have to be cut apart, and its gradient put together again: three take less.
  const projected = [query, key, value].map((x, part) =>
    linear(x, slice(inWeight, rows(part)), slice(inBias, rows(part))),
  )
  const { output, attention: weights } = attention(projected[0], projected[1], projected[2], options)
  return { output: linear(output, outWeight, outBias), attention: weights }
}

/** [batch, tokens, width] -> [batch, heads, tokens, width / heads] */
export function splitHeads(x: Tensor, heads: number): Tensor {
  const width = knownSize('splitHeads', x, 2)
  return transpose(reshape(x, [x.shape[0], x.shape[1], heads, width / heads]), [0, 2, 1, 3])
}

/** [batch, heads, tokens, width] -> [batch, tokens, heads · width] */
export function mergeHeads(x: Tensor): Tensor {
  const width = knownSize('mergeHeads', x, 1) * knownSize('mergeHeads', x, 3)
  return reshape(transpose(x, [0, 2, 1, 3]), [x.shape[0], x.shape[2], width])
}
