import { AntiphonError } from '../errors/index.js'
import type { AudioSpec } from '../audio/index.js'
import type { Parity, ParityComponent } from './config.js'

export interface ParityReport {
  /** Largest difference between what this machine computes and what the parity file says. */
  readonly largestDifference: number
  readonly tolerance: number
}

export type Side = 'audio' | 'text' | 'item'

/** A chunk made of the given sines, the same on every machine to the last bit or two. */
export function paritySound(sound: readonly ParityComponent[], audio: AudioSpec): Float32Array {
  const samples = new Float32Array(Math.round(audio.sampleRate * audio.chunkSeconds))
  return samples.map((_, i) => {
    const seconds = i / audio.sampleRate
    return sound.reduce(
      (sum, { hertz, amplitude, decay }) =>
        sum + amplitude * Math.sin(2 * Math.PI * hertz * seconds) * Math.exp(-decay * (seconds % 1)),
      0,
    )
  })
}

export interface ParityEncoders {
  readonly audio: (chunk: Float32Array) => Promise<Float32Array>
  readonly text: (text: string) => Promise<Float32Array>
  /** Of a model that has factors of items. */
  readonly item?: (chunk: Float32Array, factors: Float32Array) => Promise<Float32Array>
}

/** Runs one side's parity inputs and compares. @throws AntiphonError `model` where there are none of that side */
export async function compareParity(
  parity: Parity,
  side: Side,
  encoders: ParityEncoders,
  audio: AudioSpec,
): Promise<ParityReport> {
  const { [side]: cases } = parity
  if (!cases) throw new AntiphonError('model', `parity.json doesn't say what ${side} vectors should be`)
  const expected = cases.map(({ embedding }) => embedding)
  const actual: Float32Array[] = []
  if (side === 'text') for (const { text } of parity.text) actual.push(await encoders.text(text))
  else if (side === 'item')
    for (const { sound, factors } of parity.item ?? [])
      actual.push(await encoders.item!(paritySound(sound, audio), Float32Array.from(factors)))
  else for (const { sound } of parity.audio) actual.push(await encoders.audio(paritySound(sound, audio)))
  let largestDifference = 0
  for (const [index, vector] of actual.entries())
    for (let i = 0; i < Math.max(vector.length, expected[index].length); i++) {
      const difference = Math.abs(vector[i] - expected[index][i])
      if (!(difference <= largestDifference))
        largestDifference = Number.isNaN(difference) ? Infinity : difference
    }
  return { largestDifference, tolerance: parity.tolerance }
}

/** @throws AntiphonError `model` when the machine computes something else than the file says. */
export function assertParity({ largestDifference, tolerance }: ParityReport, name: string, side: Side): void {
  if (largestDifference <= tolerance) return
  throw new AntiphonError(
    'model',
    `Model "${name}" does not compute here what it should: its ${side} vectors differ by ${largestDifference.toPrecision(2)} ` +
      `from its parity.json (allowed: ${tolerance}). Its files may be damaged; make or install the model again.`,
  )
}
