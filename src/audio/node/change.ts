import { resolve } from 'node:path'
import { AVERROR_EAGAIN, AVERROR_EOF, AV_BUFFERSRC_FLAG_KEEP_REF } from 'node-av/constants'
import {
  Filter,
  FilterGraph,
  Frame,
  avChannelLayoutDescribe,
  avGetSampleFmtName,
  type FilterContext,
} from 'node-av/lib'
import type { FileChange } from '../change.js'
import { decodeFrames, type FrameSink } from './decode.js'
import { EncodedFile } from './encode.js'
import { Unreadable, ffmpegMessage, openAudio } from './open.js'
import type { AudioFile } from './protocol.js'

/** Rates that MPEG-1 layer III has. */
const MP3_RATES = [32_000, 44_100, 48_000]

/** Writes the file changed: as WAV with floats, or as MP3. What is `Unreadable` is as of `decode`. */
export async function changeFile(
  { to, change, ...file }: AudioFile & { readonly to: string; readonly change: FileChange },
  alive: () => void,
): Promise<void> {
  const input = openAudio(file)
  const sink = new Changing(resolve(to), change)
  try {
    const { seconds } = await decodeFrames(input, sink, alive)
    if (seconds === 0) throw new Unreadable(`damaged: nothing could be decoded (${input.codec})`)
    sink.end()
  } finally {
    sink.free()
    input.format.closeInputSync()
  }
}

/**
 * FFmpeg's filters for a change of audio at this rate. Pitch: played faster, which takes the pitch along, and then the tempo set back by
 * atempo (WSOLA), which leaves the pitch.
 */
function filtersOf(change: FileChange, sampleRate: number): string[] {
  switch (change.kind) {
    case 'mp3': {
      const rate = MP3_RATES.includes(sampleRate) ? sampleRate : 44_100
      return [
        `aresample=${rate}`,
        'aformat=sample_fmts=fltp:channel_layouts=stereo|mono',
        'asetnsamples=n=1152:p=0',
      ]
    }
    case 'resample':
      return [`aresample=${change.sampleRate}`, `aresample=${sampleRate}`]
    case 'pitch': {
      const ratio = 2 ** (change.semitones / 12)
      return [`asetrate=${Math.round(sampleRate * ratio)}`, `aresample=${sampleRate}`, `atempo=${1 / ratio}`]
    }
    case 'tempo':
      return [`atempo=${change.factor}`]
  }
}

/** Frames go through the filters and are written. */
class Changing implements FrameSink {
  readonly #to: string
  readonly #change: FileChange
  #graph: FilterGraph | undefined
  #ends: { readonly source: FilterContext; readonly sink: FilterContext } | undefined
  #file: EncodedFile | undefined
  readonly #frame = new Frame()

  constructor(to: string, change: FileChange) {
    this.#to = to
    this.#change = change
    this.#frame.alloc()
  }

  push(frame: Frame): void {
    this.#ends ??= this.#build(frame)
    check(this.#ends.source.buffersrcAddFrameSync(frame, AV_BUFFERSRC_FLAG_KEEP_REF))
    this.#drain()
  }

  end(): void {
    if (!this.#ends) return
    check(this.#ends.source.buffersrcAddFrameSync(null))
    this.#drain()
    this.#file?.end()
  }

  free(): void {
    this.#file?.free()
    this.#graph?.free()
    this.#frame.free()
  }

  #build({ sampleRate, format, channelLayout, channels }: Frame) {
    const graph = (this.#graph = new FilterGraph())
    graph.alloc()
    const layout = avChannelLayoutDescribe(channelLayout)
    const source = graph.createFilter(
      Filter.getByName('abuffer')!,
      'in',
      `time_base=1/${sampleRate}:sample_rate=${sampleRate}:sample_fmt=${avGetSampleFmtName(format as never)}:` +
        (layout === null || /channels/.test(layout) ? `channels=${channels}` : `channel_layout=${layout}`),
    )
    const sink = graph.createFilter(Filter.getByName('abuffersink')!, 'out')
    const packed = this.#change.kind === 'mp3' ? [] : ['aformat=sample_fmts=flt']
    const chain = ['aformat=sample_fmts=fltp', ...filtersOf(this.#change, sampleRate), ...packed]
    let last = source
    for (const [at, filter] of chain.entries()) {
      const [name, args] = filter.split(/=(.*)/s)
      const next = graph.createFilter(Filter.getByName(name)!, `${at}`, args)
      if (!last || !next) throw new Unreadable('its sound could not be changed', filter)
      check(last.link(0, next, 0))
      last = next
    }
    if (!source || !last || !sink) throw new Unreadable('its sound could not be changed')
    check(last.link(0, sink, 0))
    check(graph.configSync())
    return { source, sink }
  }

  #drain(): void {
    for (;;) {
      const got = this.#ends!.sink.buffersinkGetFrameSync(this.#frame)
      if (got === AVERROR_EAGAIN || got === AVERROR_EOF) return
      check(got)
      const bitRate = this.#change.kind === 'mp3' ? this.#change.bitRate : undefined
      this.#file ??= new EncodedFile(this.#to, this.#frame, bitRate)
      this.#file.write(this.#frame)
      this.#frame.unref()
    }
  }
}

function check(result: number): void {
  if (result < 0) throw new Unreadable('its sound could not be changed', ffmpegMessage(result))
}
