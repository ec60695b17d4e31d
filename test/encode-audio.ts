// Child process of audio-files.ts: encodes, one after another, the jobs it gets as JSON on standard input.
// FFmpeg's build is GPL-3: it is loaded in processes of its own only, in tests too.
import { readFileSync } from 'node:fs'
import {
  type AVSampleFormat,
  AV_CHANNEL_ORDER_UNSPEC,
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AV_CODEC_ID_PNG,
  AV_DISPOSITION_ATTACHED_PIC,
  AVFMT_GLOBALHEADER,
  AVMEDIA_TYPE_AUDIO,
  AVMEDIA_TYPE_VIDEO,
} from 'node-av/constants'
import {
  Codec,
  CodecContext,
  Dictionary,
  FFmpegError,
  FormatContext,
  Frame,
  Packet,
  Rational,
  avChannelLayoutDefault,
  avGetSampleFmtName,
} from 'node-av/lib'
import type { EncodeJob, RemuxJob } from './audio-files.js'

function check(result: number, what: string): void {
  if (result < 0) throw new Error(`${what}: ${new FFmpegError(result).message}`)
}

/** Planar floats as one interleaved or planar buffer in the encoder's sample format. */
function samplesAs(format: string, channels: Float32Array[], begin: number, count: number): Buffer {
  const planar = format.endsWith('p')
  const base = planar ? format.slice(0, -1) : format
  const total = count * channels.length
  const out =
    base === 's16'
      ? new Int16Array(total)
      : base === 's32'
        ? new Int32Array(total)
        : base === 'u8'
          ? new Uint8Array(total)
          : base === 'dbl'
            ? new Float64Array(total)
            : new Float32Array(total)
  const scale = base === 's16' ? 2 ** 15 : base === 's32' ? 2 ** 31 : base === 'u8' ? 2 ** 7 : 1
  const offset = base === 'u8' ? 128 : 0
  for (const [c, samples] of channels.entries()) {
    for (let i = 0; i < count; i++) {
      const at = planar ? c * count + i : i * channels.length + c
      const x = samples[begin + i]
      out[at] =
        scale === 1 ? x : Math.min(2 * scale - 1 + offset, Math.round(Math.max(-1, x) * (scale - 1)) + offset)
    }
  }
  return Buffer.from(out.buffer)
}

