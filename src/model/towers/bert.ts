import { z } from 'zod'
import {
  add,
  cast,
  cumulativeSum,
  embedding,
  equal,
  maskedMean,
  mul,
  not,
  slice,
  squeeze,
  sub,
  tanh,
  type Tensor,
} from '../../graph/index.js'
import { AntiphonError } from '../../errors/index.js'
import { normal } from '../initializer.js'
import type { Scope } from '../scope.js'
import { clapProjection, type ClapProjectionOptions } from './clap-projection.js'
import type { TextEncoder } from './encoder.js'
import { ACTIVATIONS, activate, dense, normalize } from './layers.js'
import { selfAttention } from './self-attention.js'

const size = z.int().positive()
const share = z.number().min(0).lt(1)

/** Sizes under the names of a published `config.json`; the defaults are those of BERT base (Devlin et al. 2019). */
export const BERT_SIZES = z.strictObject({
  vocab_size: size.default(30_522),
  hidden_size: size.default(768),
  num_hidden_layers: size.default(12),
  num_attention_heads: size.default(12),
  intermediate_size: size.default(3072),
  max_position_embeddings: size.default(512),
  type_vocab_size: size.default(2),
  layer_norm_eps: z.number().positive().default(1e-12),
  hidden_act: z.enum(ACTIVATIONS).default('gelu'),
  hidden_dropout_prob: share.default(0.1),
  attention_probs_dropout_prob: share.default(0.1),
  initializer_range: z.number().positive().default(0.02),
  pad_token_id: z.int().nonnegative().default(0),
})
export type BertSizes = z.infer<typeof BERT_SIZES>

/** `bert` counts positions from 0; `roberta` (Liu et al. 2019) counts what is not padding, from the padding's id on. */
export type BertKind = 'bert' | 'roberta'

/**
 * How tokens become one vector: their mean (Reimers & Gurevych 2019), the first one, or the first one through the
 * `pooler` layer that comes with a published model.
 */
export const POOLINGS = ['mean', 'cls', 'pooler'] as const
export type Pooling = (typeof POOLINGS)[number]

export interface BertInput {
  /** [batch, tokens] of int32 or int64. */
  readonly inputIds: Tensor
  /** 1 on tokens, 0 on padding. */
  readonly attentionMask: Tensor
  /** Which sentence a token is of. @default the first everywhere */
  readonly tokenTypeIds?: Tensor
}

/** The last hidden state, [batch, tokens, width]; on padding it means nothing. */
export function bert(
  { inputIds, attentionMask, tokenTypeIds }: BertInput,
  scope: Scope,
  sizes: BertSizes,
  kind: BertKind = 'bert',
): Tensor {
  const { hidden_size: width, layer_norm_eps: epsilon, hidden_dropout_prob: rate } = sizes
  const init = normal(sizes.initializer_range)
  const table = (name: string, rows: number): Tensor =>
    scope.parameter(`embeddings.${name}.weight`, [rows, width], init)

  const words = embedding(table('word_embeddings', sizes.vocab_size), inputIds)
  const positionTable = table('position_embeddings', sizes.max_position_embeddings)
  const positions =
    kind === 'roberta'
      ? embedding(positionTable, placesAfterPadding(inputIds, sizes.pad_token_id))
      : placed(positionTable, inputIds)
  const typeTable = table('token_type_embeddings', sizes.type_vocab_size)
  const types = tokenTypeIds ? embedding(typeTable, tokenTypeIds) : slice(typeTable, { axis: 0, end: 1 })
  let x = scope.dropout(
    normalize(add(add(words, positions), types), 'embeddings.LayerNorm', scope, epsilon),
    rate,
  )
  for (let index = 0; index < sizes.num_hidden_layers; index++) {
    const layer = scope.within(`encoder.layer.${index}.`)
    const joined = (y: Tensor, name: string): Tensor => {
      const out = layer.dropout(dense(y, `${name}.dense`, width, layer, { init }), rate)
      return normalize(add(out, x), `${name}.LayerNorm`, layer, epsilon)
    }
    const context = selfAttention(x, 'attention.self', layer, {
      heads: sizes.num_attention_heads,
      keyMask: attentionMask,
      dropout: sizes.attention_probs_dropout_prob,
      init,
    })
    x = joined(context, 'attention.output')
    const inner = dense(x, 'intermediate.dense', sizes.intermediate_size, layer, { init })
    x = joined(activate(inner, sizes.hidden_act), 'output')
  }
  return x
}

/** Hidden states [batch, tokens, width] to [batch, width]. */
export function pool(hidden: Tensor, attentionMask: Tensor, pooling: Pooling, scope: Scope): Tensor {
  if (pooling === 'mean') return maskedMean(hidden, attentionMask)
  const first = squeeze(slice(hidden, { axis: 1, end: 1 }), 1)
  return pooling === 'cls' ? first : tanh(dense(first, 'pooler.dense', hidden.shape[2] as number, scope))
}

/** Rows 0, 1, 2, … of a table of positions for the tokens [batch, tokens], to be added to them. */
export function placed(table: Tensor, inputIds: Tensor): Tensor {
  const tokens = inputIds.shape[1]
  // Where their number is known no rows are looked up, and the gradient needs no scattering.
  if (typeof tokens === 'number') return slice(table, { axis: 0, end: tokens })
  return embedding(table, sub(cumulativeSum(add(mul(inputIds, 0), 1), { axis: 1 }), 1))
}

/** paddingId + 1, paddingId + 2, … on tokens, paddingId on padding. */
function placesAfterPadding(inputIds: Tensor, paddingId: number): Tensor {
  const real = cast(not(equal(inputIds, paddingId)), inputIds.dtype)
  return add(mul(cumulativeSum(real, { axis: 1 }), real), paddingId)
}

export function bertEncoder(
  options: BertSizes & ClapProjectionOptions,
  { kind, pooling, maxTokens }: { kind: BertKind; pooling: Pooling; maxTokens?: number },
): TextEncoder {
  const { hidden_size: width, num_attention_heads: heads, projection_dim: joint } = options
  if (width % heads !== 0)
    throw new AntiphonError('usage', `${kind}: a hidden_size of ${width} does not divide into ${heads} heads`)
  const places = options.max_position_embeddings - (kind === 'roberta' ? options.pad_token_id + 1 : 0)
  return {
    width: joint ?? width,
    maxTokens: Math.min(places, maxTokens ?? places),
    vocabularySize: options.vocab_size,
    encode(inputIds, attentionMask, scope) {
      const hidden = bert({ inputIds, attentionMask }, scope, options, kind)
      return clapProjection(pool(hidden, attentionMask, pooling, scope), 'text_projection', scope, options)
    },
  }
}
