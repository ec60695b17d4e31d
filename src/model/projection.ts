import { gelu, l2Normalize, linear, relu, silu, tanh, type Tensor } from '../graph/index.js'
import type { Scope } from './scope.js'

const ACTIVATIONS = { relu, gelu: (x: Tensor) => gelu(x), silu, tanh }

/** How the output of an encoder comes into the joint space. */
export interface ProjectionOptions {
  /** Of the joint space. */
  readonly dim: number
  /** Linear layers, with the activation and dropout between them. */
  readonly layers: number
  /** Width between the layers. */
  readonly hidden: number
  readonly activation: keyof typeof ACTIVATIONS
  readonly dropout: number
  /** Before the activation. @default false */
  readonly batch_norm?: boolean
}

/** Outputs of an encoder [batch, width] to unit vectors [batch, dim]. */
export function project(
  x: Tensor,
  { dim, layers, hidden, activation, dropout, batch_norm: isNormed = false }: ProjectionOptions,
  scope: Scope,
): Tensor {
  let y = x
  for (let layer = 0; layer < layers; layer++) {
    const width = y.shape[1] as number
    const out = layer === layers - 1 ? dim : hidden
    if (layer > 0) {
      if (isNormed) y = scope.batchNorm(y, `projection.${layer - 1}.norm`)
      y = scope.dropout(ACTIVATIONS[activation](y), dropout)
    }
    y = linear(
      y,
      scope.parameter(`projection.${layer}.weight`, [out, width]),
      scope.parameter(`projection.${layer}.bias`, [out]),
    )
  }
  return l2Normalize(y)
}
