import { concat, pad, reshape, slice, transpose, unsqueeze } from '../arrangement.js'
import { mul } from '../elementwise.js'
import { knownSize, type GraphNode, type Tensor } from '../graph.js'
import { matmul } from '../matmul.js'
import type { OperatorName } from '../operators.js'
import { sum } from '../reduction.js'
import { reversed } from './arrangement.js'
import { gemm } from './matmul.js'
import { sumLeading, type Rule } from './rule.js'

// A kernel of so many places or fewer has its gradient as a matrix product for each place, which is quicker than as a
// convolution; of a larger one the parts of the image under each place would be too many copies.
const MOST_PLACES = 25

export const CONVOLUTION_RULES: Partial<Record<OperatorName, Rule>> = {
  Conv: (g, node) => {
    const bias = node.inputs[2]
    const axis = g.shape.map((_, i) => i).filter((i) => i !== 1)
    return [() => toInput(g, node), () => toWeight(g, node), bias && (() => sum(g, { axis }))]
  },
}

interface Geometry {
  readonly kernel: readonly number[]
  readonly strides: readonly number[]
  readonly dilations: readonly number[]
  readonly groups: number
  /** Before and after each spatial axis. */
  readonly pads: readonly (readonly [number, number])[]
}

function geometryOf({ attributes }: GraphNode): Geometry {
  const { kernel_shape, strides, dilations, pads, group } = attributes as Record<string, number[]>
  return {
    kernel: kernel_shape,
    strides,
    dilations,
    groups: group as unknown as number,
    pads: kernel_shape.map((_, i) => [pads[i], pads[i + kernel_shape.length]]),
  }
}

/** Every output spreads its gradient over its window: a convolution with the kernel turned around. */
function toInput(g: Tensor, node: GraphNode): Tensor {
  const [x, weight] = node.inputs as [Tensor, Tensor]
  const { kernel, strides, dilations, groups, pads } = geometryOf(node)
  const spans = kernel.map((size, i) => (size - 1) * dilations[i] + 1)
  const fits = pads.every(([before, after], i) => before < spans[i] && after < spans[i])
  if (strides.every((stride) => stride === 1) && fits && placesOf(kernel) <= MOST_PLACES) {
    // Faster than ConvTranspose for small kernels, and twenty times slower for 7 x 67.
    const turned = kernel.reduce((w, _, i) => reversed(w, i + 2), swapChannels(weight, groups))
    const around = [0, 1].flatMap((side) => pads.map((sides, i) => spans[i] - 1 - sides[side]))
    return g.graph.apply(
      'Conv',
      [g, turned],
      {
        kernel_shape: [...kernel],
        strides: [...strides],
        dilations: [...dilations],
        pads: around,
        group: groups,
      },
      [{ shape: x.shape }],
    )[0]
  }
  // What the windows don't reach at the end of an axis gets nothing.
  const unreached = kernel.map((_, i) => {
    const size = knownSize('conv', x, i + 2) + pads[i][0] + pads[i][1]
    return (size - spans[i]) % strides[i]
  })
  return g.graph.apply(
    'ConvTranspose',
    [g, weight],
    {
      kernel_shape: [...kernel],
      strides: [...strides],
      dilations: [...dilations],
      pads: [...pads.map(([before]) => before), ...pads.map(([, after]) => after)],
      output_padding: unreached,
      group: groups,
    },
    [{ shape: x.shape }],
  )[0]
}

/** [out, in / groups, …] -> [in, out / groups, …] */
function swapChannels(weight: Tensor, groups: number): Tensor {
  const [out, channels, ...kernel] = weight.shape as number[]
  if (groups === 1) return transpose(weight, [1, 0, ...kernel.map((_, i) => i + 2)])
  const grouped = reshape(weight, [groups, out / groups, channels, ...kernel])
  const swapped = transpose(grouped, [0, 2, 1, ...kernel.map((_, i) => i + 3)])
  return reshape(swapped, [groups * channels, out / groups, ...kernel])
}

