import { halfToFloat, type NamedTensor } from '../../graph/index.js'

const LARGEST_CODE = 127 // -128 is left out: codes are symmetric

export interface QuantizedRows {
  /** int8, in the shape of the tensor. */
  readonly codes: NamedTensor
  /** What one step of a row is worth, [rows]. */
  readonly scales: NamedTensor
  /** Length of a row's error by the length of the row: the median over the rows that are not zero. */
  readonly error: number
}

/**
 * A weight in 8 bits with a scale for each row of its first axis, which is the output channel in PyTorch's layouts: row ≈ scale · codes,
 * and the largest number of a row is exact.
 */
export function quantizeRows(weight: NamedTensor): QuantizedRows {
  const numbers = numbersOf(weight)
  const [rows] = weight.shape
  const width = numbers.length / rows
  const codes = new Int8Array(numbers.length)
  const scales = new Float32Array(rows)
  const errors: number[] = []
  for (let row = 0; row < rows; row++) {
    const own = numbers.subarray(row * width, (row + 1) * width)
    const largest = own.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
    scales[row] = largest / LARGEST_CODE
    if (largest === 0) continue // its codes are 0 whatever its scale
    let [wrong, all] = [0, 0]
    for (let i = 0; i < width; i++) {
      const code = Math.round(own[i] / scales[row])
      codes[row * width + i] = code
      wrong += (own[i] - code * scales[row]) ** 2
      all += own[i] ** 2
    }
    errors.push(Math.sqrt(wrong / all))
  }
  return {
    codes: { dtype: 'I8', shape: weight.shape, bytes: new Uint8Array(codes.buffer) },
    scales: { dtype: 'F32', shape: [rows], bytes: new Uint8Array(scales.buffer) },
    error: errors.sort((a, b) => a - b)[errors.length >> 1] ?? 0,
  }
}

function numbersOf({ dtype, bytes }: NamedTensor): Float32Array {
  const own = bytes.slice().buffer // aligned, whatever it was cut from
  if (dtype !== 'F16') return new Float32Array(own)
  const halves = new Uint16Array(own)
  const floats = new Float32Array(65_536).map((_, bits) => halfToFloat(bits)) // looked up: there are millions
  return new Float32Array(halves.length).map((_, i) => floats[halves[i]])
}
