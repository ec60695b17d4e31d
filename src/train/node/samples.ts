import { closeSync, openSync, readSync } from 'node:fs'
import { AntiphonError } from '../../errors/index.js'
import { halfToFloat } from '../../graph/index.js'

/**
 * Waveforms are kept as 16-bit integers of this scale: up to ±2, as decoded music goes beyond ±1 here and there, in steps
 * 84 dB below full scale.
 */
const SCALE = 2 ** 14

export const BYTES_PER_NUMBER = 2

export function toIntegers(samples: Float32Array): Int16Array {
  const integers = new Int16Array(samples.length)
  for (let i = 0; i < samples.length; i++)
    integers[i] = Math.max(-32768, Math.min(32767, Math.round(samples[i] * SCALE)))
  return integers
}

/** Reads so many samples of a cached waveform, from one on. */
export function readSamples(file: string, from: number, into: Float32Array): void {
  const integers = new Int16Array(into.length)
  readAt(file, from * BYTES_PER_NUMBER, integers)
  for (let i = 0; i < into.length; i++) into[i] = integers[i] / SCALE
}

/** All halves as floats: a look-up is ten times as fast as arithmetic. */
let floats: Float32Array | undefined

/** Reads half-precision numbers of a file, from the one at `from` on. */
export function readHalves(file: string, from: number, into: Float32Array): void {
  floats ??= Float32Array.from({ length: 1 << 16 }, (_, bits) => halfToFloat(bits))
  const halves = new Uint16Array(into.length)
  readAt(file, from * BYTES_PER_NUMBER, halves)
  for (let i = 0; i < into.length; i++) into[i] = floats[halves[i]]
}

function readAt(file: string, position: number, into: Int16Array | Uint16Array): void {
  const bytes = new Uint8Array(into.buffer)
  const descriptor = openSync(file, 'r')
  try {
    for (let at = 0; at < bytes.length;) {
      const read = readSync(descriptor, bytes, at, bytes.length - at, position + at)
      if (read === 0)
        throw new AntiphonError(
          'failed',
          `The cache file ${file} has become shorter: start the training again`,
        )
      at += read
    }
  } finally {
    closeSync(descriptor)
  }
}
