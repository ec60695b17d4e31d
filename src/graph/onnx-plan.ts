import type { Attribute, GraphNode, Tensor } from './graph.js'

export const MICROSOFT = 'com.microsoft' // operators that ONNX Runtime has beside the standard's

/** What of a node is written. */
export interface WrittenNode {
  readonly op: string
  readonly domain?: string
  readonly inputs: readonly (Tensor | undefined)[]
  readonly attributes: Readonly<Record<string, Attribute>>
}

/**
 * A node as a training step has it, whose parameters are fed: a product takes the transposition of its operands upon
 * itself. ONNX Runtime does so too, but only after it has joined that transposition with the one before, as that of heads,
 * into one that takes four times as long.
 */
export function asTrained(node: GraphNode): WrittenNode {
  if (node.op !== 'MatMul') return node
  const operands = node.inputs.map((input) => (input && untransposed(input)) ?? input)
  if (operands.every((operand, i) => operand === node.inputs[i])) return node
  const [transA, transB] = operands.map((operand, i) => (operand === node.inputs[i] ? 0 : 1))
  return { op: 'FusedMatMul', domain: MICROSOFT, inputs: operands, attributes: { transA, transB } }
}

/** Nodes and tensors that the given tensors are computed from, themselves included. */
export function neededBy(
  outputs: readonly Tensor[],
  written: (node: GraphNode) => WrittenNode,
): { nodes: Set<GraphNode>; tensors: Set<Tensor> } {
  const nodes = new Set<GraphNode>()
  const tensors = new Set<Tensor>()
  const open = [...outputs]
  for (let tensor = open.pop(); tensor; tensor = open.pop()) {
    if (tensors.has(tensor)) continue
    tensors.add(tensor)
    if (tensor.source.kind !== 'node' || nodes.has(tensor.source.node)) continue
    nodes.add(tensor.source.node)
    for (const input of written(tensor.source.node).inputs) if (input) open.push(input)
  }
  return { nodes, tensors }
}

/**
 * As they were made, but what no node reads comes last, and backwards. ONNX Runtime begins at the last node that nothing
 * reads and computes what it needs: of a training step, all of the backward pass before the first gradient of a weight,
 * were that the one of the first layer. This way each follows as soon as it can, and what it was made from is let go.
 */
export function inWritingOrder(
  nodes: ReadonlySet<GraphNode>,
  written: (node: GraphNode) => WrittenNode,
): GraphNode[] {
  const read = new Set<GraphNode>()
  for (const node of nodes)
    for (const input of written(node).inputs) if (input?.source.kind === 'node') read.add(input.source.node)
  const ordered = [...nodes].sort((a, b) => a.index - b.index)
  return [...ordered.filter((node) => read.has(node)), ...ordered.filter((node) => !read.has(node)).reverse()]
}

/** The matrix, or stack of matrices, that a tensor is the transpose of. */
function untransposed({ source, rank }: Tensor): Tensor | undefined {
  if (source.kind !== 'node' || source.node.op !== 'Transpose') return undefined
  const perm = source.node.attributes['perm'] as readonly number[]
  const swapsLast = perm.every(
    (axis, i) => axis === (i < rank - 2 ? i : i === rank - 2 ? rank - 1 : rank - 2),
  )
  return swapsLast ? source.node.inputs[0] : undefined
}
