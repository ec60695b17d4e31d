import { z } from 'zod'
import {
  add,
  gelu,
  linear,
  matmul,
  mergeHeads,
  scaledDotProduct,
  slice,
  splitHeads,
  unsqueeze,
  type Tensor,
} from '../../graph/index.js'
import type { Scope } from '../scope.js'
import { dense, normalize } from './layers.js'

const size = z.int().positive()

/** Sizes of the plain transformers that are trained from scratch. */
export const TRANSFORMER_SIZES = {
  width: size.default(192), // the tiny ViT of DeiT (Touvron et al. 2021), as are 3 heads and 4 times the width inside
  heads: size.default(3),
  mlp_ratio: z.number().positive().default(4),
  dropout: z.number().min(0).lt(1).default(0),
}
export type TransformerSizes = z.infer<z.ZodObject<typeof TRANSFORMER_SIZES>>

const EPSILON = 1e-5

/**
 * A row of pre-norm blocks (Xiong et al. 2020) and the norm behind them, x [batch, tokens, width] to the same, in the names
 * of timm's vision transformers. `mask` [batch, tokens] is 1 on tokens and 0 on padding.
 */
export function transformerBlocks(
  x: Tensor,
  scope: Scope,
  { layers, mask, ...sizes }: TransformerSizes & { layers: number; mask?: Tensor },
): Tensor {
  const keyMask = mask && unsqueeze(unsqueeze(mask, 1), 1)
  let y = x
  for (let index = 0; index < layers; index++) y = block(y, scope.within(`blocks.${index}.`), sizes, keyMask)
  return normalize(y, 'norm', scope, EPSILON)
}

function block(x: Tensor, scope: Scope, sizes: TransformerSizes, mask: Tensor | undefined): Tensor {
  const { width, mlp_ratio, dropout } = sizes
  const context = selfAttention(normalize(x, 'norm1', scope, EPSILON), scope, sizes, mask)
  const y = add(x, scope.dropout(dense(context, 'attn.proj', width, scope), dropout))
  const inner = gelu(
    dense(normalize(y, 'norm2', scope, EPSILON), 'mlp.fc1', Math.round(mlp_ratio * width), scope),
  )
  return add(y, scope.dropout(dense(inner, 'mlp.fc2', width, scope), dropout))
}

/**
 * Query, key and value by the rows of one weight, as timm keeps it. Three products, because the parts of one would have to
 * be cut apart, and its gradient put together again.
 */
function selfAttention(
  x: Tensor,
  scope: Scope,
  { width, heads, dropout }: TransformerSizes,
  mask: Tensor | undefined,
): Tensor {
  const weight = scope.parameter('attn.qkv.weight', [3 * width, width])
  const bias = scope.parameter('attn.qkv.bias', [3 * width])
  const [query, key, value] = [0, 1, 2].map((part) => {
    const rows = { axis: 0, start: part * width, end: (part + 1) * width }
    return splitHeads(linear(x, slice(weight, rows), slice(bias, rows)), heads)
  })
  const { output, attention } = scaledDotProduct(query, key, value, { mask })
  const kept = scope.dropout(attention, dropout)
  return mergeHeads(kept === attention ? output : matmul(kept, value))
}
