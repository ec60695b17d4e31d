import { add, cast, erf, exp, greater, mul, square, sub, where } from '../elementwise.js'
import { tanh } from '../activation.js'
import type { Tensor } from '../graph.js'
import type { OperatorName } from '../operators.js'
import { sum } from '../reduction.js'
import { single, type Rule } from './rule.js'

const ROOT_2_BY_PI = Math.sqrt(2 / Math.PI)
const CUBIC = 0.044715 // Hendrycks & Gimpel 2016

export const ACTIVATION_RULES: Partial<Record<OperatorName, Rule>> = {
  Relu: single((g, _, y) => mul(g, cast(greater(y, 0), 'float32'))),
  LeakyRelu: single((g, x, _, { attributes }) =>
    where(greater(x, 0), g, mul(g, attributes['alpha'] as number)),
  ),
  Sigmoid: single((g, _, y) => mul(g, mul(y, sub(1, y)))),
  Tanh: single((g, _, y) => mul(g, sub(1, square(y)))),
  Gelu: single((g, x, _, { attributes }) =>
    mul(g, attributes['approximate'] === 'tanh' ? slopeOfTanhGelu(x) : slopeOfGelu(x)),
  ),
  Softmax: single((g, _, y, { attributes }) => {
    const flow = mul(g, y)
    const axis = attributes['axis'] as number
    return sub(flow, mul(y, sum(flow, { axis, keepDims: true })))
  }),
  LogSoftmax: single((g, _, y, { attributes }) => {
    const axis = attributes['axis'] as number
    return sub(g, mul(exp(y), sum(g, { axis, keepDims: true })))
  }),
}

/**
 * Φ(x) + x φ(x) = ½ + ½ erf(x/√2) + x e^(-½x² - ln √(2π)). Factors stand where a result of its own is overwritten: so two new
 * matrices are enough, and filling those is what takes time.
 */
function slopeOfGelu(x: Tensor): Tensor {
  const share = add(mul(erf(mul(x, Math.SQRT1_2)), 0.5), 0.5)
  const density = exp(sub(mul(square(x), -0.5), Math.log(Math.sqrt(2 * Math.PI))))
  return add(share, mul(density, x))
}

/** With y = ½ x (1 + tanh v), v = √(2/π) (x + 0.044715 x³): ½ (1 + tanh v + x (1 - tanh² v) v'). */
function slopeOfTanhGelu(x: Tensor): Tensor {
  const x2 = square(x)
  const t = tanh(mul(x, add(mul(x2, ROOT_2_BY_PI * CUBIC), ROOT_2_BY_PI)))
  const dv = add(mul(x2, 3 * ROOT_2_BY_PI * CUBIC), ROOT_2_BY_PI)
  // In this order 0 · dv is 0 far out, where x dv has no room.
  return mul(add(add(t, 1), mul(mul(x, sub(1, square(t))), dv)), 0.5)
}
