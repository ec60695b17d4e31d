import {
  AV_CHANNEL_ORDER_NATIVE,
  AV_CHANNEL_ORDER_UNSPEC,
  AV_SAMPLE_FMT_FLT,
  type AVSampleFormat,
} from 'node-av/constants'
import { SoftwareResampleContext, type ChannelLayout, type Frame } from 'node-av/lib'
import { Unreadable, checkBounds, ffmpegMessage } from './open.js'

const MONO: ChannelLayout = { nbChannels: 1, order: AV_CHANNEL_ORDER_NATIVE, mask: 4n }

/**
 * swresample's polyphase filter, set to be like soxr HQ, which librosa.load uses: flat to 0.9 of the lower Nyquist
 * frequency (-0.02 dB), -53 dB at it, -100 dB from 1.02 on. 85 dB and more to soxr HQ on the goldens.
 */
const FILTER = { filter_type: 'kaiser', filter_size: '96', kaiser_beta: '10', cutoff: '0.95' }

/** Filters are kept for so many pairs of rates; a library has few. */
const KEPT_FILTERS = 8
const filters = new Map<string, SoftwareResampleContext>()

/** 120 dB over full scale: no recording, and squares of it would leave float32. */
const LOUDEST = 1e6

/**
 * Frames of any format, channels and rate to mono float32 at one rate. Mono is the mean of the channels, as in
 * librosa. N samples in become ceil(N * out / in) ones. A sample that is not a number, or absurdly large, counts as 0.
 */
export class MonoResampler {
  /** Samples at the rates of the file so far, and those of them that were not numbers, or absurd. */
  readonly count = { samples: 0, damagedSamples: 0 }
  private source = ''
  private mixer: SoftwareResampleContext | undefined
  private resampler: SoftwareResampleContext | undefined
  private mixed = new Float32Array(0)
  private mixedBytes = Buffer.alloc(0)
  private resampled = new Float32Array(0)
  private resampledBytes = Buffer.alloc(0)
  private readonly sampleRate: number
  private readonly emit: (samples: Float32Array) => void

  /** `emit` gets views that are overwritten by the next call. */
  constructor(sampleRate: number, emit: (samples: Float32Array) => void) {
    this.sampleRate = sampleRate
    this.emit = emit
  }

  push(frame: Frame): void {
    const count = frame.nbSamples
    if (count <= 0) return
    const { sampleRate, channels, format } = frame
    const source = `${sampleRate} ${channels} ${format}`
    if (source !== this.source) {
      this.flush()
      this.start(sampleRate, channels, format as AVSampleFormat)
      this.source = source
    }
    if (this.mixed.length < count) {
      this.mixed = new Float32Array(count * 2)
      this.mixedBytes = Buffer.from(this.mixed.buffer)
    }
    const mixed = this.mixer!.convertSync([this.mixedBytes], this.mixed.length, frame.extendedData, count)
    if (mixed < 0) throw new Unreadable('its channels could not be mixed', ffmpegMessage(mixed))
    this.count.samples += mixed
    this.count.damagedSamples += silenceDamage(this.mixed, mixed)
    if (this.resampler) this.resample([this.mixedBytes], mixed)
    else this.emit(this.mixed.subarray(0, mixed))
  }

  /** Gives out what the filter still holds. */
  flush(): void {
    if (this.resampler) this.resample(null, 0)
    this.mixer?.free()
    this.mixer = undefined
    this.resampler = undefined
    this.source = ''
  }

  private start(sampleRate: number, channels: number, format: AVSampleFormat): void {
    checkBounds(channels, sampleRate)
    const mixer = new SoftwareResampleContext()
    const from = { nbChannels: channels, order: AV_CHANNEL_ORDER_UNSPEC, mask: 0n }
    check(mixer.allocSetOpts2(MONO, AV_SAMPLE_FMT_FLT, sampleRate, from, format, sampleRate))
    check(mixer.setMatrix(new Array<number>(channels).fill(1 / channels), channels))
    check(mixer.init())
    this.mixer = mixer
    this.resampler = sampleRate === this.sampleRate ? undefined : filterFor(sampleRate, this.sampleRate)
  }

  private resample(input: Buffer[] | null, count: number): void {
    const resampler = this.resampler!
    // An upper bound: what the filter holds, and what comes in, at the new rate.
    const room = resampler.getOutSamples(count) + 1
    if (this.resampled.length < room) {
      this.resampled = new Float32Array(room * 2)
      this.resampledBytes = Buffer.from(this.resampled.buffer)
    }
    const made = resampler.convertSync([this.resampledBytes], this.resampled.length, input, count)
    if (made < 0) throw new Unreadable('it could not be resampled', ffmpegMessage(made))
    if (made > 0) this.emit(this.resampled.subarray(0, made))
  }
}

/** Making a filter costs milliseconds, so it is kept; `init` makes it forget the last file. */
function filterFor(from: number, to: number): SoftwareResampleContext {
  const key = `${from} ${to}`
  let filter = filters.get(key)
  if (!filter) {
    filter = new SoftwareResampleContext()
    check(filter.allocSetOpts2(MONO, AV_SAMPLE_FMT_FLT, to, MONO, AV_SAMPLE_FMT_FLT, from))
    // With as many phases as the ratio has, each output sample has its own exact filter; beyond 1024, between two.
    const phases = to / greatestCommonDivisor(from, to)
    const exact = phases <= 1024
    const shift = exact ? Math.max(8, Math.ceil(Math.log2(phases))) : 10
    const options = {
      ...FILTER,
      phase_shift: String(shift),
      linear_interp: exact ? '0' : '1',
      exact_rational: '1',
    }
    for (const [name, value] of Object.entries(options)) check(filter.setOption(name, value))
    if (filters.size >= KEPT_FILTERS) {
      const [oldest] = filters.keys()
      filters.get(oldest)!.free()
      filters.delete(oldest)
    }
    filters.set(key, filter)
  }
  check(filter.init())
  return filter
}

/** Returns how many samples were damaged. */
function silenceDamage(samples: Float32Array, count: number): number {
  let damaged = 0
  for (let i = 0; i < count; i++) {
    if (Math.abs(samples[i]) <= LOUDEST) continue
    samples[i] = 0
    damaged++
  }
  return damaged
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}

function check(result: number): void {
  if (result < 0) throw new Unreadable('its sound could not be converted', ffmpegMessage(result))
}
