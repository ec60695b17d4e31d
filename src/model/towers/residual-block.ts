import { add, conv2d, maxPool, relu, type Tensor } from '../../graph/index.js'
import type { Scope } from '../scope.js'

export interface ResidualBlockOptions {
  /** Of the first convolution and of the shortcut's. @default 1 */
  readonly stride?: number
  /** Max pool behind the sum, in mels and frames. @default none */
  readonly pool?: readonly [number, number]
}

/**
 * Two 3 x 3 convolutions beside a shortcut, [batch, channels, mels, frames], in the names of Won et al. 2020
 * (https://github.com/minzwon/sota-music-tagging-models). Where size or channels change, the shortcut is a 3 x 3 convolution too.
 */
export function residualBlock(
  x: Tensor,
  channels: number,
  scope: Scope,
  { stride = 1, pool }: ResidualBlockOptions = {},
): Tensor {
  const inner = relu(scope.batchNorm(convolve3x3(x, 'conv_1', channels, scope, stride), 'bn_1'))
  const outer = scope.batchNorm(convolve3x3(inner, 'conv_2', channels, scope), 'bn_2')
  const changes = stride !== 1 || x.shape[1] !== channels
  const shortcut = changes ? scope.batchNorm(convolve3x3(x, 'conv_3', channels, scope, stride), 'bn_3') : x
  const y = relu(add(outer, shortcut))
  return pool ? maxPool(y, { kernel: pool }) : y
}

/** With a bias, and as many rows and columns as before over the stride. */
export function convolve3x3(x: Tensor, name: string, channels: number, scope: Scope, stride = 1): Tensor {
  const weight = scope.parameter(`${name}.weight`, [channels, x.shape[1] as number, 3, 3])
  return conv2d(x, weight, { bias: scope.parameter(`${name}.bias`, [channels]), stride, padding: 1 })
}
