import { sameShape, type Shape } from '../dimension.js'
import { reshape } from '../arrangement.js'
import type { GraphNode, Rule, Tensor } from '../graph.js'
import { matmul } from '../matmul.js'
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

const ROWS_AT_A_TIME = 64
const FEWEST_COLUMNS = 256 // below, one sum is as quick

/**
 * Sum over the leading axes, as many as `axes`. ONNX Runtime sums the rows of a tall matrix on one thread and slowly (1 ms
 * for 4096 x 768): blocks of rows side by side take a tenth of that, and a few rows are a product with a row of ones.
 */
export function sumLeading(x: Tensor, axes: number): Tensor {
  if (axes === 0) return x
  const rows = known(x.shape.slice(0, axes))
  const rest = x.shape.slice(axes)
  const columns = known(rest)
  const plain = (): Tensor => sum(x, { axis: x.shape.map((_, axis) => axis).slice(0, axes) })
  if (rows === undefined || columns === undefined) return plain()
  if (rows % ROWS_AT_A_TIME === 0 && rows >= 4 * ROWS_AT_A_TIME) {
    const blocks = reshape(x, [rows / ROWS_AT_A_TIME, ROWS_AT_A_TIME, ...rest])
    return sum(sum(blocks, { axis: 1 }), { axis: 0 })
  }
  if (columns < FEWEST_COLUMNS || rows === 1) return plain()
  const ones = x.graph.constant(new Float32Array(rows).fill(1), [1, rows])
  return reshape(matmul(ones, reshape(x, [rows, columns])), rest)
}

function known(shape: Shape): number | undefined {
  return shape.reduce<number | undefined>(
    (n, d) => (n === undefined || typeof d !== 'number' ? undefined : n * d),
    1,
  )
}
