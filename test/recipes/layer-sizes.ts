// How many numbers published networks are made of, by the formulas of their layers; running statistics aside.

export const linear = (from: number, to: number): number => from * to + to
/** Batch or layer norm. */
export const norm = (channels: number): number => 2 * channels
const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0)
const times = <T>(count: number, of: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => of(i))

/** 3 x 3 with a bias, and its batch norm. */
const convolution = (from: number, to: number): number => 9 * from * to + to + norm(to)

/** Won et al. 2020. */
export const residual = (from: number, to: number, changes: boolean): number =>
  convolution(from, to) + convolution(to, to) + (changes ? convolution(from, to) : 0)

/** Choi et al. 2019: four hidden convolutions over time, and one to the output. */
export const conv1d = (mels: number, width: number, output: number): number =>
  linear(4 * mels, width) + 2 * linear(4 * width, width) + linear(2 * width, width) + linear(width, output)

/** Won et al. 2020, seven residual blocks and a dense layer. */
export function shortChunk(width: number): number {
  const widths = [1, ...[1, 1, 2, 2, 2, 2, 4].map((of) => of * width)]
  const blocks = times(7, (i) => residual(widths[i], widths[i + 1], true))
  return norm(1) + sum(blocks) + linear(4 * width, 4 * width) + norm(4 * width)
}

/** Won et al. 2021: residual convolutions before a transformer without biases of query, key and value. */
export function musicTransformer(sizes: {
  mels: number
  channels: number
  pools: number
  width: number
  layers: number
  places: number
}): number {
  const { mels, channels, pools, width, layers, places } = sizes
  const front = residual(1, channels, true) + (pools - 1) * residual(channels, channels, false)
  const attention = norm(width) + 3 * width * width + linear(width, width)
  const feed = norm(width) + linear(width, 4 * width) + linear(4 * width, width)
  const tokens = linear((mels / 2 ** pools) * channels, width) + width + (places + 1) * width
  return norm(1) + front + tokens + layers * (attention + feed) + norm(width)
}

/** CLIP's ModifiedResNet over a spectrogram. */
export function resnet(sizes: {
  width: number
  layers: readonly number[]
  output: number
  mels: number
  frames: number
}): number {
  const { width, layers, output, mels, frames } = sizes
  const half = width / 2
  const stem = 9 * half + norm(half) + 9 * half * half + norm(half) + 9 * half * width + norm(width)
  let from = width
  const blocks = layers.flatMap((count, stage) =>
    times(count, (block) => {
      const planes = width * 2 ** stage
      const to = 4 * planes
      const inner = from * planes + norm(planes) + 9 * planes * planes + norm(planes) + planes * to + norm(to)
      const shortcut = block === 0 ? from * to + norm(to) : 0
      from = to
      return inner + shortcut
    }),
  )
  const halved = (length: number): number => Math.floor(length / 2)
  const behind = (length: number): number => layers.slice(1).reduce(halved, halved(Math.ceil(length / 2)))
  const places = behind(mels) * behind(frames) + 1
  return stem + sum(blocks) + places * from + 3 * linear(from, from) + linear(from, output)
}

const transformerLayer = (width: number, inner: number): number =>
  2 * norm(width) + 4 * linear(width, width) + linear(width, inner) + linear(inner, width)

/** Gong et al. 2021: patches of 16 x 16, two tokens before them. */
export const ast = (width: number, layers: number, patches: number): number =>
  linear(256, width) +
  2 * width +
  (patches + 2) * width +
  layers * transformerLayer(width, 4 * width) +
  norm(width)

/** Chen et al. 2022, with the feature fusion of Wu et al. 2023 where it is asked for. */
export function htsat(sizes: {
  mels: number
  width: number
  depths: readonly number[]
  heads: readonly number[]
  fusion: boolean
}): number {
  const { mels, width, depths, heads, fusion } = sizes
  const inner = Math.floor(width / 4)
  const attention = linear(width, inner) + norm(inner) + linear(inner, width) + norm(width)
  const fused = fusion ? linear(48, width) + 2 * attention : 0
  const stages = depths.map((depth, stage) => {
    const channels = width * 2 ** stage
    const block = transformerLayer(channels, 4 * channels) + 15 ** 2 * heads[stage]
    const merged = stage < depths.length - 1 ? norm(4 * channels) + 4 * channels * 2 * channels : 0
    return depth * block + merged
  })
  return (
    norm(mels) +
    linear(16, width) +
    norm(width) +
    fused +
    sum(stages) +
    norm(width * 2 ** (depths.length - 1))
  )
}

/** Pons & Serra 2019, without the layer of tags. */
export const MUSICNN =
  norm(1) +
  sum([38, 67].map((mels) => linear(7 * mels, 204) + norm(204))) +
  sum([128, 64, 32].map((frames) => linear(frames, 51) + norm(51))) +
  sum([561, 64, 64].map((from) => linear(7 * from, 64) + norm(64))) +
  norm(2 * 753) +
  linear(2 * 753, 200) +
  norm(200)

/** Devlin et al. 2019, without the pooler. */
export function bert(sizes: { words: number; places: number; width: number; layers: number }): number {
  const { words, places, width, layers } = sizes
  return (words + places + 2) * width + norm(width) + layers * transformerLayer(width, 4 * width)
}

/** A transformer over tokens, trained from scratch. */
export const textTransformer = (words: number, places: number, width: number, layers: number): number =>
  (words + places) * width + layers * transformerLayer(width, 4 * width) + norm(width)
