import { expand, reshape } from '../arrangement.js'
import { product, type Shape } from '../dimension.js'
import type { Tensor } from '../graph.js'
import type { OperatorName } from '../operators.js'
import type { Rule } from './rule.js'

export const LOOKUP_RULES: Partial<Record<OperatorName, Rule>> = {
  Gather: (g, { inputs, attributes }) => {
    const [x, ids] = inputs as [Tensor, Tensor]
    const axis = attributes['axis'] as number
    return [
      () => {
        const count = product(ids.shape)
        const shape = x.shape.with(axis, count)
        const places = reshape(
          ids,
          shape.map((d, i) => (i === axis ? d : 1)),
        )
        return scatterAdd(x.shape, { places: expand(places, shape), updates: reshape(g, shape), axis })
      },
      undefined,
    ]
  },
  GatherElements: (g, { inputs, attributes }) => {
    const [x, places] = inputs as [Tensor, Tensor]
    return [() => scatterAdd(x.shape, { places, updates: g, axis: attributes['axis'] as number }), undefined]
  },
  CumSum: (g, { attributes }) => [
    () =>
      g.graph.apply('CumSum', [g], { ...attributes, reverse: attributes['reverse'] === 1 ? 0 : 1 }, [g])[0],
  ],
}

/**
 * Zeros in a shape with each update added at its place along the axis. ScatterElements, because ScatterND with
 * reduction "add" loses updates when it is threaded and places repeat (ONNX Runtime 1.30).
 */
export function scatterAdd(
  shape: Shape,
  { places, updates, axis }: { places: Tensor; updates: Tensor; axis: number },
): Tensor {
  const zeros = expand(updates.graph.scalar(0), shape)
  return updates.graph.apply('ScatterElements', [zeros, places, updates], { axis, reduction: 'add' }, [
    { shape },
  ])[0]
}
