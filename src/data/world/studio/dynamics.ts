import type { Stereo } from '../../stereo.js'

const ATTACK = 0.004 // seconds
const RELEASE = 0.12
const WINDOW = 16 // samples between two looks at the level

/**
 * A compressor, in place: what is louder than a threshold comes out as if it had risen by a part of what it rose.
 * `amount` 0 leaves everything alone; 1 is a ratio of 8 from 10 dB below the recording's own mean level on.
 */
export function compress({ left, right, sampleRate }: Stereo, amount: number): void {
  if (amount <= 0) return
  const ratio = 1 + 7 * amount
  const threshold = rms(left, right) * 10 ** ((-10 * amount) / 20)
  if (threshold === 0) return
  const attack = 1 - Math.exp(-WINDOW / (ATTACK * sampleRate))
  const release = 1 - Math.exp(-WINDOW / (RELEASE * sampleRate))
  let level = 0 // dB above the threshold
  let gain = 1
  for (let at = 0; at < left.length; at += WINDOW) {
    const end = Math.min(left.length, at + WINDOW)
    let power = 0
    for (let i = at; i < end; i++) power += left[i] ** 2 + right[i] ** 2
    const now = Math.max(0, 10 * Math.log10(power / (2 * (end - at)) / threshold ** 2 + 1e-12))
    level += (now > level ? attack : release) * (now - level)
    const next = 10 ** ((-level * (1 - 1 / ratio)) / 20)
    // From one look to the next in a line, so that gain makes no steps.
    const step = (next - gain) / (end - at)
    for (let i = at; i < end; i++) {
      gain += step
      left[i] = left[i] * gain
      right[i] = right[i] * gain
    }
    gain = next
  }
}

/** Root mean square of both sides. */
export function rms(left: Float32Array, right: Float32Array): number {
  let power = 0
  for (let i = 0; i < left.length; i++) power += left[i] ** 2 + right[i] ** 2
  return Math.sqrt(power / Math.max(1, 2 * left.length))
}

/** Scales the difference of the sides, in place: 0 is mono. */
export function widen({ left, right }: Stereo, width: number): void {
  if (width === 1) return
  for (let i = 0; i < left.length; i++) {
    const middle = (left[i] + right[i]) / 2
    const side = ((left[i] - right[i]) / 2) * width
    left[i] = middle + side
    right[i] = middle - side
  }
}
