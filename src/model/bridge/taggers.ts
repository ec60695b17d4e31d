import {
  add,
  amax,
  concat,
  conv2d,
  linear,
  matmul,
  maxPool,
  mean,
  mul,
  pad,
  relu,
  sigmoid,
  slice,
  squeeze,
  unsqueeze,
  wideConv2dMax,
  type Tensor,
} from '../../graph/index.js'
import { BRANCHES, MUSICNN } from '../towers/musicnn.js'
import type { Scope } from '../scope.js'

/**
 * Patches of log-mel [batch, 187, 96] to the tags of `count` musicnns side by side, [batch, count · 50], with weights from
 * `foldTaggers`: what `musicnn` computes one by one, at a fraction of the cost.
 * @param wide how wide filters are applied: by spectra, which is faster with floats, or directly, which can be quantised.
 */
export function taggers(
  patches: Tensor,
  count: number,
  scope: Scope,
  wide: 'spectra' | 'direct' = 'spectra',
): Tensor {
  const image = unsqueeze(patches, 1)
  const fronts = BRANCHES.map(({ name, filters, kernel }) =>
    loudest(image, scope.parameter(`${name}.weight`, [paddedFilters(count * filters), 1, ...kernel]), wide),
  )
  const tags = Array.from({ length: count }, (_, index) => {
    const own = fronts.map((front, i) => {
      const { filters } = BRANCHES[i]
      return slice(front, { axis: 1, start: index * filters, end: (index + 1) * filters })
    })
    return tagger(squeeze(concat(own, { axis: 1 }), 3), scope.within(`${index}.`))
  })
  return concat(tags, { axis: 1 })
}

/** The largest response over the mels, [batch, filters, frames, 1], of filters [filters, 1, frames, mels] with SAME padding in time. */
function loudest(image: Tensor, weight: Tensor, wide: 'spectra' | 'direct'): Tensor {
  const [, , span, width] = weight.shape as number[]
  const before = Math.floor((span - 1) / 2)
  const after = span - 1 - before
  // Measured on one thread, 3 patches, 408 filters: 7 x 67 takes 61 ms directly and 50 by spectra, 7 x 38 takes 71 and 77.
  if (wide === 'spectra' && width > MUSICNN.mels / 2)
    return unsqueeze(wideConv2dMax(image, weight, { padding: [before, after] }), 3)
  const response = conv2d(image, weight, { padding: [before, 0, after, 0] })
  return maxPool(response, { kernel: [1, response.shape[3] as number] })
}

/**
 * ONNX Runtime's fast layout holds channels by sixteens. A convolution is padded by itself, but the pooling after it stays
 * in that layout only when there is nothing to pad.
 */
export function paddedFilters(filters: number): number {
  return Math.ceil(filters / 16) * 16
}

/** The rest of one network: raw responses [batch, 561, frames] to tags [batch, 50]. */
function tagger(responses: Tensor, scope: Scope): Tensor {
  const { frames, midend, penultimate, tags } = MUSICNN
  const channels = responses.shape[1] as number
  const perChannel = (part: string, size: number): Tensor => scope.parameter(part, [size, 1])
  const active = relu(
    add(
      mul(responses, perChannel('front.sign', channels)),
      scope.parameter('front.bias', [channels, frames]),
    ),
  )
  const front = add(mul(active, perChannel('front.scale', channels)), perChannel('front.shift', channels))
  const maps = [front]
  for (let layer = 0; layer < midend.layers; layer++) {
    const x = maps[layer]
    const width = x.shape[1] as number
    const y = convolveInTime(
      x,
      scope.parameter(`midend.${layer}.weight`, [midend.frames * midend.filters, width]),
      midend,
    )
    const part = (name: string): Tensor => perChannel(`midend.${layer}.${name}`, midend.filters)
    const z = add(mul(relu(add(y, part('bias'))), part('scale')), part('shift'))
    maps.push(layer === 0 ? z : add(z, x))
  }
  const all = concat(maps, { axis: 1 }) // [batch, 753, frames]
  const pooled = concat([amax(all, { axis: 2 }), mean(all, { axis: 2 })], { axis: 1 })
  const dense = relu(
    linear(
      pooled,
      scope.parameter('dense.weight', [penultimate, pooled.shape[1] as number]),
      scope.parameter('dense.bias', [penultimate]),
    ),
  )
  return sigmoid(
    linear(dense, scope.parameter('tags.weight', [tags, penultimate]), scope.parameter('tags.bias', [tags])),
  )
}

/**
 * Convolution over time of x [batch, channels, frames] as one matrix product for all taps, then a sum of shifted results:
 * no copies of the input are made. Weight [taps · filters, channels].
 */
function convolveInTime(
  x: Tensor,
  weight: Tensor,
  { frames: taps, filters }: { frames: number; filters: number },
): Tensor {
  const frames = x.shape[2] as number
  const before = Math.floor((taps - 1) / 2)
  const products = pad(matmul(weight, x), { axes: [{ axis: 2, before, after: taps - 1 - before }] })
  const shifted = Array.from({ length: taps }, (_, tap) =>
    slice(
      products,
      { axis: 1, start: tap * filters, end: (tap + 1) * filters },
      { axis: 2, start: tap, end: tap + frames },
    ),
  )
  return shifted.reduce((sum, part) => add(sum, part))
}
