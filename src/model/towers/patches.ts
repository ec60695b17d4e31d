import { AntiphonError } from '../../errors/index.js'
import { mean, reshape, slice, stack, type Tensor } from '../../graph/index.js'

/**
 * Cuts features [batch, frames, mels] of known length into patches for a network that sees `length` frames at once, one
 * every `hop` frames: `all` is [batch · patches, length, mels], and `mean` brings [batch · patches, width] to [batch, width].
 */
export function overPatches(
  features: Tensor,
  { length, hop }: { length: number; hop: number },
): { all: Tensor; mean: (vectors: Tensor) => Tensor } {
  const [batch, frames, mels] = features.shape
  if (typeof frames !== 'number' || frames < length)
    throw new AntiphonError('shape', `No patch of ${length} frames in ${features.toString()}`)
  const count = Math.floor((frames - length) / hop) + 1
  const patches = Array.from({ length: count }, (_, i) =>
    slice(features, { axis: 1, start: i * hop, end: i * hop + length }),
  )
  return {
    all: reshape(stack(patches, { axis: 1 }), [-1, length, mels]),
    mean: (vectors) => mean(reshape(vectors, [batch, count, vectors.shape[1]]), { axis: 1 }),
  }
}
