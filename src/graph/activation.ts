import { div, mul, neg, unary } from './elementwise.js'
import { axisOf, type Tensor } from './graph.js'
import { shapeError } from './shape-error.js'

export const relu = (x: Tensor): Tensor => unary('Relu', x)
export const sigmoid = (x: Tensor): Tensor => unary('Sigmoid', x)
export const tanh = (x: Tensor): Tensor => unary('Tanh', x)
/** ln(1 + e^x) */
export const softplus = (x: Tensor): Tensor => unary('Softplus', x)
/** -ln(1 + e^-x) */
export const logSigmoid = (x: Tensor): Tensor => neg(softplus(neg(x)))
/** x sigmoid(x) */
export const silu = (x: Tensor): Tensor => mul(x, sigmoid(x))
/** x > 0 ? x : slope x */
export const leakyRelu = (x: Tensor, { slope = 0.01 }: { slope?: number } = {}): Tensor =>
  unary('LeakyRelu', x, { alpha: slope })

/**
 * Gaussian error linear unit (Hendrycks & Gimpel 2016). `exact`: x Φ(x); `tanh`: its approximation by tanh, as in GPT-2;
 * `quick`: x sigmoid(1.702 x), as in CLIP.
 */
export function gelu(x: Tensor, form: 'exact' | 'tanh' | 'quick' = 'exact'): Tensor {
  if (form === 'quick') return mul(x, sigmoid(mul(x, 1.702)))
  return unary('Gelu', x, { approximate: form === 'tanh' ? 'tanh' : 'none' })
}

export function softmax(x: Tensor, { axis = -1 }: { axis?: number } = {}): Tensor {
  return unary('Softmax', x, { axis: axisOf('softmax', x, axis) })
}

export function logSoftmax(x: Tensor, { axis = -1 }: { axis?: number } = {}): Tensor {
  return unary('LogSoftmax', x, { axis: axisOf('logSoftmax', x, axis) })
}

/** x mask / keep: the mask (1 keeps, 0 drops) is given, so that a step can be repeated exactly. */
export function dropout(x: Tensor, mask: Tensor, { keep }: { keep: number }): Tensor {
  if (!(keep > 0 && keep <= 1)) throw shapeError('dropout', `keep is ${keep}, expected a share in (0, 1]`)
  return mul(x, div(mask, keep))
}
