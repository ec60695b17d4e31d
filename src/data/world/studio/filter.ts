/** A second-order section: y = b0 x + b1 x' + b2 x'' - a1 y' - a2 y''. */
export interface Biquad {
  readonly b0: number
  readonly b1: number
  readonly b2: number
  readonly a1: number
  readonly a2: number
}

export interface FilterOptions {
  /** In Hz. */
  frequency: number
  sampleRate: number
  /** @default 0.7071, Butterworth's */
  q?: number
}

/** Two sections in a row that make a Butterworth filter of fourth order. */
export const BUTTERWORTH_4 = [0.5412, 1.3066] as const

// All after R. Bristow-Johnson, "Cookbook formulae for audio EQ biquad filter coefficients".

function angles({ frequency, sampleRate, q = Math.SQRT1_2 }: FilterOptions): { cos: number; alpha: number } {
  const w = (2 * Math.PI * frequency) / sampleRate
  return { cos: Math.cos(w), alpha: Math.sin(w) / (2 * q) }
}

export function lowPass(options: FilterOptions): Biquad {
  const { cos, alpha } = angles(options)
  const a0 = 1 + alpha
  const b = (1 - cos) / a0
  return { b0: b / 2, b1: b, b2: b / 2, a1: (-2 * cos) / a0, a2: (1 - alpha) / a0 }
}

export function highPass(options: FilterOptions): Biquad {
  const { cos, alpha } = angles(options)
  const a0 = 1 + alpha
  const b = (1 + cos) / a0
  return { b0: b / 2, b1: -b, b2: b / 2, a1: (-2 * cos) / a0, a2: (1 - alpha) / a0 }
}

/** A bell of `gain` dB. */
export function peak(options: FilterOptions & { gain: number }): Biquad {
  const { cos, alpha } = angles(options)
  const a = 10 ** (options.gain / 40)
  const a0 = 1 + alpha / a
  return {
    b0: (1 + alpha * a) / a0,
    b1: (-2 * cos) / a0,
    b2: (1 - alpha * a) / a0,
    a1: (-2 * cos) / a0,
    a2: (1 - alpha / a) / a0,
  }
}

/** Everything below (or above) the frequency raised by `gain` dB. */
export function shelf(side: 'low' | 'high', options: FilterOptions & { gain: number }): Biquad {
  const { cos: c, alpha } = angles(options)
  const cos = side === 'low' ? c : -c
  const sign = side === 'low' ? 1 : -1
  const a = 10 ** (options.gain / 40)
  const root = 2 * Math.sqrt(a) * alpha
  const a0 = a + 1 + (a - 1) * cos + root
  return {
    b0: (a * (a + 1 - (a - 1) * cos + root)) / a0,
    b1: (sign * 2 * a * (a - 1 - (a + 1) * cos)) / a0,
    b2: (a * (a + 1 - (a - 1) * cos - root)) / a0,
    a1: (sign * -2 * (a - 1 + (a + 1) * cos)) / a0,
    a2: (a + 1 + (a - 1) * cos - root) / a0,
  }
}

/** Filters samples, in place. */
export function filter(samples: Float32Array, { b0, b1, b2, a1, a2 }: Biquad): void {
  let [s1, s2] = [0, 0]
  for (let i = 0; i < samples.length; i++) {
    const x = samples[i]
    const y = b0 * x + s1
    s1 = b1 * x - a1 * y + s2
    s2 = b2 * x - a2 * y
    samples[i] = y
  }
}