/** Each weight meets one shifted, strided part of the input: the products of those parts with the gradient. */
function toWeight(g: Tensor, node: GraphNode): Tensor {
  const [x, weight] = node.inputs as [Tensor, Tensor]
  const geometry = geometryOf(node)
  const { kernel, groups, pads } = geometry
  const places = placesOf(kernel)
  if (groups === 1 && places > MOST_PLACES) return correlated(g, node)
  const padded = pads.reduce<Tensor>(
    (y, [before, after], i) => pad(y, { axes: [{ axis: i + 2, before, after }] }),
    x,
  )
  const parts = offsets(kernel).map((offset) => partUnder(padded, offset, g, geometry))
  const [out, channels] = weight.shape as number[]
  if (channels === 1 && out === groups) return depthwise(g, parts, weight)
  const [batch, area] = [knownSize('conv', x, 0), areaOf(g)]
  if (groups === 1 && area * (out + channels) < places * out * channels)
    return overWholeBatch(g, padded, weight, geometry)
  const rows = (y: Tensor, perGroup: number): Tensor => reshape(y, [batch, groups, perGroup, area])
  const gradient = rows(g, out / groups)
  const toPart = (part: Tensor, width: number): Tensor =>
    reshape(sumLeading(matmul(gradient, transpose(part)), 1), [out, width])
  // With few channels one product over all places at once; with many, the joined parts would be a large copy.
  if (places === 1 || channels * places <= 64) {
    const joined =
      places === 1
        ? rows(parts[0], channels)
        : concat(
            parts.map((part) => rows(part, channels)),
            { axis: 2 },
          )
    const byPlace = toPart(joined, places * channels)
    return reshape(transpose(reshape(byPlace, [out, places, channels]), [0, 2, 1]), weight.shape)
  }
  const columns = parts.map((part) => unsqueeze(toPart(rows(part, channels), channels), 2))
  return reshape(concat(columns, { axis: 2 }), weight.shape)
}

/** The same with the batch inside the products: for small images, whose products one by one are small too. */
function overWholeBatch(g: Tensor, padded: Tensor, weight: Tensor, geometry: Geometry): Tensor {
  const swap = (y: Tensor): Tensor => transpose(y, [1, 0, ...geometry.kernel.map((_, i) => i + 2)])
  const [out, channels] = weight.shape as number[]
  const gradient = reshape(swap(g), [out, -1])
  const image = swap(padded)
  const columns = offsets(geometry.kernel).map((offset) => {
    const part = reshape(partUnder(image, offset, g, geometry), [channels, -1])
    return unsqueeze(gemm(gradient, part, { transB: 1 }), 2)
  })
  return reshape(concat(columns, { axis: 2 }), weight.shape)
}

function areaOf(g: Tensor): number {
  return g.shape.slice(2).reduce<number>((n, d) => n * (d as number), 1)
}

const placesOf = (kernel: readonly number[]): number => kernel.reduce((a, b) => a * b, 1)

/** Places of a kernel, row by row. */
function offsets(kernel: readonly number[]): number[][] {
  return kernel.reduce<number[][]>(
    (found, size) => found.flatMap((offset) => Array.from({ length: size }, (_, i) => [...offset, i])),
    [[]],
  )
}

/** What of the padded input lies under one place of the kernel, [batch, channels, …] in the size of the gradient. */
function partUnder(
  padded: Tensor,
  offset: readonly number[],
  g: Tensor,
  { strides, dilations }: Geometry,
): Tensor {
  const ranges = offset.map((place, i) => {
    const start = place * dilations[i]
    const count = knownSize('conv', g, i + 2)
    return { axis: i + 2, start, end: start + (count - 1) * strides[i] + 1, step: strides[i] }
  })
  return slice(padded, ...ranges)
}

function depthwise(g: Tensor, parts: readonly Tensor[], weight: Tensor): Tensor {
  const axis = g.shape.map((_, i) => i).filter((i) => i !== 1)
  const columns = parts.map((part) => unsqueeze(sum(mul(g, part), { axis }), 1))
  return reshape(concat(columns, { axis: 1 }), weight.shape)
}

/** The same as one convolution: batch and channels change places, stride and dilation too. */
function correlated(g: Tensor, node: GraphNode): Tensor {
  const [x, weight] = node.inputs as [Tensor, Tensor]
  const { kernel, strides, dilations, pads } = geometryOf(node)
  const swap = (y: Tensor): Tensor => transpose(y, [1, 0, ...kernel.map((_, i) => i + 2)])
  const lengths = kernel.map((_, i) => knownSize('conv', g, i + 2))
  const channels = knownSize('conv', x, 1)
  const filters = knownSize('conv', g, 1)
  const full = kernel.map(
    (_, i) =>
      Math.floor(
        (knownSize('conv', x, i + 2) + pads[i][0] + pads[i][1] - ((lengths[i] - 1) * strides[i] + 1)) /
          dilations[i],
      ) + 1,
  )
  const y = x.graph.apply(
    'Conv',
    [swap(x), swap(g)],
    {
      kernel_shape: lengths,
      strides: [...dilations],
      dilations: [...strides],
      pads: [...pads.map(([before]) => before), ...pads.map(([, after]) => after)],
      group: 1,
    },
    [{ shape: [channels, filters, ...full] }],
  )[0]
  // Elements behind the last whole window would make further places.
  const cut = kernel.reduce((w, size, i) => slice(w, { axis: i + 2, end: size }), y)
  return reshape(swap(cut), weight.shape)
}
