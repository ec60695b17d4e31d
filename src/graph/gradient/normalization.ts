import { reshape } from '../arrangement.js'
import { product } from '../dimension.js'
import { add, div, mul, neg, sqrt, sub } from '../elementwise.js'
import type { Tensor } from '../graph.js'
import type { OperatorName } from '../operators.js'
import { matmul } from '../matmul.js'
import { sum } from '../reduction.js'
import { sumLeading, type Rule } from './rule.js'

export const NORMALIZATION_RULES: Partial<Record<OperatorName, Rule>> = {
  // With x̂ = (x - μ)/σ and h = g w: dx = (h - mean h - x̂ mean(h x̂))/σ.
  LayerNormalization: (g, { inputs, outputs, attributes }) => {
    const [x, weight, bias] = inputs as [Tensor, Tensor, Tensor]
    const [, average, inverseDeviation] = outputs
    const first = attributes['axis'] as number
    const normal = once(() => mul(sub(x, average), inverseDeviation))
    const flow = once(() => mul(g, normal()))
    // mean(y w) as a product with w: no y w has to be written.
    const size = product(weight.shape) as number
    const share = once(() => reshape(mul(weight, 1 / size), [size, 1]))
    const weightedMean = (y: Tensor): Tensor =>
      reshape(matmul(reshape(y, [-1, size]), share()), average.shape)
    return [
      () => {
        const centred = sub(mul(g, weight), weightedMean(g))
        return mul(sub(centred, mul(normal(), weightedMean(flow()))), inverseDeviation)
      },
      () => reshape(sumLeading(flow(), first), weight.shape),
      () => reshape(sumLeading(g, first), bias.shape),
    ]
  },
  // With given statistics: an affine map of each channel.
  BatchNormalization: (g, { inputs, attributes }) => {
    const [x, weight, , average, variance] = inputs as Tensor[]
    const perChannel = (values: Tensor): Tensor =>
      reshape(
        values,
        x.shape.map((d, axis) => (axis === 1 ? d : 1)),
      )
    const axis = x.shape.map((_, i) => i).filter((i) => i !== 1)
    const deviation = once(() => sqrt(add(variance, attributes['epsilon'] as number)))
    const total = once(() => sum(g, { axis }))
    const slope = once(() => div(weight, deviation()))
    const flow = once(() => div(sum(mul(g, sub(x, perChannel(average))), { axis }), deviation()))
    return [
      () => mul(g, perChannel(slope())),
      flow,
      total,
      () => neg(mul(total(), slope())),
      () => mul(mul(flow(), slope()), div(-0.5, deviation())),
    ]
  },
}

/** A value made when first asked for. */
export function once(make: () => Tensor): () => Tensor {
  let made: Tensor | undefined
  return () => (made ??= make())
}
