import { Random } from '../random/index.js'

/** What happens to recordings on their way: what a listener hardly minds, and a model should not either. */
export type AudioChange =
  /** Encoded as MP3 and decoded again; bits per second, all channels together. */
  | { readonly kind: 'mp3'; readonly bitRate: number }
  /** Band-limited by another sample rate in between, Hz. */
  | { readonly kind: 'resample'; readonly sampleRate: number }
  /** Higher or lower, as fast as before. */
  | { readonly kind: 'pitch'; readonly semitones: number }
  /** Faster (over 1) or slower, at the same pitch. */
  | { readonly kind: 'tempo'; readonly factor: number }
  /** Louder or softer. Samples are floats, so nothing is clipped. */
  | { readonly kind: 'gain'; readonly decibels: number }
  /** White noise, `snr` decibels below the mean power of the piece. */
  | { readonly kind: 'noise'; readonly snr: number }
  /** Begins so many seconds later. */
  | { readonly kind: 'crop'; readonly seconds: number }

/** Changes of the file itself: FFmpeg makes another one. */
export type FileChange = Extract<AudioChange, { kind: 'mp3' | 'resample' | 'pitch' | 'tempo' }>

/** Changes of samples as a model gets them. */
export type SampleChange = Exclude<AudioChange, FileChange>

export function isFileChange(change: AudioChange): change is FileChange {
  return !['gain', 'noise', 'crop'].includes(change.kind)
}

/** The same samples with this done to them, block by block; noise waits for the end, as it is measured by the whole. */
export function changeSamples(
  samples: AsyncIterable<Float32Array>,
  change: SampleChange,
  { sampleRate }: { readonly sampleRate: number },
): AsyncGenerator<Float32Array, void, void> {
  switch (change.kind) {
    case 'gain':
      return louder(samples, 10 ** (change.decibels / 20))
    case 'noise':
      return noisy(samples, change.snr)
    case 'crop':
      return later(samples, Math.round(change.seconds * sampleRate))
  }
}

async function* louder(
  samples: AsyncIterable<Float32Array>,
  factor: number,
): AsyncGenerator<Float32Array, void, void> {
  for await (const block of samples) yield block.map((sample) => sample * factor)
}

async function* later(
  samples: AsyncIterable<Float32Array>,
  count: number,
): AsyncGenerator<Float32Array, void, void> {
  let left = count
  for await (const block of samples) {
    const passed = Math.min(left, block.length)
    left -= passed
    if (passed < block.length) yield block.subarray(passed)
  }
}

/** The noise is the same for every piece, up to its level. */
async function* noisy(
  samples: AsyncIterable<Float32Array>,
  snr: number,
): AsyncGenerator<Float32Array, void, void> {
  const blocks: Float32Array[] = []
  let [energy, count] = [0, 0]
  for await (const block of samples) {
    blocks.push(block.slice())
    for (const sample of block) energy += sample * sample
    count += block.length
  }
  const deviation = Math.sqrt(energy / Math.max(1, count)) * 10 ** (-snr / 20)
  const random = new Random('noise')
  for (const block of blocks) yield block.map((sample) => sample + deviation * random.gauss())
}