function encode(job: EncodeJob & { samplesPath: string; channelCount: number }): void {
  const raw = readFileSync(job.samplesPath)
  const all = new Float32Array(raw.buffer.slice(raw.byteOffset, raw.byteOffset + raw.length))
  const length = all.length / job.channelCount
  const channels = Array.from({ length: job.channelCount }, (_, c) =>
    all.subarray(c * length, (c + 1) * length),
  )

  const output = new FormatContext()
  check(output.allocOutputContext2(null, job.format, job.path), `format ${job.format}`)
  const codec = Codec.findEncoderByName(job.codec as never)
  if (!codec) throw new Error(`no encoder ${job.codec}`)
  const context = new CodecContext()
  context.allocContext3(codec)
  const format =
    (job.sampleFormat as AVSampleFormat | undefined) ?? codec.sampleFormats?.[0] ?? context.sampleFormat
  const formatName = avGetSampleFmtName(format)
  if (!formatName) throw new Error(`unknown sample format ${format}`)
  const layout =
    job.channelCount <= 8
      ? avChannelLayoutDefault(job.channelCount)
      : { nbChannels: job.channelCount, order: AV_CHANNEL_ORDER_UNSPEC, mask: 0n }
  context.codecType = AVMEDIA_TYPE_AUDIO
  context.sampleRate = job.sampleRate
  context.sampleFormat = format
  context.channelLayout = layout
  context.timeBase = new Rational(1, job.sampleRate)
  if (job.bitRate) context.bitRate = BigInt(job.bitRate)
  if (output.oformat?.hasFlags(AVFMT_GLOBALHEADER)) context.setFlags(AV_CODEC_FLAG_GLOBAL_HEADER)
  check(context.open2Sync(codec), `open ${job.codec}`)

  const stream = output.newStream()
  check(stream.codecpar.fromContext(context), 'codec parameters')
  stream.timeBase = new Rational(1, job.sampleRate)
  if (job.tags) output.metadata = Dictionary.fromObject(job.tags)
  const cover = job.coverPath ? readFileSync(job.coverPath) : null
  if (cover) {
    const picture = output.newStream()
    picture.codecpar.codecType = AVMEDIA_TYPE_VIDEO
    picture.codecpar.codecId = AV_CODEC_ID_PNG
    picture.codecpar.width = 1
    picture.codecpar.height = 1
    picture.disposition = AV_DISPOSITION_ATTACHED_PIC
  }
  check(output.openOutputSync(), `open ${job.path}`)
  check(output.writeHeaderSync(job.muxer ? Dictionary.fromObject(job.muxer) : null), 'header')
  if (cover) {
    const packet = new Packet()
    packet.alloc()
    packet.data = cover
    packet.streamIndex = 1
    check(output.interleavedWriteFrameSync(packet), 'cover')
  }

  const packet = new Packet()
  packet.alloc()
  const kept: Packet[] = []
  let written = 0n
  const drain = () => {
    while (context.receivePacketSync(packet) >= 0) {
      packet.streamIndex = 0
      if ((job.repeat ?? 1) > 1) kept.push(packet.clone()!)
      written = packet.pts + packet.duration
      packet.rescaleTs({ num: 1, den: job.sampleRate }, stream.timeBase)
      check(output.interleavedWriteFrameSync(packet), 'write')
      packet.unref()
    }
  }
  const size = context.frameSize || 4096
  for (let begin = 0; begin < length; begin += size) {
    const count = Math.min(size, length - begin)
    const frame = Frame.fromAudioBuffer(samplesAs(formatName, channels, begin, count), {
      nbSamples: count,
      format,
      sampleRate: job.sampleRate,
      channelLayout: layout,
      timeBase: { num: 1, den: job.sampleRate },
      pts: BigInt(begin),
    })
    check(context.sendFrameSync(frame), 'encode')
    frame.free()
    drain()
  }
  context.sendFrameSync(null)
  drain()
  // A long file at the price of a short one: the same packets again, later.
  const once = written - (kept[0]?.pts ?? 0n) // an encoder's delay stands before 0
  for (let turn = 1; turn < (job.repeat ?? 1); turn++) {
    for (const original of kept) {
      const again = original.clone()!
      again.pts += once * BigInt(turn)
      again.dts += once * BigInt(turn)
      again.rescaleTs({ num: 1, den: job.sampleRate }, stream.timeBase)
      check(output.interleavedWriteFrameSync(again), 'write')
      again.free()
    }
  }
  check(output.writeTrailerSync(), 'trailer')
  output.closeOutputSync()
}

/** Copies the packets into a new file, with other tags. */
function remux(job: RemuxJob): void {
  const input = new FormatContext()
  check(input.openInputSync(`file:${job.from}`), `open ${job.from}`)
  check(input.findStreamInfoSync(null), 'stream info')
  const output = new FormatContext()
  check(output.allocOutputContext2(null, job.format, job.path), `format ${job.format}`)
  const from = input.streams.find((s) => s.codecpar.codecType === AVMEDIA_TYPE_AUDIO)!
  const to = output.newStream()
  check(from.codecpar.copy(to.codecpar), 'codec parameters')
  to.codecpar.codecTag = 0
  to.timeBase = from.timeBase
  output.metadata = Dictionary.fromObject(job.tags)
  check(output.openOutputSync(), `open ${job.path}`)
  check(output.writeHeaderSync(null), 'header')
  const packet = new Packet()
  packet.alloc()
  while (input.readFrameSync(packet) >= 0) {
    if (packet.streamIndex === from.index) {
      packet.streamIndex = 0
      packet.rescaleTs(from.timeBase, to.timeBase)
      check(output.interleavedWriteFrameSync(packet), 'write')
    }
    packet.unref()
  }
  check(output.writeTrailerSync(), 'trailer')
  output.closeOutputSync()
  input.closeInputSync()
}

const jobs = JSON.parse(readFileSync(0, 'utf8')) as (
  | ({ kind: 'encode' } & EncodeJob & { samplesPath: string; channelCount: number })
  | ({ kind: 'remux' } & RemuxJob)
)[]
for (const job of jobs) {
  if (job.kind === 'encode') encode(job)
  else remux(job)
}
