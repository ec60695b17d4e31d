import { BUTTERWORTH_4, filter, highPass, lowPass, peak } from './filter.js'

const OVERSAMPLING = 4 // a clipped wave has harmonics without end: they must not fold back
const TAPS = 64 // of the filter between the rates

export interface AmplifierOptions {
  /** 0 (just warm) to 1 (all it has). */
  gain: number
  sampleRate: number
}

/**
 * A guitar amplifier and its loudspeaker, in place, as loud as before: bass is cut so that it doesn't clip first, two stages
 * clip, and the loudspeaker takes what is above 4.5 kHz. Chords through it growl, as their notes make sums and differences.
 */
export function amplify(samples: Float32Array, { gain, sampleRate }: AmplifierOptions): void {
  const before = level(samples)
  if (before === 0) return
  filter(samples, highPass({ frequency: 70 + 60 * gain, sampleRate }))
  filter(samples, peak({ frequency: 750, gain: 5, q: 0.6, sampleRate }))
  const rate = sampleRate * OVERSAMPLING
  const fast = upsample(samples)
  const drive = (1.2 * 25 ** gain) / (4 * before)
  for (let i = 0; i < fast.length; i++) fast[i] = clip(fast[i] * drive)
  filter(fast, highPass({ frequency: 90, sampleRate: rate }))
  for (let i = 0; i < fast.length; i++) fast[i] = clip(fast[i] * (1 + 2.5 * gain) + 0.08) - 0.08
  downsample(fast, samples)
  filter(samples, highPass({ frequency: 75, sampleRate }))
  filter(samples, peak({ frequency: 115, gain: 3, q: 1.1, sampleRate }))
  filter(samples, peak({ frequency: 450, gain: -4.5 * gain, q: 0.9, sampleRate }))
  filter(samples, peak({ frequency: 2600, gain: 5, q: 1, sampleRate }))
  for (const q of BUTTERWORTH_4) filter(samples, lowPass({ frequency: 4600, q, sampleRate }))
  const scale = before / (level(samples) || 1)
  for (let i = 0; i < samples.length; i++) samples[i] *= scale
}

function level(samples: Float32Array): number {
  let power = 0
  for (const x of samples) power += x * x
  return Math.sqrt(power / Math.max(1, samples.length))
}

/** A rational tanh: ±1 from ±3 on. */
function clip(x: number): number {
  if (x >= 3) return 1
  if (x <= -3) return -1
  return (x * (27 + x * x)) / (27 + 9 * x * x)
}

/** Low-pass at the slow rate's limit: a sinc under a Hann window, sum 1. */
const KERNEL = ((): Float64Array => {
  const kernel = Float64Array.from({ length: TAPS }, (_, i) => {
    const x = (i - (TAPS - 1) / 2) / OVERSAMPLING
    const sinc = x === 0 ? 1 : Math.sin(Math.PI * x * 0.95) / (Math.PI * x * 0.95)
    return sinc * (0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 0.5)) / TAPS))
  })
  const sum = kernel.reduce((total, tap) => total + tap, 0)
  return kernel.map((tap) => tap / sum)
})()

function upsample(samples: Float32Array): Float32Array {
  const fast = new Float32Array(samples.length * OVERSAMPLING)
  const reach = TAPS / OVERSAMPLING
  for (let i = 0; i < samples.length; i++) {
    for (let phase = 0; phase < OVERSAMPLING; phase++) {
      let sum = 0
      for (let k = 0; k < reach; k++) {
        const from = i + reach / 2 - k
        if (from >= 0 && from < samples.length) sum += samples[from] * KERNEL[k * OVERSAMPLING + phase]
      }
      fast[i * OVERSAMPLING + phase] = sum * OVERSAMPLING
    }
  }
  return fast
}

function downsample(fast: Float32Array, samples: Float32Array): void {
  const half = TAPS / 2
  for (let i = 0; i < samples.length; i++) {
    const centre = i * OVERSAMPLING
    let sum = 0
    for (let k = 0; k < TAPS; k++) {
      const from = centre + k - half
      if (from >= 0 && from < fast.length) sum += fast[from] * KERNEL[k]
    }
    samples[i] = sum
  }
}
