import { gelu, layerNorm, linear, relu, type Tensor } from '../../graph/index.js'
import type { Initializer } from '../initializer.js'
import type { Scope } from '../scope.js'

export interface DenseOptions {
  readonly init?: Initializer
  /** @default true */
  readonly bias?: boolean
}

/** A linear layer over the last axis with `weight` [out, in] and `bias` [out] below `name`. */
export function dense(
  x: Tensor,
  name: string,
  out: number,
  scope: Scope,
  { init, bias = true }: DenseOptions = {},
): Tensor {
  const width = x.shape.at(-1) as number
  const weight = scope.parameter(`${name}.weight`, [out, width], init)
  return linear(x, weight, bias ? scope.parameter(`${name}.bias`, [out]) : undefined)
}

/** Layer normalisation of the last axis with `weight` and `bias` below `name`. */
export function normalize(x: Tensor, name: string, scope: Scope, epsilon: number): Tensor {
  const width = x.shape.at(-1) as number
  const weight = scope.parameter(`${name}.weight`, [width])
  return layerNorm(x, weight, scope.parameter(`${name}.bias`, [width]), { epsilon })
}

/** The names that Hugging Face's `hidden_act` gives to activations. */
export const ACTIVATIONS = ['gelu', 'gelu_new', 'gelu_pytorch_tanh', 'quick_gelu', 'relu'] as const
export type Activation = (typeof ACTIVATIONS)[number]

export function activate(x: Tensor, activation: Activation): Tensor {
  switch (activation) {
    case 'gelu':
      return gelu(x)
    case 'gelu_new':
    case 'gelu_pytorch_tanh':
      return gelu(x, 'tanh')
    case 'quick_gelu':
      return gelu(x, 'quick')
    case 'relu':
      return relu(x)
  }
}
