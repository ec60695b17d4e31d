import { z } from 'zod'
import { logMel, type Tensor } from '../../graph/index.js'

/**
 * The log-mel spectrogram of towers that bring none of their own: librosa's filters, compressed as musicnn does
 * (Pons & Serra 2019), so that it lies between 0 and about 5 without statistics of any data.
 */
export const SPECTROGRAM_OPTIONS = z.strictObject({
  /** Hz */
  sample_rate: z.int().positive().default(16_000),
  n_fft: z.int().positive().multipleOf(2).default(512),
  hop_length: z.int().positive().default(256),
  n_mels: z.int().positive().default(96),
  /** Hz */
  f_min: z.number().nonnegative().default(0),
  /** Hz. @default half the sample rate */
  f_max: z.number().positive().optional(),
})
export type SpectrogramOptions = z.infer<typeof SPECTROGRAM_OPTIONS>

/** Waveforms [batch, samples] to [batch, frames, n_mels]: 1 + samples / hop_length frames. */
export function spectrogram(waveform: Tensor, options: SpectrogramOptions): Tensor {
  return logMel(waveform, {
    sampleRate: options.sample_rate,
    nFft: options.n_fft,
    hopLength: options.hop_length,
    padMode: 'constant',
    nMels: options.n_mels,
    fMin: options.f_min,
    fMax: options.f_max,
    melScale: 'slaney',
    norm: 'slaney',
    compression: { kind: 'log10', scale: 10_000, offset: 1 },
  })
}

/** The same as torchaudio's MelSpectrogram and AmplitudeToDB give it: filters of height 1 on HTK's scale, in decibels. */
export function decibelSpectrogram(waveform: Tensor, options: SpectrogramOptions): Tensor {
  return logMel(waveform, {
    sampleRate: options.sample_rate,
    nFft: options.n_fft,
    hopLength: options.hop_length,
    nMels: options.n_mels,
    fMin: options.f_min,
    fMax: options.f_max,
    melScale: 'htk',
    norm: null,
    compression: { kind: 'decibel', floor: 1e-10 },
  })
}
