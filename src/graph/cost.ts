import { product } from './dimension.js'
import { knownSize, type GraphNode, type Tensor } from './graph.js'
import { shapeError } from './shape-error.js'

/**
 * Multiplications with an addition each in the matrix products and convolutions that these tensors need, all together:
 * nearly all of the work of a network. Two floating-point operations each.
 * @throws AntiphonError `shape` where one of them has a free axis.
 */
export function multiplyAdds(outputs: Iterable<Tensor>): number {
  const waiting = [...outputs]
  const seen = new Set<GraphNode>()
  let total = 0
  for (let tensor = waiting.pop(); tensor; tensor = waiting.pop()) {
    if (tensor.source.kind !== 'node') continue
    const { node } = tensor.source
    if (seen.has(node)) continue
    seen.add(node)
    total += ofNode(node)
    for (const input of node.inputs) if (input) waiting.push(input)
  }
  return total
}

function ofNode({ op, inputs, attributes, outputs: [output] }: GraphNode): number {
  const [x, weight] = inputs as [Tensor, Tensor]
  switch (op) {
    case 'MatMul':
    case 'MatMulInteger':
      return sizeOf(op, output) * knownSize(op, x, x.rank - 1)
    case 'Gemm':
      return sizeOf(op, output) * knownSize(op, x, attributes['transA'] === 1 ? 0 : 1)
    case 'Conv': // each output is a sum over the weights of its filter
      return sizeOf(op, output) * (sizeOf(op, weight) / knownSize(op, weight, 0))
    case 'ConvTranspose': // each input is spread by the weights of its channel
      return sizeOf(op, x) * (sizeOf(op, weight) / knownSize(op, weight, 0))
    default:
      return 0
  }
}

function sizeOf(op: string, x: Tensor): number {
  const size = product(x.shape)
  if (typeof size === 'number') return size
  throw shapeError(op, `${x.toString()} must have known sizes for its work to be counted`)
}
