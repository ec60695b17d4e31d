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
  return reshape(sum(gradient, { axis: repeated, keepDims: true }), like.shape)
}

/** Whether a shape is `like`'s once both are broadcast. */
export function broadcastsTo(tensor: Tensor, like: Tensor): boolean {
  const shape = broadcast(tensor.shape, like.shape)
  return shape !== undefined && sameShape(shape, like.shape)
}
