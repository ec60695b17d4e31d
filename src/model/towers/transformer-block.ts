import { z } from 'zod'
import { add, gelu, unsqueeze, type Tensor } from '../../graph/index.js'
import type { Scope } from '../scope.js'
import { dense, normalize } from './layers.js'
import { packedAttention } from './packed-attention.js'

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
  const { width, heads, mlp_ratio, dropout } = sizes
  const context = packedAttention(normalize(x, 'norm1', scope, EPSILON), {
    weight: scope.parameter('attn.qkv.weight', [3 * width, width]),
    bias: scope.parameter('attn.qkv.bias', [3 * width]),
    heads,
    mask,
    thin: (attention) => scope.dropout(attention, dropout),
  })
  const y = add(x, scope.dropout(dense(context, 'attn.proj', width, scope), dropout))
  const inner = gelu(
    dense(normalize(y, 'norm2', scope, EPSILON), 'mlp.fc1', Math.round(mlp_ratio * width), scope),
  )
  return add(y, scope.dropout(dense(inner, 'mlp.fc2', width, scope), dropout))
}
