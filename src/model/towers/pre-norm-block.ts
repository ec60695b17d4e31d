import { add, type Tensor } from '../../graph/index.js'
import type { Initializer } from '../initializer.js'
import type { Scope } from '../scope.js'
import { activate, dense, normalize, type Activation } from './layers.js'

export interface PreNormBlockOptions {
  readonly intermediate: number
  readonly epsilon: number
  readonly activation: Activation
  /** Share that is dropped behind the dense layers. */
  readonly dropout: number
  /** The same behind the attention. @default dropout */
  readonly attendedDropout?: number
  readonly init?: Initializer
}

/**
 * One block of a vision transformer (Dosovitskiy et al. 2021) in Hugging Face's names: attention, then two dense layers,
 * each on normalised input and added to it. `attend` is the attention before its output layer.
 */
export function preNormBlock(
  x: Tensor,
  attend: (normal: Tensor) => Tensor,
  scope: Scope,
  { intermediate, epsilon, activation, dropout, attendedDropout = dropout, init }: PreNormBlockOptions,
): Tensor {
  const width = x.shape.at(-1) as number
  const context = attend(normalize(x, 'layernorm_before', scope, epsilon))
  const attended = dense(context, 'attention.output.dense', width, scope, { init })
  const y = add(x, scope.dropout(attended, attendedDropout))
  const normal = normalize(y, 'layernorm_after', scope, epsilon)
  const inner = activate(dense(normal, 'intermediate.dense', intermediate, scope, { init }), activation)
  return add(y, scope.dropout(dense(inner, 'output.dense', width, scope, { init }), dropout))
}
