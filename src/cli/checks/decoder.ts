import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Context, GlobalOptions } from '../context.js'
import type { Check } from '../json.js'

const TONE_HZ = 440
const AMPLITUDE = 0.5
const FILE_RATE = 44_100
const DECODED_RATE = 16_000

/** Whether a tone that we write comes back from the decoder: its length, pitch and loudness. */
export async function* decoderChecks(
  _options: GlobalOptions,
  { machine, now }: Context,
): AsyncGenerator<Check> {
  const folder = await mkdtemp(join(tmpdir(), 'antiphon-doctor-'))
  try {
    const file = join(folder, 'tone.wav')
    await writeFile(file, toneWav())
    const started = now()
    const samples = await machine.decode(file, DECODED_RATE)
    const problem = differenceFromTone(samples)
    yield problem === undefined
      ? { name: 'decoder', status: 'ok', detail: `starts and decodes (${Math.round(now() - started)} ms)` }
      : { name: 'decoder', status: 'fail', detail: `a test tone came back wrong: ${problem}`, fix: REINSTALL }
  } catch (error) {
    yield { name: 'decoder', status: 'fail', detail: (error as Error).message, fix: REINSTALL }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const REINSTALL =
  'Reinstall the package, so that the decoder for this platform is fetched: npm install antiphon'

/** What is wrong with a second of the tone, or undefined. */
function differenceFromTone(samples: Float32Array): string | undefined {
  if (Math.abs(samples.length - DECODED_RATE) > DECODED_RATE / 100)
    return `${samples.length} samples, expected ${DECODED_RATE}`
  let crossings = 0
  let energy = 0
  for (let i = 0; i < samples.length; i++) {
    if (i > 0 && samples[i - 1] < 0 !== samples[i] < 0) crossings++
    energy += samples[i] * samples[i]
  }
  const pitch = (crossings / 2) * (DECODED_RATE / samples.length)
  if (!(Math.abs(pitch - TONE_HZ) < TONE_HZ / 50)) return `${Math.round(pitch)} Hz, expected ${TONE_HZ}`
  const amplitude = Math.sqrt((2 * energy) / samples.length)
  if (!(Math.abs(amplitude - AMPLITUDE) < AMPLITUDE / 20))
    return `an amplitude of ${amplitude.toFixed(2)}, expected ${AMPLITUDE}`
  return undefined
}

/** One second of the tone, 16 bit stereo: RIFF header of 44 bytes, then samples. */
function toneWav(): Uint8Array {
  const [channels, bytesPerSample] = [2, 2]
  const size = FILE_RATE * channels * bytesPerSample
  const wav = Buffer.alloc(44 + size)
  wav.write('RIFF', 0, 'latin1')
  wav.writeUInt32LE(36 + size, 4)
  wav.write('WAVEfmt ', 8, 'latin1')
  wav.writeUInt32LE(16, 16)
  wav.writeUInt16LE(1, 20) // PCM
  wav.writeUInt16LE(channels, 22)
  wav.writeUInt32LE(FILE_RATE, 24)
  wav.writeUInt32LE(FILE_RATE * channels * bytesPerSample, 28)
  wav.writeUInt16LE(channels * bytesPerSample, 32)
  wav.writeUInt16LE(bytesPerSample * 8, 34)
  wav.write('data', 36, 'latin1')
  wav.writeUInt32LE(size, 40)
  for (let i = 0; i < FILE_RATE; i++) {
    const value = Math.round(AMPLITUDE * 32_767 * Math.sin((2 * Math.PI * TONE_HZ * i) / FILE_RATE))
    for (let channel = 0; channel < channels; channel++)
      wav.writeInt16LE(value, 44 + (i * channels + channel) * bytesPerSample)
  }
  return wav
}
