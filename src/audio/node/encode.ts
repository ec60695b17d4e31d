import { AV_CODEC_FLAG_GLOBAL_HEADER, AVFMT_GLOBALHEADER, type AVSampleFormat } from 'node-av/constants'
import {
  Codec,
  CodecContext,
  Dictionary,
  FormatContext,
  Packet,
  Rational,
  type Frame,
  type Stream,
} from 'node-av/lib'
import { Unreadable, ffmpegMessage } from './open.js'

/** An audio file that is written frame by frame: WAV with the samples as they are, or MP3 where there is a bit rate. */
export class EncodedFile {
  readonly #output = new FormatContext()
  readonly #encoder = new CodecContext()
  readonly #packet = new Packet()
  readonly #stream: Stream
  readonly #sampleRate: number
  #samples = 0n

  /** @param first says rate, channels and format of all frames; it is not written */
  constructor(path: string, first: Frame, bitRate: number | undefined) {
    const { sampleRate, channelLayout, format } = first
    this.#sampleRate = sampleRate
    this.#packet.alloc()
    const [container, name] = bitRate === undefined ? ['wav', 'pcm_f32le'] : ['mp3', 'libmp3lame']
    check(this.#output.allocOutputContext2(null, container, path))
    const codec = Codec.findEncoderByName(name as never)
    if (!codec) throw new Unreadable(`there is no encoder ${name}`)
    const encoder = this.#encoder
    encoder.allocContext3(codec)
    encoder.sampleRate = sampleRate
    encoder.sampleFormat = format as AVSampleFormat
    encoder.channelLayout = channelLayout
    encoder.timeBase = new Rational(1, sampleRate)
    if (bitRate !== undefined) encoder.bitRate = BigInt(bitRate)
    if (this.#output.oformat?.hasFlags(AVFMT_GLOBALHEADER)) encoder.setFlags(AV_CODEC_FLAG_GLOBAL_HEADER)
    check(encoder.open2Sync(codec))
    this.#stream = this.#output.newStream()
    check(this.#stream.codecpar.fromContext(encoder))
    this.#stream.timeBase = new Rational(1, sampleRate)
    check(this.#output.openOutputSync())
    // Beyond 4 GB as RF64.
    check(this.#output.writeHeaderSync(container === 'wav' ? Dictionary.fromObject({ rf64: 'auto' }) : null))
  }

  write(frame: Frame): void {
    frame.pts = this.#samples
    this.#samples += BigInt(frame.nbSamples)
    check(this.#encoder.sendFrameSync(frame))
    this.#drain()
  }

  end(): void {
    check(this.#encoder.sendFrameSync(null))
    this.#drain()
    check(this.#output.writeTrailerSync())
    this.#output.closeOutputSync()
  }

  free(): void {
    this.#packet.free()
    this.#encoder.freeContext()
    this.#output.freeContext()
  }

  #drain(): void {
    while (this.#encoder.receivePacketSync(this.#packet) >= 0) {
      this.#packet.streamIndex = 0
      this.#packet.rescaleTs({ num: 1, den: this.#sampleRate }, this.#stream.timeBase)
      check(this.#output.interleavedWriteFrameSync(this.#packet))
      this.#packet.unref()
    }
  }
}

function check(result: number): void {
  if (result < 0) throw new Unreadable('its sound could not be written', ffmpegMessage(result))
}
