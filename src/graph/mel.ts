import { AntiphonError } from '../errors/index.js'

export interface MelOptions {
  readonly sampleRate: number
  readonly nFft: number
  readonly nMels: number
  /** Hz. @default 0 */
  readonly fMin?: number
  /** Hz. @default half the sample rate */
  readonly fMax?: number
  /**
   * `slaney`: linear below 1 kHz, logarithmic above (librosa's default); `htk`: 2595 log10(1 + f / 700)
   * (torchaudio, TensorFlow, Kaldi).
   */
  readonly melScale: 'slaney' | 'htk'
  /** `slaney`: each filter has unit area over Hz; null: unit height. @default null */
  readonly norm?: 'slaney' | null
  /** Where the sides of the triangles are straight: librosa and torchaudio `hertz`; TensorFlow and Kaldi `mel`. @default 'hertz' */
  readonly triangles?: 'hertz' | 'mel'
}

/**
 * Triangular filters [nMels, nFft / 2 + 1], row by row, in double precision.
 * @throws AntiphonError `usage` when the frequencies make no sense.
 */
export function melFilterBank(options: MelOptions): Float64Array {
  const { sampleRate, nFft, nMels, fMin = 0, fMax = sampleRate / 2, melScale, norm = null } = options
  if (!(fMin >= 0 && fMin < fMax && fMax <= sampleRate / 2))
    throw new AntiphonError(
      'usage',
      `Mel filters from ${fMin} to ${fMax} Hz, expected 0 ≤ fMin < fMax ≤ ${sampleRate / 2}`,
    )
  const scale = SCALES[melScale]
  const lowest = scale.fromHertz(fMin)
  const step = (scale.fromHertz(fMax) - lowest) / (nMels + 1)
  const edgesInMel = Float64Array.from({ length: nMels + 2 }, (_, i) => lowest + i * step)
  const edgesInHertz = edgesInMel.map(scale.toHertz)
  const inMel = options.triangles === 'mel'
  const edges = inMel ? edgesInMel : edgesInHertz
  const bins = nFft / 2 + 1
  const weights = new Float64Array(nMels * bins)
  for (let bin = 0; bin < bins; bin++) {
    const hertz = (bin * sampleRate) / nFft
    const at = inMel ? scale.fromHertz(hertz) : hertz
    for (let mel = 0; mel < nMels; mel++) {
      const rising = (at - edges[mel]) / (edges[mel + 1] - edges[mel])
      const falling = (edges[mel + 2] - at) / (edges[mel + 2] - edges[mel + 1])
      const height = norm === 'slaney' ? 2 / (edgesInHertz[mel + 2] - edgesInHertz[mel]) : 1
      weights[mel * bins + bin] = height * Math.max(0, Math.min(rising, falling))
    }
  }
  return weights
}

interface Scale {
  readonly fromHertz: (hertz: number) => number
  readonly toHertz: (mel: number) => number
}

// Slaney, Auditory Toolbox, 1998: 200/3 Hz a mel up to 1 kHz, then 27 mels for a factor of 6.4.
const SLANEY_HERTZ_PER_MEL = 200 / 3
const SLANEY_BREAK_HERTZ = 1000
const SLANEY_BREAK_MEL = SLANEY_BREAK_HERTZ / SLANEY_HERTZ_PER_MEL
const SLANEY_LOG_STEP = Math.log(6.4) / 27

const SCALES: Record<MelOptions['melScale'], Scale> = {
  slaney: {
    fromHertz: (hertz) =>
      hertz < SLANEY_BREAK_HERTZ
        ? hertz / SLANEY_HERTZ_PER_MEL
        : SLANEY_BREAK_MEL + Math.log(hertz / SLANEY_BREAK_HERTZ) / SLANEY_LOG_STEP,
    toHertz: (mel) =>
      mel < SLANEY_BREAK_MEL
        ? mel * SLANEY_HERTZ_PER_MEL
        : SLANEY_BREAK_HERTZ * Math.exp((mel - SLANEY_BREAK_MEL) * SLANEY_LOG_STEP),
  },
  htk: {
    fromHertz: (hertz) => 2595 * Math.log10(1 + hertz / 700),
    toHertz: (mel) => 700 * (10 ** (mel / 2595) - 1),
  },
}
