import { knownSize, type Tensor } from './graph.js'
import { mixAxis } from './pooling.js'
import { shapeError } from './shape-error.js'

export interface ResizeOptions {
  /** New lengths of the last two axes, [height, width]. */
  readonly size: readonly [number, number]
  readonly mode: 'bilinear' | 'bicubic'
  /** First and last elements stay where they are; otherwise pixels are areas that share their outer edges. @default false */
  readonly alignCorners?: boolean
}

const CUBIC = -0.75 // the coefficient of PyTorch, OpenCV and ONNX

/**
 * Resizes the last two axes as torch.nn.functional.interpolate without antialiasing. Both directions are linear maps,
 * so they are matrix products.
 */
export function resize(x: Tensor, { size, mode, alignCorners = false }: ResizeOptions): Tensor {
  if (x.rank < 2 || size.some((length) => !Number.isInteger(length) || length < 1))
    throw shapeError('resize', `${x.toString()} can't be resized to [${size.join(', ')}]`)
  return size.reduce<Tensor>((y, length, i) => {
    const axis = x.rank - 2 + i
    const from = knownSize('resize', y, axis)
    return from === length ? y : mixAxis(y, axis, resizeMatrix(from, length, mode, alignCorners), length)
  }, x)
}

/** Weights [from, to], row by row. */
function resizeMatrix(
  from: number,
  to: number,
  mode: ResizeOptions['mode'],
  alignCorners: boolean,
): Float32Array {
  const weights = new Float32Array(from * to)
  const taps = mode === 'bilinear' ? LINEAR_TAPS : CUBIC_TAPS
  for (let cell = 0; cell < to; cell++) {
    let at = alignCorners ? (to > 1 ? (cell * (from - 1)) / (to - 1) : 0) : ((cell + 0.5) * from) / to - 0.5
    if (mode === 'bilinear') at = Math.max(at, 0)
    const left = Math.floor(at)
    for (const [offset, weight] of taps(at - left)) {
      const source = Math.min(Math.max(left + offset, 0), from - 1)
      weights[source * to + cell] += weight
    }
  }
  return weights
}

type Taps = (fraction: number) => [offset: number, weight: number][]

const LINEAR_TAPS: Taps = (fraction) => [
  [0, 1 - fraction],
  [1, fraction],
]

/** Cubic convolution, Keys 1981. */
const CUBIC_TAPS: Taps = (fraction) => {
  const near = (x: number): number => ((CUBIC + 2) * x - (CUBIC + 3)) * x * x + 1
  const far = (x: number): number => ((CUBIC * x - 5 * CUBIC) * x + 8 * CUBIC) * x - 4 * CUBIC
  return [
    [-1, far(fraction + 1)],
    [0, near(fraction)],
    [1, near(1 - fraction)],
    [2, far(2 - fraction)],
  ]
}
