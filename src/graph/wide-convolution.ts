import { concat, pad, reshape, slice, stack, transpose } from './arrangement.js'
import { add, neg } from './elementwise.js'
import { knownSize, type Tensor } from './graph.js'
import { matmul } from './matmul.js'
import { amax } from './reduction.js'
import { shapeError } from './shape-error.js'

export interface WideConvolutionOptions {
  readonly bias?: Tensor
  /** Rows of zeros above and below. @default [0, 0] */
  readonly padding?: readonly [number, number]
}

// Spectra of so many output numbers are made at a time: they stay in a core's cache (0.9 MB for a width of 96). Measured best.
const NUMBERS_AT_A_TIME = 2400

/**
 * amax(conv2d(x, weight), { axis: 3 }): the best match of each filter along the width, [batch, filters, rows]. For one
 * input channel, x [batch, 1, height, width], and kernels [filters, 1, rows, columns] that take a large part of the width.
 *
 * The convolution along the width is a product of spectra, its inverse transform one matrix product for all filters: of a
 * width of 96, kernels of 7 x 38 take about 0.7 of the direct convolution's time, of 7 x 67 0.6.
 */
export function wideConv2dMax(
  x: Tensor,
  weight: Tensor,
  { bias, padding: [above, below] = [0, 0] }: WideConvolutionOptions = {},
): Tensor {
  const op = 'wideConv2dMax'
  const fits = x.rank === 4 && weight.rank === 4 && x.shape[1] === 1 && weight.shape[1] === 1
  if (!fits)
    throw shapeError(op, `input ${x.toString()} and weight ${weight.toString()} must have one input channel`)
  const [width, filters, rows, columns] = [
    knownSize(op, x, 3),
    ...[0, 2, 3].map((axis) => knownSize(op, weight, axis)),
  ]
  const height = knownSize(op, x, 2) + above + below - rows + 1
  if (columns > width || height < 1)
    throw shapeError(op, `weight ${weight.toString()} is larger than input ${x.toString()}`)
  if (bias && (bias.rank !== 1 || bias.shape[0] !== filters))
    throw shapeError(op, `bias ${bias.toString()} is not one number for each of ${filters} filters`)

  const image = reshape(pad(x, { axes: [{ axis: 2, before: above, after: below }] }), [
    x.shape[0],
    height + rows - 1,
    width,
  ])
  const kernel = reshape(weight, [filters, rows, columns])
  const dft = fourier(x, width, columns)
  // Spectra of the image rows under the kernel, and of the kernels: [bins, batch, height, 2 rows] and [bins, 1, 2 rows, filters].
  const bins = (wave: Tensor): Tensor => transpose(matmul(image, wave), [2, 0, 1])
  const under = (spectrum: Tensor): Tensor =>
    stack(
      Array.from({ length: rows }, (_, row) => slice(spectrum, { axis: 2, start: row, end: row + height })),
      { axis: 3 },
    )
  const patches = concat([under(bins(dft.imageCosines)), under(bins(dft.imageSines))], { axis: 3 })
  const kernelBins = (wave: Tensor): Tensor => transpose(matmul(kernel, wave), [2, 1, 0])
  const cosines = kernelBins(dft.kernelCosines)
  const sines = kernelBins(dft.kernelSines)
  // Correlation multiplies by the conjugate. The imaginary part of the first bin, and of the last of an even width, is 0.
  const inner = { axis: 0, start: 1, end: dft.innerEnd }
  const spectra = concat([patches, slice(patches, inner)], { axis: 0 })
  const products = concat(
    [concat([cosines, sines], { axis: 1 }), slice(concat([neg(sines), cosines], { axis: 1 }), inner)],
    { axis: 0 },
  )
  const factors = reshape(products, [width, 1, 2 * rows, filters])

  const step = Math.max(1, Math.round(NUMBERS_AT_A_TIME / filters))
  const parts: Tensor[] = []
  for (let start = 0; start < height; start += step) {
    const count = Math.min(step, height - start)
    const spectrum = matmul(slice(spectra, { axis: 2, start, end: start + count }), factors)
    const responses = matmul(dft.inverse, reshape(spectrum, [width, -1]))
    parts.push(reshape(amax(responses, { axis: 0 }), [x.shape[0], count, filters]))
  }
  const best = concat(parts, { axis: 1 })
  return transpose(bias ? add(best, bias) : best)
}

/** Matrices of the real discrete Fourier transform of `width` numbers, and its inverse where no kernel wraps around. */
function fourier(x: Tensor, width: number, columns: number) {
  const bins = Math.floor(width / 2) + 1
  const innerEnd = width % 2 === 0 ? bins - 1 : bins
  const angle = (n: number, k: number): number => (2 * Math.PI * ((n * k) % width)) / width
  const waves = (length: number, wave: (angle: number) => number): Tensor => {
    const matrix = Float64Array.from({ length: length * bins }, (_, i) =>
      wave(angle(Math.floor(i / bins), i % bins)),
    )
    return x.graph.constant(matrix, [length, bins])
  }
  const sine = (a: number): number => -Math.sin(a)
  const places = width - columns + 1
  const inverse = Float64Array.from({ length: places * width }, (_, i) => {
    const place = Math.floor(i / width)
    const part = i % width
    const bin = part < bins ? part : part - bins + 1
    const weight = (bin > 0 && bin < innerEnd ? 2 : 1) / width
    return weight * (part < bins ? Math.cos(angle(place, bin)) : sine(angle(place, bin)))
  })
  return {
    imageCosines: waves(width, Math.cos),
    imageSines: waves(width, sine),
    kernelCosines: waves(columns, Math.cos),
    kernelSines: waves(columns, sine),
    inverse: x.graph.constant(inverse, [places, width]),
    innerEnd,
  }
}
