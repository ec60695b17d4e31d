import { reshape, transpose } from './arrangement.js'
import { broadcast, product } from './dimension.js'
import { add } from './elementwise.js'
import type { Tensor } from './graph.js'
import { shapeError } from './shape-error.js'

/** Matrix product of the last two axes; axes before them broadcast. */
export function matmul(a: Tensor, b: Tensor): Tensor {
  const batch = broadcast(a.shape.slice(0, -2), b.shape.slice(0, -2))
  if (a.rank < 2 || b.rank < 2 || a.shape.at(-1) !== b.shape.at(-2) || !batch)
    throw shapeError('matmul', `${a.toString()} and ${b.toString()} don't multiply`)
  const shape = [...batch, a.shape.at(-2)!, b.shape.at(-1)!]
  return a.graph.apply('MatMul', [a, b], {}, [{ shape, dtype: a.dtype }])[0]
}

/** Exact product, int32, of bytes a [..., rows, in] of uint8 and a matrix b [in, out] of int8. */
export function integerMatmul(a: Tensor, b: Tensor): Tensor {
  if (a.dtype !== 'uint8' || b.dtype !== 'int8' || b.rank !== 2 || a.shape.at(-1) !== b.shape[0])
    throw shapeError(
      'integerMatmul',
      `${a.toString()} and ${b.toString()} don't multiply (expected uint8 and int8)`,
    )
  const shape = [...a.shape.slice(0, -1), b.shape[1]]
  return a.graph.apply('MatMulInteger', [a, b], {}, [{ shape, dtype: 'int32' }])[0]
}

/** x weightᵀ + bias over the last axis; weight [out, in], as PyTorch stores it. */
export function linear(x: Tensor, weight: Tensor, bias?: Tensor): Tensor {
  const [out, width] = weight.shape
  if (weight.rank !== 2 || x.rank < 1 || x.shape.at(-1) !== width)
    throw shapeError('linear', `weight ${weight.toString()} (out, in) does not fit input ${x.toString()}`)
  if (bias && (bias.rank !== 1 || bias.shape[0] !== out))
    throw shapeError('linear', `bias ${bias.toString()} is not one number for each of ${out} outputs`)
  const leading = x.shape.slice(0, -1)
  // Rows are flattened for one Gemm. With two or more free axes that would need their lengths at run time: MatMul does without.
  if (leading.filter((dimension) => typeof dimension === 'string').length > 1) {
    const y = matmul(x, transpose(weight))
    return bias ? add(y, bias) : y
  }
  const rows = reshape(x, [product(leading), width])
  const y = x.graph.apply('Gemm', bias ? [rows, weight, bias] : [rows, weight], { transB: 1 }, [
    { shape: [rows.shape[0], out] },
  ])[0]
  return reshape(y, [...leading, out])
}
