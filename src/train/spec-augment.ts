import type { Random } from '../random/index.js'
import type { Recipe } from './recipe.js'

export type SpecAugment = Recipe['audio']['augment']['spec_augment']

/**
 * Blanks out bands of a spectrogram [frames, mels], in place: SpecAugment (Park et al. 2019, section 2) without warping. A
 * width is drawn from 0 to the largest, both included, then a place where it fits; what is blank has the spectrogram's mean,
 * as the paper's zero is of spectrograms of mean zero.
 */
export function specAugment(
  spectrogram: Float32Array,
  { frames, mels }: { frames: number; mels: number },
  { time_masks, time_width, mel_masks, mel_width }: SpecAugment,
  random: Random,
): void {
  if (time_masks === 0 && mel_masks === 0) return
  let sum = 0
  for (let i = 0; i < spectrogram.length; i++) sum += spectrogram[i]
  const mean = sum / spectrogram.length
  for (let mask = 0; mask < time_masks; mask++) {
    const [from, to] = band(frames, time_width, random)
    spectrogram.fill(mean, from * mels, to * mels)
  }
  for (let mask = 0; mask < mel_masks; mask++) {
    const [from, to] = band(mels, mel_width, random)
    for (let frame = 0; frame < frames; frame++)
      spectrogram.fill(mean, frame * mels + from, frame * mels + to)
  }
}

function band(length: number, widest: number, random: Random): [from: number, to: number] {
  const width = random.int(0, Math.min(widest, length))
  const from = random.int(0, length - width)
  return [from, from + width]
}
