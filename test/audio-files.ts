import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface EncodeJob {
  readonly path: string
  /** FFmpeg's name of the container, such as `wav`, `mp3`, `ipod`. */
  readonly format: string
  /** FFmpeg's name of the encoder, such as `pcm_s16le`, `libmp3lame`. */
  readonly codec: string
  /** FFmpeg's number of the sample format; @default the encoder's first. */
  readonly sampleFormat?: number
  readonly sampleRate: number
  readonly bitRate?: number
  readonly tags?: Record<string, string>
  /** Options of the muxer, such as `write_xing: '0'`. */
  readonly muxer?: Record<string, string>
  /** A PNG of one pixel. */
  readonly coverPath?: string
  /** The encoded packets are written this many times; @default 1 */
  readonly repeat?: number
}

export interface RemuxJob {
  readonly from: string
  readonly path: string
  readonly format: string
  readonly tags: Record<string, string>
}

function runJobs(jobs: readonly object[]): Promise<void> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('./encode-audio.js', import.meta.url))], {
    stdio: ['pipe', 'inherit', 'pipe'],
  })
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  child.stdin.end(JSON.stringify(jobs))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) =>
      code === 0
        ? resolve()
        : reject(new Error(`encoding failed (${code ?? signal}): ${stderr.slice(-2000)}`)),
    )
  })
}

/** Encodes audio files with FFmpeg, in a child process. Channels are of equal length, in -1..1. */
export async function encodeAudio(
  jobs: readonly (EncodeJob & { channels: readonly Float32Array[] })[],
): Promise<void> {
  const paths = new Map<readonly Float32Array[], string>()
  try {
    const sent: object[] = []
    for (const { channels, ...job } of jobs) {
      let samplesPath = paths.get(channels)
      if (!samplesPath) {
        samplesPath = join(tmpdir(), `antiphon-samples-${randomUUID()}`)
        paths.set(channels, samplesPath)
        await writeFile(
          samplesPath,
          Buffer.concat(channels.map((c) => Buffer.from(c.buffer, c.byteOffset, c.byteLength))),
        )
      }
      sent.push({ kind: 'encode', ...job, samplesPath, channelCount: channels.length })
    }
    await runJobs(sent)
  } finally {
    for (const path of paths.values()) await rm(path, { force: true })
  }
}

/** Copies the audio packets of files into new ones with other tags. */
export const remuxAudio = (jobs: readonly RemuxJob[]): Promise<void> =>
  runJobs(jobs.map((job) => ({ kind: 'remux', ...job })))

/** A sine of 0.5. */
export function sine(hz: number, seconds: number, sampleRate: number, phase = 0): Float32Array {
  return Float32Array.from(
    { length: Math.round(seconds * sampleRate) },
    (_, n) => 0.5 * Math.sin((2 * Math.PI * hz * n) / sampleRate + phase),
  )
}

/** Something like music, different for each seed: a few decaying partials and a little noise. */
export function tune(seconds: number, sampleRate: number, seed = 1): Float32Array {
  let state = seed * 2654435761
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
  const out = new Float32Array(Math.round(seconds * sampleRate))
  const noteLength = Math.round(sampleRate / 4)
  for (let begin = 0; begin < out.length; begin += noteLength) {
    const hz = 110 * 2 ** (Math.floor(random() * 36) / 12)
    for (let i = 0; i < noteLength && begin + i < out.length; i++) {
      const t = i / sampleRate
      const tone = Math.sin(2 * Math.PI * hz * t) + 0.5 * Math.sin(4 * Math.PI * hz * t)
      out[begin + i] = 0.3 * Math.exp(-3 * t) * tone + 0.02 * (random() - 0.5)
    }
  }
  return out
}

/** How a format of the list that Antiphon reads is written in tests. */
export interface Format {
  readonly extension: string
  readonly format: string
  readonly codec: string
  readonly sampleRate: number
  /** Samples come back as they were, up to 16 bits. */
  readonly lossless: boolean
  readonly sampleFormat?: number
}

/** FFmpeg's AV_SAMPLE_FMT_S16P: this encoder's first choice would be 8 bits. */
const S16P = 6

export const formats: readonly Format[] = [
  { extension: 'wav', format: 'wav', codec: 'pcm_s16le', sampleRate: 44100, lossless: true },
  { extension: 'flac', format: 'flac', codec: 'flac', sampleRate: 44100, lossless: true },
  { extension: 'mp3', format: 'mp3', codec: 'libmp3lame', sampleRate: 44100, lossless: false },
  { extension: 'ogg', format: 'ogg', codec: 'libvorbis', sampleRate: 44100, lossless: false },
  { extension: 'opus', format: 'opus', codec: 'libopus', sampleRate: 48000, lossless: false },
  { extension: 'm4a', format: 'ipod', codec: 'aac', sampleRate: 44100, lossless: false },
  { extension: 'alac.m4a', format: 'ipod', codec: 'alac', sampleRate: 44100, lossless: true },
  { extension: 'aac', format: 'adts', codec: 'aac', sampleRate: 44100, lossless: false },
  { extension: 'aiff', format: 'aiff', codec: 'pcm_s16be', sampleRate: 44100, lossless: true },
  { extension: 'wma', format: 'asf', codec: 'wmav2', sampleRate: 44100, lossless: false },
  { extension: 'webm', format: 'webm', codec: 'libopus', sampleRate: 48000, lossless: false },
  { extension: 'mka', format: 'matroska', codec: 'libvorbis', sampleRate: 44100, lossless: false },
  { extension: 'wv', format: 'wv', codec: 'wavpack', sampleFormat: S16P, sampleRate: 44100, lossless: true },
]
