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
  Gelu: single((g, x, _, { attributes }) => {
    // The half belongs to the gradient's own matrix product, where it costs nothing.
    const half = mul(g, 0.5)
    return mul(half, attributes['approximate'] === 'tanh' ? twiceSlopeOfTanhGelu(x) : twiceSlopeOfGelu(x))
  }),
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

/** 2 (Φ(x) + x φ(x)), with u = x/√2: 1 + erf u + u e^(ln 2/√π - u²). */
function twiceSlopeOfGelu(x: Tensor): Tensor {
  const u = mul(x, Math.SQRT1_2)
  const bell = mul(u, exp(sub(Math.log(2 / Math.sqrt(Math.PI)), square(u))))
  return add(add(erf(u), bell), 1)
}

/** With y = ½ x (1 + tanh v), v = √(2/π) (x + 0.044715 x³): 1 + tanh v + x (1 - tanh² v) v'. */
function twiceSlopeOfTanhGelu(x: Tensor): Tensor {
  const x2 = square(x)
  const t = tanh(mul(x, add(mul(x2, ROOT_2_BY_PI * CUBIC), ROOT_2_BY_PI)))
  const dv = add(mul(x2, 3 * ROOT_2_BY_PI * CUBIC), ROOT_2_BY_PI)
  // In this order 0 · dv is 0 far out, where x dv has no room.
  return add(add(t, 1), mul(mul(x, sub(1, square(t))), dv))
}
