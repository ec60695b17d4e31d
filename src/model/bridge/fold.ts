import { float32, type NamedTensor, type SafetensorsFile } from '../../graph/index.js'
import { BRANCHES, MUSICNN } from '../towers/musicnn.js'
import { paddedFilters } from './taggers.js'

/**
 * Weights of several musicnns, rewritten for `taggers`: the same function with less work.
 *
 * - Networks that see the same image share one convolution: their filters are stacked.
 * - The norm of the input, x → a x + c, goes into the filters: a scales them, c is a bias. Where the kernel hangs over the
 *   edge in time the original pads with zeros after the norm, so there the bias is smaller: it is a map [filters, frames].
 * - Max over frequency comes first, on the raw convolution: max(norm(relu(v + b))) = scale relu(max(v) + b) + shift for
 *   scale ≥ 0; for a negative scale the minimum is needed, so that filter is negated before and after.
 * - The norms of the back end are folded into the dense layers, whose columns are sorted to [all max, all mean].
 */
export function foldTaggers(files: readonly SafetensorsFile[]): Map<string, NamedTensor> {
  const folded = new Map<string, NamedTensor>()
  const put = (name: string, shape: readonly number[], data: Float64Array): void => {
    folded.set(name, { dtype: 'F32', shape, bytes: new Uint8Array(Float32Array.from(data).buffer) })
  }
  const branches = BRANCHES.map((branch) => files.map((file) => foldBranch(file, branch)))
  for (const [i, { name, filters, kernel }] of BRANCHES.entries()) {
    const rows = paddedFilters(files.length * filters)
    const weight = new Float64Array(rows * kernel[0] * kernel[1])
    weight.set(joined(branches[i].map((part) => part.weight)))
    put(`${name}.weight`, [rows, 1, ...kernel], weight)
  }
  for (const [index, file] of files.entries()) {
    const own = (name: string, shape: readonly number[], data: Float64Array): void =>
      put(`${index}.${name}`, shape, data)
    const front = (part: 'sign' | 'bias' | 'scale' | 'shift'): Float64Array =>
      joined(branches.map((parts) => parts[index][part]))
    const channels = front('sign').length
    own('front.bias', [channels, MUSICNN.frames], front('bias'))
    for (const part of ['sign', 'scale', 'shift'] as const) own(`front.${part}`, [channels, 1], front(part))
    foldBack(file, own)
  }
  return folded
}

type Branch = (typeof BRANCHES)[number]

function foldBranch(file: SafetensorsFile, { name, filters, kernel }: Branch) {
  const input = affine(file, 'input_norm')
  const norm = affine(file, `frontend.${name}.norm`)
  const weight = Float64Array.from(float32(file, `frontend.${name}.conv.weight`))
  const bias = float32(file, `frontend.${name}.conv.bias`)
  const [span, width] = kernel
  const before = Math.floor((span - 1) / 2)
  const sign = norm.scale.map((scale) => (scale < 0 ? -1 : 1))
  const biasMap = new Float64Array(filters * MUSICNN.frames)
  for (let filter = 0; filter < filters; filter++) {
    const taps = weight.subarray(filter * span * width, (filter + 1) * span * width)
    const rowSums = Float64Array.from({ length: span }, (_, row) =>
      taps.subarray(row * width, (row + 1) * width).reduce((a, b) => a + b, 0),
    )
    for (let frame = 0; frame < MUSICNN.frames; frame++) {
      const inside = rowSums.reduce((sum, value, row) => {
        const at = frame + row - before
        return at >= 0 && at < MUSICNN.frames ? sum + value : sum
      }, 0)
      biasMap[filter * MUSICNN.frames + frame] = bias[filter] + input.shift[0] * inside
    }
    for (let i = 0; i < taps.length; i++) taps[i] *= sign[filter] * input.scale[0]
  }
  return { weight, sign, bias: biasMap, scale: norm.scale, shift: norm.shift }
}

function foldBack(
  file: SafetensorsFile,
  put: (name: string, shape: readonly number[], data: Float64Array) => void,
): void {
  const { midend, penultimate, tags } = MUSICNN
  for (let layer = 0; layer < midend.layers; layer++) {
    const weight = float32(file, `midend.${layer}.conv.weight`) // [filters, 1, taps, channels]
    const channels = weight.length / midend.filters / midend.frames
    const byTap = new Float64Array(weight.length) // [taps · filters, channels]
    for (let filter = 0; filter < midend.filters; filter++)
      for (let tap = 0; tap < midend.frames; tap++) {
        const from = (filter * midend.frames + tap) * channels
        byTap.set(weight.subarray(from, from + channels), (tap * midend.filters + filter) * channels)
      }
    put(`midend.${layer}.weight`, [midend.frames * midend.filters, channels], byTap)
    const bias = Float64Array.from(float32(file, `midend.${layer}.conv.bias`))
    const { scale, shift } = affine(file, `midend.${layer}.norm`)
    for (const [part, data] of Object.entries({ bias, scale, shift }))
      put(`midend.${layer}.${part}`, [midend.filters, 1], data)
  }
  const dense = foldInto(file, 'backend.dense', affine(file, 'backend.pool_norm'))
  const pairs = dense.weight.length / penultimate / 2
  const sorted = dense.weight.map((_, i) => {
    const row = Math.floor(i / (2 * pairs))
    const column = i % (2 * pairs)
    return dense.weight[row * 2 * pairs + (column < pairs ? 2 * column : 2 * (column - pairs) + 1)]
  })
  put('dense.weight', [penultimate, 2 * pairs], sorted)
  put('dense.bias', [penultimate], dense.bias)
  const last = foldInto(file, 'backend.tags', affine(file, 'backend.dense_norm'))
  put('tags.weight', [tags, penultimate], last.weight)
  put('tags.bias', [tags], last.bias)
}

/** W (scale x + shift) + b as one layer. */
function foldInto(file: SafetensorsFile, name: string, { scale, shift }: Affine) {
  const weight = Float64Array.from(float32(file, `${name}.weight`))
  const bias = Float64Array.from(float32(file, `${name}.bias`))
  const width = scale.length
  for (let i = 0; i < weight.length; i++) {
    bias[Math.floor(i / width)] += weight[i] * shift[i % width]
    weight[i] *= scale[i % width]
  }
  return { weight, bias }
}

interface Affine {
  readonly scale: Float64Array
  readonly shift: Float64Array
}

/** A batch norm with its running statistics is scale x + shift. */
function affine(file: SafetensorsFile, name: string): Affine {
  const [weight, bias, mean, variance] = ['weight', 'bias', 'running_mean', 'running_var'].map((part) =>
    float32(file, `${name}.${part}`),
  )
  const scale = Float64Array.from(weight, (w, i) => w / Math.sqrt(variance[i] + MUSICNN.batchNormEpsilon))
  return { scale, shift: scale.map((s, i) => bias[i] - mean[i] * s) }
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
