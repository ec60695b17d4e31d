import { add, amax, amin, cast, integerMatmul, mul, sum, transpose, type Tensor } from '../../graph/index.js'
import { asBytes } from './bytes.js'

export interface QuantizedMatrix {
  /** int8 [out, in] */
  readonly codes: Tensor
  /** [out] */
  readonly scales: Tensor
}

/**
 * x weightᵀ + bias as an integer product. Each row of x, a token or a frame, has its own range, from its own numbers: it doesn't
 * depend on what it is computed beside. Takes 0.4 to 0.5 of the time of floats.
 */
export function integerLinear(x: Tensor, { codes, scales }: QuantizedMatrix, bias?: Tensor): Tensor {
  const rows = { axis: -1, keepDims: true }
  const { bytes, lowest, step } = asBytes(x, amin(x, rows), amax(x, rows))
  // Σ w (lowest + step · byte) = lowest Σ w + step Σ w byte, with w = scale · code.
  const products = mul(mul(cast(integerMatmul(bytes, transpose(codes)), 'float32'), scales), step)
  const sums = mul(sum(cast(codes, 'float32'), { axis: 1 }), scales)
  const y = add(products, mul(lowest, sums))
  return bias ? add(y, bias) : y
}
