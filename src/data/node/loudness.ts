import type { Stereo } from '../stereo.js'

const TARGET_LUFS = -16
const CEILING = 10 ** (-1 / 20) // -1 dBFS
const MOST_LIMITING = 10 ** (6 / 20)
const LOOK_AHEAD = 0.005 // seconds

/**
 * Integrated loudness after ITU-R BS.1770-4, in LUFS: K-weighted power of 400 ms blocks, 75 % overlapped, gated at
 * -70 LUFS and at 10 LU below the mean. `-Infinity` for silence.
 */
export function loudness({ left, right, sampleRate }: Stereo): number {
  const block = Math.round(0.4 * sampleRate)
  const hop = Math.round(0.1 * sampleRate)
  const powers: number[] = []
  const [a, b] = [kWeighted(left, sampleRate), kWeighted(right, sampleRate)]
  // Power of each hop, then sums of four.
  const hops: number[] = []
  for (let at = 0; at + hop <= left.length; at += hop) {
    let sum = 0
    for (let i = at; i < at + hop; i++) sum += a[i] ** 2 + b[i] ** 2
    hops.push(sum)
  }
  for (let i = 0; i + 4 <= hops.length; i++) {
    powers.push((hops[i] + hops[i + 1] + hops[i + 2] + hops[i + 3]) / block)
  }
  const loud = powers.filter((power) => lufs(power) > -70)
  const gate = lufs(mean(loud)) - 10
  return lufs(mean(loud.filter((power) => lufs(power) > gate)))
}

function lufs(power: number): number {
  return -0.691 + 10 * Math.log10(power)
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
}

/** The two filters of BS.1770, for any sample rate (coefficients as derived by libebur128). */
function kWeighted(samples: Float32Array, sampleRate: number): Float64Array {
  const shelf = highShelf(sampleRate)
  const pass = highPass(sampleRate)
  const out = new Float64Array(samples.length)
  let [x1, x2, y1, y2, z1, z2] = [0, 0, 0, 0, 0, 0]
  for (let i = 0; i < samples.length; i++) {
    const x = samples[i]
    const y = shelf.b0 * x + shelf.b1 * x1 + shelf.b2 * x2 - shelf.a1 * y1 - shelf.a2 * y2
    const z = y - 2 * y1 + y2 - pass.a1 * z1 - pass.a2 * z2
    x2 = x1
    x1 = x
    y2 = y1
    y1 = y
    z2 = z1
    z1 = z
    out[i] = z
  }
  return out
}

function highShelf(sampleRate: number): { b0: number; b1: number; b2: number; a1: number; a2: number } {
  const k = Math.tan((Math.PI * 1681.974450955533) / sampleRate)
  const q = 0.7071752369554196
  const vh = 10 ** (3.999843853973347 / 20)
  const vb = vh ** 0.4996667741545416
  const a0 = 1 + k / q + k * k
  return {
    b0: (vh + (vb * k) / q + k * k) / a0,
    b1: (2 * (k * k - vh)) / a0,
    b2: (vh - (vb * k) / q + k * k) / a0,
    a1: (2 * (k * k - 1)) / a0,
    a2: (1 - k / q + k * k) / a0,
  }
}

function highPass(sampleRate: number): { a1: number; a2: number } {
  const k = Math.tan((Math.PI * 38.13547087602444) / sampleRate)
  const q = 0.5003270373238773
  const a0 = 1 + k / q + k * k
  return { a1: (2 * (k * k - 1)) / a0, a2: (1 - k / q + k * k) / a0 }
}

/** Soft clipping of the whole mix, in place: `drive` is where its root mean square lies on the curve; 0 leaves it alone. */
export function saturate({ left, right }: Stereo, drive: number): void {
  if (drive <= 0) return
  let power = 0
  for (let i = 0; i < left.length; i++) power += left[i] ** 2 + right[i] ** 2
  const scale = drive / Math.sqrt(power / (2 * left.length) || 1)
  for (const side of [left, right]) {
    for (let i = 0; i < side.length; i++) side[i] = softClip(side[i] * scale)
  }
}

/** A rational tanh: ±1 from ±3 on. */
function softClip(x: number): number {
  if (x >= 3) return 1
  if (x <= -3) return -1
  return (x * (27 + x * x)) / (27 + 9 * x * x)
}

export interface NormaliseOptions {
  /** LUFS. @default -16 */
  target?: number
  /** The most that peaks are held down, as a factor. @default 6 dB */
  limiting?: number
}

/**
 * Brings a recording to a loudness, in place. Peaks that would pass -1 dBFS are held down by a look-ahead limiter, by at
 * most 6 dB; a recording that needs more stays quieter instead.
 */
export function normalise(
  recording: Stereo,
  { target = TARGET_LUFS, limiting = MOST_LIMITING }: NormaliseOptions = {},
): void {
  const { left, right, sampleRate } = recording
  let peak = 0
  for (let i = 0; i < left.length; i++) {
    peak = Math.max(peak, Math.abs(left[i]), Math.abs(right[i]))
  }
  if (peak === 0) return
  const wanted = 10 ** ((target - loudness(recording)) / 20)
  const gain = Math.min(wanted, (CEILING * limiting) / peak)
  const envelope = limiterGains(recording, gain, Math.round(LOOK_AHEAD * sampleRate))
  for (let i = 0; i < left.length; i++) {
    const scale = gain * envelope[i]
    left[i] = left[i] * scale
    right[i] = right[i] * scale
  }
}

/**
 * The limiter's gain at each sample, at most 1: the least that any of the next `ahead` samples needs, with a recovery of
 * a tenth of a second, then a running mean over the same length, so that it has arrived when the peak does.
 */
function limiterGains({ left, right, sampleRate }: Stereo, gain: number, ahead: number): Float64Array {
  const length = left.length
  const needed = new Float64Array(length)
  for (let i = 0; i < length; i++) {
    const level = Math.max(Math.abs(left[i]), Math.abs(right[i])) * gain
    needed[i] = level > CEILING ? CEILING / level : 1
  }
  const held = leastAhead(needed, ahead)
  const recovery = 1 / (0.1 * sampleRate)
  let current = 1
  let sum = 0
  const result = new Float64Array(length)
  for (let i = 0; i < length; i++) {
    current = Math.min(held[i], current + recovery)
    held[i] = current
    sum += current
    if (i >= ahead) sum -= held[i - ahead]
    result[i] = sum / Math.min(i + 1, ahead)
  }
  return result
}

/** The least of each window of `size` values that begins at i: a queue of the values that can still become least. */
function leastAhead(values: Float64Array, size: number): Float64Array {
  const result = new Float64Array(values.length)
  const queue = new Int32Array(values.length)
  let [head, tail] = [0, 0]
  let next = 0
  for (let i = 0; i < values.length; i++) {
    for (; next < Math.min(values.length, i + size); next++) {
      while (tail > head && values[queue[tail - 1]] >= values[next]) tail--
      queue[tail++] = next
    }
    if (queue[head] < i) head++
    result[i] = values[queue[head]]
  }
  return result
}
