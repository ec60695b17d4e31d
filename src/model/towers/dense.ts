import { linear, type Tensor } from '../../graph/index.js'
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
