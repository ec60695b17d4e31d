import {
  add,
  concat,
  conv2d,
  indexSelect,
  mean,
  mul,
  pad,
  relu,
  reshape,
  sigmoid,
  slice,
  sub,
  transpose,
  type Dimension,
  type Tensor,
} from '../../graph/index.js'
import type { Scope } from '../scope.js'

/** The whole clip, and parts of its front, middle and back: CLAP (Wu et al. 2023, section 3.2). */
export const VIEWS = 4
const CROPS = VIEWS - 1

/**
 * Log-mel [batch, all frames, mels] of a clip that is longer than what the network hears at once to its four views one
 * after the other, [batch, 4 · frames, mels]: the whole, shrunk to `frames` frames, and a part from the middle of each
 * third of the places that a part can have. The published code draws a place in each third; here training hears what
 * serving hears, and chance comes from where the clip is cut out of its track.
 */
export function fusionViews(logMel: Tensor, frames: number): Tensor {
  const all = logMel.shape[1] as number
  const crops = thirds(all - frames + 1).map((start) =>
    slice(logMel, { axis: 1, start, end: start + frames }),
  )
  return concat([shrunk(logMel, frames), ...crops], { axis: 1 })
}

/** The middle of each third of the first `count` whole numbers; the first ones are larger where it does not divide. */
export function thirds(count: number): number[] {
  const middles: number[] = []
  let first = 0
  for (let part = 0; part < CROPS; part++) {
    const size = Math.floor(count / CROPS) + (part < count % CROPS ? 1 : 0)
    middles.push(size === 0 ? 0 : first + Math.floor(size / 2)) // too short a clip: the first, as published
    first += size
  }
  return middles
}

/**
 * Fewer frames by linear interpolation, as torch.nn.functional.interpolate without aligned corners: each has two
 * neighbours. As the matrix that `resize` makes it would weigh 12 MB in the model file for 30 s, and 48 for 60.
 */
function shrunk(x: Tensor, frames: number): Tensor {
  const all = x.shape[1] as number
  const left = new Int32Array(frames)
  const right = new Int32Array(frames)
  const share = new Float32Array(frames)
  for (let frame = 0; frame < frames; frame++) {
    const at = Math.max(((frame + 0.5) * all) / frames - 0.5, 0)
    left[frame] = Math.floor(at)
    right[frame] = Math.min(left[frame] + 1, all - 1)
    share[frame] = at - left[frame]
  }
  const pick = (index: Int32Array): Tensor => indexSelect(x, x.graph.constant(index, [frames]), { axis: 1 })
  const before = pick(left)
  return add(before, mul(sub(pick(right), before), x.graph.constant(share, [frames, 1])))
}

export interface FusedPatchesOptions {
  readonly width: number
  readonly patch: number
  readonly stride: readonly [number, number]
  readonly padding: readonly [number, number]
  /** Channels within the attention are fewer by this factor. */
  readonly reduction: number
}

/**
 * Patches of the parts, which are three times as wide, laid beside each other and joined to those of the whole: images
 * [batch, 4, side, side] and the whole's patches [batch, width, rows, columns] to the same.
 */
export function fusedPatches(
  images: Tensor,
  whole: Tensor,
  scope: Scope,
  { width, patch, stride, padding, reduction }: FusedPatchesOptions,
): Tensor {
  const [batch, , side] = images.shape
  const columns = whole.shape[3] as number
  const parts = reshape(slice(images, { axis: 1, start: 1 }), [-1, 1, side, side])
  const weight = scope.parameter('mel_conv2d.weight', [width, 1, patch, CROPS * patch])
  const cut = conv2d(parts, weight, {
    bias: scope.parameter('mel_conv2d.bias', [width]),
    stride: [stride[0], CROPS * stride[1]],
    padding,
  })
  const [, , rows, each] = cut.shape as [Dimension, number, number, number]
  const beside = transpose(reshape(cut, [batch, CROPS, width, rows, each]), [0, 2, 3, 1, 4])
  const local = pad(reshape(beside, [batch, width, rows, CROPS * each]), {
    axes: [{ axis: 3, after: columns - CROPS * each }],
  })
  return attentionalFusion(whole, local, scope.within('fusion_model.'), Math.floor(width / reduction))
}

/** x and y of one shape [batch, channels, rows, columns], weighed against each other: AFF (Dai et al. 2021), as CLAP scales it. */
function attentionalFusion(x: Tensor, y: Tensor, scope: Scope, inner: number): Tensor {
  const channels = x.shape[1] as number
  const both = add(x, y)
  const attend = (places: Tensor, names: readonly [string, string, string, string]): Tensor => {
    const fewer = relu(scope.batchNorm(pointwise(places, names[0], inner, scope), names[1]))
    return scope.batchNorm(pointwise(fewer, names[2], channels, scope), names[3])
  }
  const here = attend(both, ['local_att.0', 'local_att.1', 'local_att.3', 'local_att.4'])
  const everywhere = attend(mean(both, { axis: [2, 3], keepDims: true }), [
    'global_att.1',
    'global_att.2',
    'global_att.4',
    'global_att.5',
  ])
  const share = sigmoid(add(here, everywhere))
  return mul(2, add(mul(x, share), mul(y, sub(1, share))))
}

function pointwise(x: Tensor, name: string, channels: number, scope: Scope): Tensor {
  const weight = scope.parameter(`${name}.weight`, [channels, x.shape[1] as number, 1, 1])
  return conv2d(x, weight, { bias: scope.parameter(`${name}.bias`, [channels]) })
}
