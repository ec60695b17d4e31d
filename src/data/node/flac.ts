import { createRequire } from 'node:module'
import type * as Libflac from 'libflacjs/dist/index.js'
import { AntiphonError } from '../../errors/index.js'
import type { Stereo } from '../stereo.js'

const BLOCK = 4096 // samples handed over at once
const LEVEL = 5 // libflac's default
const STREAM_MARKER = 4 // bytes: "fLaC"
const STREAMINFO = 38 // bytes, with its header
const LAST_BLOCK = 0x80
const VORBIS_COMMENT = 4
const VENDOR = 'antiphon'

let libflac: Promise<typeof Libflac> | undefined

/** libFLAC as JavaScript (asm.js): the build that loads without a network address, and computes alike everywhere. */
function encoderLibrary(): Promise<typeof Libflac> {
  libflac ??= new Promise((resolve) => {
    const flac = (createRequire(import.meta.url)('libflacjs') as (variant: string) => typeof Libflac)(
      'release',
    )
    if (flac.isReady()) resolve(flac)
    else flac.on('ready', () => resolve(flac))
  })
  return libflac
}

/**
 * Encodes a stereo recording (samples within ±1) as 16-bit FLAC with Vorbis comments.
 *
 * @param comments field name to text, or texts where a field comes more than once
 */
export async function encodeFlac(
  { left, right, sampleRate }: Stereo,
  comments: Comments,
): Promise<Uint8Array> {
  const flac = await encoderLibrary()
  const [l, r] = [toInt16(left), toInt16(right)]
  const encoder = flac.create_libflac_encoder(sampleRate, 2, 16, LEVEL, left.length, false, 0)
  const pieces: Uint8Array[] = []
  let info: { md5sum: string; min_framesize: number; max_framesize: number } | undefined
  const started = flac.init_encoder_stream(
    encoder,
    (data) => void pieces.push(data.slice()),
    (metadata) => {
      info = metadata
    },
  )
  if (encoder === 0 || Number(started) !== 0)
    throw new AntiphonError('failed', 'The FLAC encoder did not start')
  for (let at = 0; at < left.length; at += BLOCK) {
    const end = Math.min(left.length, at + BLOCK)
    if (!flac.FLAC__stream_encoder_process(encoder, [l.subarray(at, end), r.subarray(at, end)], end - at)) {
      throw new AntiphonError('failed', `The FLAC encoder stopped at sample ${at} of ${left.length}`)
    }
  }
  flac.FLAC__stream_encoder_finish(encoder)
  flac.FLAC__stream_encoder_delete(encoder)
  const stream = Buffer.concat(pieces)
  if (!info) throw new AntiphonError('failed', 'The FLAC encoder gave no stream information')
  return withComments(stream, info, comments)
}

export type Comments = Readonly<Record<string, string | readonly string[]>>

/** 32-bit integers of 16-bit samples, as libflac takes them. */
function toInt16(samples: Float32Array): Int32Array<ArrayBuffer> {
  return Int32Array.from(samples, (x) => Math.max(-32768, Math.min(32767, Math.round(x * 32767))))
}

/** Replaces everything between STREAMINFO and the first frame by our comments, and completes STREAMINFO. */
function withComments(
  stream: Buffer,
  info: { md5sum: string; min_framesize: number; max_framesize: number },
  comments: Comments,
): Uint8Array {
  const streamInfo = Buffer.from(stream.subarray(STREAM_MARKER, STREAM_MARKER + STREAMINFO))
  // The encoder could not seek back to its header: frame sizes and checksum are known only now.
  streamInfo.writeUIntBE(info.min_framesize, 4 + 4, 3)
  streamInfo.writeUIntBE(info.max_framesize, 4 + 7, 3)
  Buffer.from(info.md5sum, 'hex').copy(streamInfo, 4 + 18)
  streamInfo[0] = streamInfo[0] & ~LAST_BLOCK
  let audio = STREAM_MARKER
  for (let last = false; !last;) {
    last = (stream[audio] & LAST_BLOCK) !== 0
    audio += 4 + stream.readUIntBE(audio + 1, 3)
  }
  const block = vorbisComment(comments)
  const header = Buffer.alloc(4)
  header[0] = LAST_BLOCK | VORBIS_COMMENT
  header.writeUIntBE(block.length, 1, 3)
  return Buffer.concat([stream.subarray(0, STREAM_MARKER), streamInfo, header, block, stream.subarray(audio)])
}

/** A VORBIS_COMMENT block: lengths little-endian, texts UTF-8 (https://xiph.org/vorbis/doc/v-comment.html). */
function vorbisComment(comments: Comments): Buffer {
  const fields = Object.entries(comments).flatMap(([name, value]) =>
    (typeof value === 'string' ? [value] : value).map((text) => `${name.toUpperCase()}=${text}`),
  )
  const count = Buffer.alloc(4)
  count.writeUInt32LE(fields.length)
  return Buffer.concat([counted(VENDOR), count, ...fields.map(counted)])
}

function counted(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8')
  const length = Buffer.alloc(4)
  length.writeUInt32LE(bytes.length)
  return Buffer.concat([length, bytes])
}
