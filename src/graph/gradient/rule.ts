import { broadcast, sameShape } from '../dimension.js'
import { reshape } from '../arrangement.js'
import type { GraphNode, Rule, Tensor } from '../graph.js'
import { sum } from '../reduction.js'

export type { Rule }

/** The first input of a node, which every differentiable operator has. */
export function firstInput(node: GraphNode): Tensor {
  return node.inputs[0]!
}

/** A node with one differentiable input. */
export function single(rule: (gradient: Tensor, x: Tensor, y: Tensor, node: GraphNode) => Tensor): Rule {
  return (gradient, node) => [() => rule(gradient, firstInput(node), node.outputs[0], node)]
}

/** Sums a gradient over the axes that `shape` was repeated along. */
export function unbroadcast(gradient: Tensor, like: Tensor): Tensor {
  if (sameShape(gradient.shape, like.shape)) return gradient
  const offset = gradient.rank - like.rank
  const repeated = gradient.shape
    .map((_, axis) => axis)
    .filter((axis) => axis < offset || (like.shape[axis - offset] === 1 && gradient.shape[axis] !== 1))
  const tail = repeated.at(-1)! + 1
  return reshape(
    repeated.length === tail ? sumLeading(gradient, tail) : sum(gradient, { axis: repeated, keepDims: true }),
    like.shape,
  )
}

/** Whether a shape is `like`'s once both are broadcast. */
export function broadcastsTo(tensor: Tensor, like: Tensor): boolean {
  const shape = broadcast(tensor.shape, like.shape)
  return shape !== undefined && sameShape(shape, like.shape)
}

const ROWS_AT_A_TIME = 64

/**
 * Sum over the leading axes, as many as `axes`. In two steps: ONNX Runtime sums the rows of a tall matrix on one thread
 * and slowly (1 ms for 4096 x 768), but blocks of rows side by side in a tenth of that.
 */
export function sumLeading(x: Tensor, axes: number): Tensor {
  const leading = x.shape.slice(0, axes)
  const rest = x.shape.slice(axes)
  if (axes === 0) return x
  const rows = leading.reduce<number | undefined>(
    (n, d) => (n === undefined || typeof d !== 'number' ? undefined : n * d),
    1,
  )
  if (rows === undefined || rows < 4 * ROWS_AT_A_TIME || rows % ROWS_AT_A_TIME !== 0)
    return sum(x, { axis: leading.map((_, axis) => axis) })
  const blocks = reshape(x, [rows / ROWS_AT_A_TIME, ROWS_AT_A_TIME, ...rest])
  return sum(sum(blocks, { axis: 1 }), { axis: 0 })
}
