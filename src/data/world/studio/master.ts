import type { Random } from '../../../random/index.js'
import type { Stereo } from '../../stereo.js'
import type { Recording } from '../era.js'
import { BUTTERWORTH_4, filter, highPass, lowPass, shelf } from './filter.js'
import { compress, widen } from './dynamics.js'
import { crackle, hiss, wow } from './wear.js'

const LOW_SHELF = 150 // Hz
const HIGH_SHELF = 3000
const TOP = 0.46 // of the sample rate: a limit above is none
const LOUDEST_CLICK = 0.16 // of full scale
const FADE_IN = 0.02 // seconds, of the noise
const FADE_OUT = 0.9

/** What is done to a mix before it is brought to its loudness, in place: width, band, tone, dynamics, speed. */
export function master(sound: Stereo, recording: Recording, rng: Random): void {
  widen(sound, recording.width)
  const { sampleRate, left, right } = sound
  // Both sides of a mono recording are one: it is worked on once.
  const mono = recording.width === 0
  for (const side of mono ? [left] : [left, right]) {
    band(side, recording, sampleRate)
    if (recording.low !== 0)
      filter(side, shelf('low', { frequency: LOW_SHELF, gain: recording.low, sampleRate }))
    if (recording.high !== 0)
      filter(side, shelf('high', { frequency: HIGH_SHELF, gain: recording.high, sampleRate }))
  }
  if (mono) right.set(left)
  compress(sound, recording.compression)
  wow(sound, recording.wow, rng.fork('wow'))
}

/** Cuts what the recording's time did not hold. */
function band(samples: Float32Array, { lowCut, highCut }: Recording, sampleRate: number): void {
  for (const q of BUTTERWORTH_4) {
    filter(samples, highPass({ frequency: lowCut, q, sampleRate }))
    if (highCut < TOP * sampleRate) filter(samples, lowPass({ frequency: highCut, q, sampleRate }))
  }
}

/** Adds the noise of tape or record to a finished recording, in place: as loud as it is, whatever the music. */
export function addNoise(sound: Stereo, recording: Recording, rng: Random): void {
  const { left, right, sampleRate } = sound
  const { hiss: level, crackle: rate, width } = recording
  if (level === undefined && rate === 0) return
  const sides = width === 0 ? [left] : [left, right]
  for (const [i, side] of sides.entries()) {
    const noise = new Float32Array(side.length)
    if (level !== undefined) noise.set(hiss(side.length, level, rng.fork(`hiss ${i}`)))
    if (rate > 0) {
      const clicks = crackle(side.length, {
        rate,
        level: LOUDEST_CLICK,
        sampleRate,
        rng: rng.fork(`crackle ${i}`),
      })
      for (let n = 0; n < noise.length; n++) noise[n] += clicks[n]
    }
    band(noise, recording, sampleRate)
    for (let n = 0; n < side.length; n++) {
      const ends = Math.min(1, n / (FADE_IN * sampleRate), (side.length - 1 - n) / (FADE_OUT * sampleRate))
      side[n] = Math.max(-1, Math.min(1, side[n] + noise[n] * ends))
    }
  }
  if (width === 0) right.set(left)
}
