import { reshape, transpose } from '../arrangement.js'
import { product } from '../dimension.js'
import type { GraphNode, Tensor } from '../graph.js'
import { matmul } from '../matmul.js'
import type { OperatorName } from '../operators.js'
import { unbroadcast, type Rule } from './rule.js'

export const MATMUL_RULES: Partial<Record<OperatorName, Rule>> = {
  // y = a b: da = g bᵀ, db = aᵀ g.
  MatMul: (g, { inputs }) => {
    const [a, b] = inputs as [Tensor, Tensor]
    // One matrix for all rows of a stack: flattened, the sum over the stack is part of the product.
    if (b.rank === 2 && a.rank > 2)
      return [() => matmul(g, transpose(b)), () => gemm(rows(a), rows(g), { transA: 1 })]
    const { source } = b
    const isTranspose = source.kind === 'node' && source.node.op === 'Transpose'
    return [
      () => unbroadcast(matmul(g, transpose(b)), a),
      // Of a transpose (gᵀ a)ᵀ, so that what it is the transpose of takes gᵀ a as it is.
      () => unbroadcast(isTranspose ? transpose(matmul(transpose(g), a)) : matmul(transpose(a), g), b),
    ]
  },
  // y = op(a) op(b) + c, op transposing where the node says so.
  Gemm: (g, { inputs, attributes }: GraphNode) => {
    const [a, b, c] = inputs as [Tensor, Tensor, Tensor | undefined]
    const transA = attributes['transA'] === 1 ? 1 : 0
    const transB = attributes['transB'] === 1 ? 1 : 0
    return [
      // MatMul where nothing is transposed: ONNX Runtime then makes a factor of the product part of it.
      () => {
        if (transA) return gemm(b, g, { transA: transB, transB: 1 })
        return transB ? matmul(g, b) : gemm(g, b, { transB: 1 })
      },
      () => (transB ? gemm(g, a, { transA: 1, transB: transA }) : gemm(a, g, { transA: transA ? 0 : 1 })),
      c && (() => unbroadcast(g, c)),
    ]
  },
}

function rows(x: Tensor): Tensor {
  return reshape(x, [product(x.shape.slice(0, -1)), x.shape.at(-1)!])
}

export function gemm(
  a: Tensor,
  b: Tensor,
  { transA = 0, transB = 0 }: { transA?: 0 | 1; transB?: 0 | 1 } = {},
): Tensor {
  const shape = [a.shape[transA ? 1 : 0], b.shape[transB ? 0 : 1]]
  const attributes = { ...(transA ? { transA } : {}), ...(transB ? { transB } : {}) }
  return a.graph.apply('Gemm', [a, b], attributes, [{ shape }])[0]
}
