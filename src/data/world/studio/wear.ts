import type { Random } from '../../../random/index.js'
import type { Stereo } from '../../stereo.js'

/** Hz: how fast a record turns round, and a capstan: 33 1/3 a minute, and the wheel that pulls the tape. */
const WOW = 0.5556
const FLUTTER = 7.3
const FLUTTER_SHARE = 0.15 // of the wow's deviation

/**
 * Unsteady speed, in place: pitch goes up and down by `depth` (0.004 is 0.4 per cent, 7 cents) with the turns of a record,
 * and by some of that with the wheels of a tape recorder. As long as before.
 */
export function wow({ left, right, sampleRate }: Stereo, depth: number, rng: Random): void {
  if (depth <= 0) return
  const [slow, fast] = [rng.next(), rng.next()].map((phase) => phase * 2 * Math.PI)
  const [w, f] = [WOW, FLUTTER].map((hertz) => (2 * Math.PI * hertz) / sampleRate)
  // Where a sample is taken from lags behind: the integral of the deviation of speed.
  const [lagSlow, lagFast] = [depth / w, (depth * FLUTTER_SHARE) / f]
  const most = lagSlow + lagFast + 2
  for (const side of [left, right]) {
    const from = side.slice()
    for (let i = 0; i < side.length; i++) {
      const lag = most + lagSlow * Math.sin(w * i + slow) + lagFast * Math.sin(f * i + fast)
      side[i] = between(from, i - lag)
    }
  }
}

/** A sample between samples: the cubic through its four neighbours (Catmull-Rom). */
function between(samples: Float32Array, at: number): number {
  const i = Math.floor(at)
  if (i < 1) return 0
  const t = at - i
  const [a, b] = [samples[i - 1], samples[i]]
  const c = i + 1 < samples.length ? samples[i + 1] : b
  const d = i + 2 < samples.length ? samples[i + 2] : c
  return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))
}

/** Steady noise with a root mean square of `level` dB below full scale, with as much in every octave band's hertz: white. */
export function hiss(length: number, level: number, rng: Random): Float32Array {
  // Uniform noise over ±1 has a root mean square of 1 / sqrt(3).
  const scale = 10 ** (level / 20) * Math.sqrt(3)
  return Float32Array.from({ length }, () => (rng.next() * 2 - 1) * scale)
}

/** Clicks of a worn record: `rate` a second on average, few of them loud; `level` is the loudest, as a share of full scale. */
export function crackle(
  length: number,
  { rate, level, sampleRate, rng }: { rate: number; level: number; sampleRate: number; rng: Random },
): Float32Array {
  const noise = new Float32Array(length)
  if (rate <= 0) return noise
  for (
    let at = rng.next() * 2 * (sampleRate / rate);
    at < length;
    at += rng.next() * 2 * (sampleRate / rate)
  ) {
    const loud = level * (0.08 + 0.92 * rng.next() ** 6) * (rng.chance(0.5) ? 1 : -1)
    const decay = Math.exp(-1 / (sampleRate * rng.between(0.0001, 0.0005)))
    let value = loud
    for (let i = Math.floor(at); i < length && Math.abs(value) > 1e-4; i++) {
      noise[i] += value
      value *= -decay // rings at the highest frequency there is, until the band limit takes it
    }
  }
  return noise
}
