import {
  add,
  attention,
  cumulativeSum,
  embedding,
  gelu,
  l2Normalize,
  layerNorm,
  linear,
  maskedMean,
  mul,
  slice,
  sub,
  type Tensor,
} from '../../graph/index.js'
import type { Scope } from '../scope.js'

/** all-MiniLM-L6-v2: BERT (Devlin et al. 2019) in a small size. */
export const MINILM = {
  layers: 6,
  width: 384,
  heads: 12,
  feedForward: 1536,
  words: 30_522,
  positions: 512,
  tokenTypes: 2,
  layerNormEpsilon: 1e-12,
  /** sentence-transformers cuts texts here; the network itself knows 512 positions. */
  maxTokens: 256,
} as const

/**
 * Token ids and their mask, [batch, tokens] of int64, to unit vectors [batch, 384]: the mean over the tokens.
 * Reimers & Gurevych 2019.
 */
export function minilm(inputIds: Tensor, attentionMask: Tensor, scope: Scope): Tensor {
  const { width, heads, feedForward, layerNormEpsilon: epsilon } = MINILM
  const project = (x: Tensor, name: string, from: number, to: number): Tensor =>
    linear(x, scope.parameter(`${name}.weight`, [to, from]), scope.parameter(`${name}.bias`, [to]))
  const normalize = (x: Tensor, name: string): Tensor =>
    layerNorm(
      x,
      scope.parameter(`${name}.LayerNorm.weight`, [width]),
      scope.parameter(`${name}.LayerNorm.bias`, [width]),
      { epsilon },
    )

  const words = embedding(
    scope.parameter('embeddings.word_embeddings.weight', [MINILM.words, width]),
    inputIds,
  )
  const place = sub(cumulativeSum(add(mul(inputIds, 0), 1), { axis: 1 }), 1) // 0, 1, 2, … in every row
  const positions = embedding(
    scope.parameter('embeddings.position_embeddings.weight', [MINILM.positions, width]),
    place,
  )
  const firstType = slice(
    scope.parameter('embeddings.token_type_embeddings.weight', [MINILM.tokenTypes, width]),
    {
      axis: 0,
      end: 1,
    },
  )
  let x = normalize(add(add(words, positions), firstType), 'embeddings')
  for (let layer = 0; layer < MINILM.layers; layer++) {
    const name = `encoder.layer.${layer}`
    const [query, key, value] = ['query', 'key', 'value'].map((role) =>
      project(x, `${name}.attention.self.${role}`, width, width),
    )
    const { output } = attention(query, key, value, { heads, keyMask: attentionMask })
    x = normalize(
      add(project(output, `${name}.attention.output.dense`, width, width), x),
      `${name}.attention.output`,
    )
    const inner = gelu(project(x, `${name}.intermediate.dense`, width, feedForward))
    x = normalize(add(project(inner, `${name}.output.dense`, feedForward, width), x), `${name}.output`)
  }
  return l2Normalize(maskedMean(x, attentionMask))
}
