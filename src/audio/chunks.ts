import type { AudioSpec, Chunk } from './spec.js'

/**
 * Cuts blocks of samples, of any sizes, into the chunks that a model sees: one every hop, as long as a full one fits.
 * What lies behind the last full chunk is the rest: of `minRestSeconds` or more, or where it is the whole track, it
 * is a chunk too, repeated until full, and its end is the track's end. Blocks are copied; what is held is a chunk and
 * a block. Lengths are rounded to whole samples. Samples pass through as they are: the decoder has made silence of
 * those that are no number, and blocks from elsewhere must be finite, or what a model makes of their chunk is no vector.
 */
export async function* chunks(
  blocks: AsyncIterable<Float32Array> | Iterable<Float32Array>,
  spec: AudioSpec,
): AsyncGenerator<Chunk, void, void> {
  const { sampleRate } = spec
  const size = Math.max(1, Math.round(spec.chunkSeconds * sampleRate))
  const hop = Math.max(1, Math.round(spec.hopSeconds * sampleRate))
  const minRest = Math.max(1, Math.round(spec.minRestSeconds * sampleRate))

  // The window under way: samples from `start` of the track on, of which `filled` are there.
  const window = new Float32Array(size)
  let start = 0
  let filled = 0
  let toSkip = 0 // samples between two windows, where the hop is longer than a chunk
  let covered = 0 // end of the last full chunk
  for await (const block of blocks) {
    for (let at = 0; at < block.length;) {
      if (toSkip > 0) {
        const skipped = Math.min(toSkip, block.length - at)
        toSkip -= skipped
        at += skipped
        continue
      }
      const taken = Math.min(size - filled, block.length - at)
      window.set(block.subarray(at, at + taken), filled)
      filled += taken
      at += taken
      if (filled < size) continue
      covered = start + size
      yield { start: start / sampleRate, end: covered / sampleRate, samples: window.slice() }
      start += hop
      toSkip = Math.max(0, hop - size)
      window.copyWithin(0, hop)
      filled = Math.max(0, size - hop)
    }
  }

  // With overlaps, the window under way holds samples that a chunk has already; only what is new is a rest.
  const end = start + filled
  const rest = end - Math.max(covered, start)
  const wholeTrack = covered === 0
  if (rest <= 0 || (rest < minRest && !wholeTrack)) return
  const samples = window.slice()
  for (let at = filled; at < size; at += filled) samples.copyWithin(at, 0, Math.min(filled, size - at))
  yield { start: start / sampleRate, end: end / sampleRate, samples }
}
