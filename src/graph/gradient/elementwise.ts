import {
  add,
  cast,
  cos,
  div,
  equal,
  exp,
  greater,
  less,
  log,
  mul,
  neg,
  sign,
  sin,
  square,
  sub,
  where,
  and,
  greaterOrEqual,
  lessOrEqual,
  pow,
} from '../elementwise.js'
import { sigmoid } from '../activation.js'
import type { Tensor } from '../graph.js'
import type { OperatorName } from '../operators.js'
import { single, unbroadcast, type Rule } from './rule.js'

/** A function of two tensors that broadcast: what flows to each, in the shape of the result. */
function binary(
  toFirst: (g: Tensor, a: Tensor, b: Tensor, y: Tensor) => Tensor,
  toSecond: (g: Tensor, a: Tensor, b: Tensor, y: Tensor) => Tensor,
): Rule {
  return (g, { inputs, outputs }) => {
    const [a, b] = inputs as [Tensor, Tensor]
    return [
      () => unbroadcast(toFirst(g, a, b, outputs[0]), a),
      () => unbroadcast(toSecond(g, a, b, outputs[0]), b),
    ]
  }
}

/** Equal operands share the gradient, as in PyTorch. */
function share(g: Tensor, ahead: Tensor, tied: Tensor): Tensor {
  return mul(g, add(cast(ahead, 'float32'), mul(cast(tied, 'float32'), 0.5)))
}

const TWO_BY_ROOT_PI = 2 / Math.sqrt(Math.PI)

export const ELEMENTWISE_RULES: Partial<Record<OperatorName, Rule>> = {
  Add: binary(
    (g) => g,
    (g) => g,
  ),
  Sub: (g, { inputs }) => {
    const [a, b] = inputs as [Tensor, Tensor]
    return [() => unbroadcast(g, a), () => neg(unbroadcast(g, b))]
  },
  Mul: (g, { inputs }) => {
    const [a, b] = inputs as [Tensor, Tensor]
    if (a === b) return [() => mul(mul(g, a), 2), undefined] // a square is one path, not two
    return [() => unbroadcast(mul(g, b), a), () => unbroadcast(mul(g, a), b)]
  },
  Div: (g, { inputs, outputs }) => {
    const [a, b] = inputs as [Tensor, Tensor]
    // What b is the same for is summed first.
    return [() => unbroadcast(div(g, b), a), () => neg(div(unbroadcast(mul(g, outputs[0]), b), b))]
  },
  Pow: binary(
    // Power 0 has no slope, not 0 · 0⁻¹ at 0.
    (g, a, b) => mul(g, mul(b, pow(a, where(equal(b, 0), 1, sub(b, 1))))),
    // 0 to any power is 0: no slope there, where the logarithm has none either.
    (g, a, _, y) => where(greater(a, 0), mul(g, mul(y, log(where(greater(a, 0), a, 1)))), 0),
  ),
  Max: binary(
    (g, a, b) => share(g, greater(a, b), equal(a, b)),
    (g, a, b) => share(g, less(a, b), equal(a, b)),
  ),
  Min: binary(
    (g, a, b) => share(g, less(a, b), equal(a, b)),
    (g, a, b) => share(g, greater(a, b), equal(a, b)),
  ),
  Where: (g, { inputs }) => {
    const [condition, a, b] = inputs as [Tensor, Tensor, Tensor]
    return [
      undefined,
      () => unbroadcast(where(condition, g, 0), a),
      () => unbroadcast(where(condition, 0, g), b),
    ]
  },
  Neg: single((g) => neg(g)),
  Abs: single((g, x) => mul(g, sign(x))),
  Exp: single((g, _, y) => mul(g, y)),
  Log: single((g, x) => div(g, x)),
  Sqrt: single((g, _, y) => div(mul(g, 0.5), y)),
  Erf: single((g, x) => mul(g, mul(exp(neg(square(x))), TWO_BY_ROOT_PI))),
  Sin: single((g, x) => mul(g, cos(x))),
  Cos: single((g, x) => neg(mul(g, sin(x)))),
  Softplus: single((g, x) => mul(g, sigmoid(x))),
  Clip: single((g, x, _, node) => {
    const { min, max } = node.attributes as { min: number; max: number }
    const inside = [
      ...(Number.isFinite(min) ? [greaterOrEqual(x, min)] : []),
      ...(Number.isFinite(max) ? [lessOrEqual(x, max)] : []),
    ]
    return inside.length === 0 ? g : where(inside.reduce(and), g, 0)
  }),
}
