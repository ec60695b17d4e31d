import type { Random } from '../random/index.js'

/** What is done to a waveform, all drawn already. */
export interface Mix {
  /** Factor. */
  readonly gain: number
  /** Level (RMS) of white noise, as a share of the waveform's own. */
  readonly noise: number
  /** Share of the power that another waveform has. */
  readonly share: number
}

/** Mixes, in place: `sqrt(1 - share) x + sqrt(share) y`, y as loud as x; then noise, then gain. */
export function mix(
  waveform: Float32Array,
  { gain, noise, share }: Mix,
  { background, random }: { background?: Float32Array; random: Random },
): void {
  const level = noise > 0 || share > 0 ? rms(waveform) : 0
  const behind = background && share > 0 ? rms(background) : 0
  if (background && behind > 0) {
    const own = Math.sqrt(1 - share)
    const other = (Math.sqrt(share) * level) / behind
    for (let i = 0; i < waveform.length; i++) waveform[i] = own * waveform[i] + other * background[i]
  }
  if (noise > 0 && level > 0) {
    const most = noise * level * Math.sqrt(3) // of uniform numbers with that RMS
    for (let i = 0; i < waveform.length; i++) waveform[i] += most * (2 * random.next() - 1)
  }
  if (gain !== 1) for (let i = 0; i < waveform.length; i++) waveform[i] *= gain
}

function rms(samples: Float32Array): number {
  let sum = 0
  for (let i = 0; i < samples.length; i++) sum += samples[i] * samples[i]
  return Math.sqrt(sum / samples.length)
}
