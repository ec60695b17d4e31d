import { AVERROR_EAGAIN, AVERROR_EOF } from 'node-av/constants'
import { CodecContext, Frame, Packet } from 'node-av/lib'
import { breaksOff } from './breaks-off.js'
import type { ParentChannel } from './channel.js'
import { MonoResampler } from './mono.js'
import { Unreadable, ffmpegMessage, openAudio, type AudioInput } from './open.js'
import { BLOCKS_AHEAD, BLOCK_SAMPLES, FrameKind, type AudioFile } from './protocol.js'
import { turn } from './turn.js'

/** A bound on what small files can swell to: silence packs thousands of times. */
const MAX_HOURS = 200

/** Thrown through the decoding loop when the parent wants no more. */
class Stopped extends Error {}

/** Sends the file as blocks of mono samples, as far as the parent asks for them. */
export async function decode(
  { sampleRate, ...file }: AudioFile & { readonly sampleRate: number },
  channel: ParentChannel,
): Promise<void> {
  const input = openAudio(file)
  try {
    const blocks = new BlockWriter(channel)
    const resampler = new MonoResampler(sampleRate, (samples) => blocks.push(samples))
    const decoded = await decodeFrames(input, resampler, () => channel.alive())
    resampler.flush()
    const count = { ...decoded, ...resampler.count }
    blocks.flush()
    if (count.seconds > 0 && blocks.written === 0) {
      throw new Unreadable(`no sound in it: ${count.samples} samples are too few to be resampled`)
    }
    checkWhole(file, input, count)
  } catch (error) {
    if (!(error instanceof Stopped)) throw error
  } finally {
    input.format.closeInputSync()
  }
}

/** What becomes of decoded frames. A frame is another's after the call. */
export interface FrameSink {
  push(frame: Frame): void
}

export interface FrameCount {
  /** Seconds of sound that came out of the decoder. */
  seconds: number
  packets: number
  damagedPackets: number
  /** How reading ended, where it didn't at the end of the file. */
  readError: string | undefined
}

/** Also samples at the file's rate, and those of them that were not numbers, or absurd. */
type Count = FrameCount & MonoResampler['count']

/** Decodes the audio of a file, frame by frame, to its end. */
export async function decodeFrames(
  { format, stream, decoder: codec, codec: name }: AudioInput,
  sink: FrameSink,
  alive: () => void,
): Promise<FrameCount> {
  const decoder = new CodecContext()
  decoder.allocContext3(codec)
  const packet = new Packet()
  packet.alloc()
  const frame = new Frame()
  frame.alloc()
  const count: FrameCount = { seconds: 0, packets: 0, damagedPackets: 0, readError: undefined }
  try {
    decoder.parametersToContext(stream.codecpar)
    decoder.pktTimebase = stream.timeBase // trimming of the encoder's delay and padding needs it
    const opened = decoder.open2Sync(codec, null)
    if (opened < 0)
      throw new Unreadable(`damaged: ${name} can't be decoded with its settings`, ffmpegMessage(opened))

    const receive = (): boolean => {
      for (;;) {
        const received = decoder.receiveFrameSync(frame)
        if (received < 0) return received === AVERROR_EAGAIN || received === AVERROR_EOF
        sink.push(frame)
        count.seconds += frame.nbSamples / frame.sampleRate
        frame.unref()
        if (count.seconds > MAX_HOURS * 3600) throw new Unreadable(`longer than ${MAX_HOURS} hours`)
      }
    }
    let reads = 0
    for (;;) {
      const read = format.readFrameSync(packet)
      if (read < 0) {
        if (read !== AVERROR_EOF) count.readError = ffmpegMessage(read)
        break
      }
      if (packet.streamIndex === stream.index) {
        count.packets++
        const sent = decoder.sendPacketSync(packet)
        packet.unref()
        if (!receive() || sent < 0) count.damagedPackets++
      } else {
        packet.unref()
      }
      alive()
      await turn(++reads)
    }
    decoder.sendPacketSync(null)
    receive()
    return count
  } finally {
    packet.free()
    frame.free()
    decoder.freeContext()
  }
}

/**
 * A few damaged packets are lived with. What is missing more than this is not the same piece any more:
 * containers round lengths, and count the encoder's delay and padding in.
 */
const MISSING_SECONDS = 0.3
const MISSING_SHARE = 0.02
/** Where the container promises nothing, the share of packets that may be lost. */
const DAMAGED_SHARE = 0.1

function checkWhole(file: AudioFile, { format, promised, codec }: AudioInput, count: Count): void {
  const { seconds, packets, damagedPackets, samples, damagedSamples, readError } = count
  const detail = `${damagedPackets} of ${packets} packets damaged${readError ? `; ${readError}` : ''}`
  if (packets === 0) throw new Unreadable('no sound in it: it ends after its header', detail)
  if (seconds === 0) throw new Unreadable(`damaged: nothing could be decoded (${codec})`, detail)
  if (promised !== undefined) {
    const missing = promised - seconds
    if (missing > Math.max(MISSING_SECONDS, promised * MISSING_SHARE)) {
      const damaged = damagedPackets > Math.max(1, packets * MISSING_SHARE) // one: where it was cut
      const amount = `${formatSeconds(seconds)} of ${formatSeconds(promised)} could be decoded`
      throw new Unreadable(`${damaged ? 'damaged' : 'truncated'}: ${amount}`, detail)
    }
  }
  if (breaksOff(format.iformat?.name ?? '', file)) {
    throw new Unreadable(`truncated: it breaks off after ${formatSeconds(seconds)}`, detail)
  }
  if (damagedPackets > packets * DAMAGED_SHARE) {
    throw new Unreadable(`damaged: ${damagedPackets} of its ${packets} packets could not be decoded`, detail)
  }
  if (damagedSamples > samples / 2) {
    throw new Unreadable('damaged: most of its samples are not numbers', detail)
  }
}

const formatSeconds = (seconds: number): string =>
  `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`

/** Gathers samples into blocks and sends them, keeping to what the parent can take. */
class BlockWriter {
  private readonly block = new Float32Array(BLOCK_SAMPLES)
  private filled = 0
  /** Samples sent so far. */
  written = 0
  private credit = BLOCKS_AHEAD
  private readonly channel: ParentChannel

  constructor(channel: ParentChannel) {
    this.channel = channel
  }

  push(samples: Float32Array): void {
    for (let at = 0; at < samples.length;) {
      const taken = Math.min(samples.length - at, BLOCK_SAMPLES - this.filled)
      this.block.set(samples.subarray(at, at + taken), this.filled)
      this.filled += taken
      at += taken
      if (this.filled === BLOCK_SAMPLES) this.flush()
    }
  }

  flush(): void {
    if (this.filled === 0) return
    if (this.credit === 0) {
      if (!this.channel.mayGoOn()) throw new Stopped()
      this.credit++
    }
    this.credit--
    this.channel.send(FrameKind.block, new Uint8Array(this.block.buffer, 0, this.filled * 4))
    this.written += this.filled
    this.filled = 0
  }
}
