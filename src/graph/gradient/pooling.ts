import { reshape } from '../arrangement.js'
import { product } from '../dimension.js'
import { knownSize, type GraphNode, type Tensor } from '../graph.js'
import type { OperatorName } from '../operators.js'
import { mixAxis } from '../pooling.js'
import { scatterAdd } from './lookup.js'
import { single, type Rule } from './rule.js'

export const POOLING_RULES: Partial<Record<OperatorName, Rule>> = {
  // The first of equal maxima takes it all, as in PyTorch.
  MaxPool: single((g, x, _, { outputs }) => {
    const flat = (y: Tensor): Tensor => reshape(y, [-1])
    const places = { places: flat(outputs[1]), updates: flat(g), axis: 0 }
    return reshape(scatterAdd([product(x.shape)], places), x.shape)
  }),
  AveragePool: single((g, x, _, node) => spreadMeans(g, x, node)),
}

/** A mean is a weighted sum along each axis in turn; the gradient goes through the transposed weights. */
function spreadMeans(g: Tensor, x: Tensor, node: GraphNode): Tensor {
  const { kernel_shape, strides, pads } = node.attributes as Record<string, number[]>
  const counted = node.attributes['count_include_pad'] === 1
  return kernel_shape.reduce<Tensor>((y, kernel, i) => {
    const axis = i + 2
    const size = knownSize('avgPool', x, axis)
    const cells = knownSize('avgPool', g, axis)
    const [before, after] = [pads[i], pads[i + kernel_shape.length]]
    const weights = new Float32Array(cells * size)
    for (let cell = 0; cell < cells; cell++) {
      const start = cell * strides[i] - before
      const end = Math.min(start + kernel, size + after)
      const [first, last] = [Math.max(start, 0), Math.min(end, size)]
      const count = counted ? end - start : last - first
      weights.fill(1 / count, cell * size + first, cell * size + last)
    }
    return mixAxis(y, axis, weights, size)
  }, g)
}
