import { add, cast, div, maximum, mul, sub, type Tensor } from '../../graph/index.js'

const LARGEST_BYTE = 255
/** Of numbers that are all alike, whose step would be 0. */
const SMALLEST_STEP = 1e-12

/** Numbers between `lowest` and `highest` in 8 bits: x ≈ lowest + step · bytes. Both bounds broadcast over x. */
export function asBytes(
  x: Tensor,
  lowest: Tensor,
  highest: Tensor,
): { bytes: Tensor; lowest: Tensor; step: Tensor } {
  const step = maximum(mul(sub(highest, lowest), 1 / LARGEST_BYTE), SMALLEST_STEP)
  const bytes = cast(add(div(sub(x, lowest), step), 0.5), 'uint8') // a cast cuts off: so it rounds
  return { bytes, lowest, step }
}
