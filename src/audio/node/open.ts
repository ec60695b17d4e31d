import { accessSync, constants, lstatSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import {
  AVDISCARD_ALL,
  AVMEDIA_TYPE_AUDIO,
  AVMEDIA_TYPE_VIDEO,
  AV_NOPTS_VALUE,
  AV_TIME_BASE,
} from 'node-av/constants'
import { Codec, Dictionary, FFmpegError, FormatContext, avGetCodecName, type Stream } from 'node-av/lib'
import type { AudioFile } from './protocol.js'
import { whyNotAudio } from './signature.js'

/** Why a file can't be read, in words for people. `detail` is for --debug. */
export class Unreadable extends Error {
  readonly detail: string | undefined
  constructor(reason: string, detail?: string) {
    super(reason)
    this.detail = detail
  }
}

/** swresample mixes no more (SWR_CH_MAX). */
const MAX_CHANNELS = 64
/** Below, a small file becomes days of samples; above, nothing is recorded. */
const MIN_SAMPLE_RATE = 1000
const MAX_SAMPLE_RATE = 768_000

/** Containers that hold audio. No playlists, scripts or devices among them: those make FFmpeg open other files. */
const CONTAINERS =
  'aac,ac3,adp,aiff,amr,ape,asf,au,caf,dsf,dts,eac3,flac,iff,loas,matroska,webm,mov,mp4,m4a,3gp,3g2,mj2,mp3,mpc,mpc8,ogg,oma,opus,rm,shn,tak,tta,voc,w64,wav,wv,xwma'

export interface AudioInput {
  readonly format: FormatContext
  readonly stream: Stream
  readonly decoder: Codec
  /** FFmpeg's name. */
  readonly codec: string
  readonly channels: number
  readonly sampleRate: number
  /** Seconds that the container's header promises; undefined where it says nothing and a length would be a guess. */
  readonly promised: number | undefined
}

/**
 * Opens the audio of a file, or of some bytes of it, as a plain local file whatever its name looks like.
 * Throws `Unreadable`; the caller closes `format`.
 */
export function openAudio(audio: AudioFile): AudioInput {
  checkFile(audio)
  const { path, bytes } = audio
  const format = new FormatContext()
  const file = `file:${resolve(path)}`
  const [url, protocols] = bytes
    ? [`subfile,,start,${bytes[0]},end,${bytes[1]},,:${file}`, 'subfile,file'] // FFmpeg's protocol for a part of a file
    : [file, 'file']
  const options = Dictionary.fromObject({ protocol_whitelist: protocols, format_whitelist: CONTAINERS })
  const opened = format.openInputSync(url, null, options)
  if (opened < 0) throw new Unreadable(openFailure(opened, audio), ffmpegMessage(opened))
  try {
    return findAudio(format, audio)
  } catch (error) {
    format.closeInputSync()
    throw error
  }
}

function findAudio(format: FormatContext, audio: AudioFile): AudioInput {
  // What is known now is promised by the header; what is known later may be guessed from the bit rate.
  const streamLengths = new Map(format.streams.map((stream) => [stream.index, stream.duration]))
  const fileLength = format.duration
  const found = format.findStreamInfoSync(null)
  if (found < 0 || format.nbStreams === 0) throw new Unreadable(whyNotAudio(audio), ffmpegMessage(found))
  const { streams } = format
  const index = format.findBestStream(AVMEDIA_TYPE_AUDIO, -1, -1)
  const stream = streams[index] ?? streams.find(({ codecpar }) => codecpar.codecType === AVMEDIA_TYPE_AUDIO)
  if (!stream) throw new Unreadable(withoutAudio(streams))
  const { codecId, channels, sampleRate } = stream.codecpar
  if (channels === 0 && sampleRate === 0) throw new Unreadable(whyNotAudio(audio)) // FFmpeg guessed by the name
  const codec = avGetCodecName(codecId) ?? 'unknown'
  const decoder = Codec.findDecoder(codecId)
  if (!decoder) throw new Unreadable(codec === 'none' ? 'unsupported codec' : `unsupported codec: ${codec}`)
  checkBounds(channels, sampleRate)
  for (const other of streams) if (other.index !== stream.index) other.discard = AVDISCARD_ALL

  const { num, den } = stream.timeBase
  const length = streamLengths.get(stream.index)
  const promised =
    known(length) !== undefined
      ? (Number(length) * num) / den
      : // The file is as long as its longest stream, which may be a film's pictures.
        streams.length === 1 && known(fileLength) !== undefined
        ? Number(fileLength) / AV_TIME_BASE
        : undefined
  return { format, stream, decoder, codec, channels, sampleRate, promised }
}

const known = (time: bigint | undefined): bigint | undefined =>
  time !== undefined && time !== AV_NOPTS_VALUE && time > 0n ? time : undefined

/** Throws where swresample or common sense ends. A stream can change both midway. */
export function checkBounds(channels: number, sampleRate: number): void {
  if (channels < 1 || channels > MAX_CHANNELS) {
    throw new Unreadable(`${channels} channels (1 to ${MAX_CHANNELS} are read)`)
  }
  if (sampleRate < MIN_SAMPLE_RATE || sampleRate > MAX_SAMPLE_RATE) {
    throw new Unreadable(
      `a sample rate of ${sampleRate} Hz (${MIN_SAMPLE_RATE} to ${MAX_SAMPLE_RATE} are read)`,
    )
  }
}

/** Throws `Unreadable` for what is no readable, filled, regular file, or doesn't have these bytes. */
export function checkFile(audio: AudioFile): void {
  const what = fileKind(audio)
  if (what) throw new Unreadable(what)
}

/** Looks before FFmpeg does: opening a pipe would wait for a writer, and a device might do anything. */
function fileKind({ path, bytes }: AudioFile): string | undefined {
  try {
    const stats = statSync(path)
    if (stats.isDirectory()) return 'a folder, not a file'
    if (stats.isFIFO()) return 'a named pipe, not a file'
    if (stats.isSocket()) return 'a socket, not a file'
    if (!stats.isFile()) return 'a device, not a file'
    if (stats.size === 0 || (bytes && bytes[0] >= bytes[1])) return 'empty file'
    if (bytes && bytes[1] > stats.size) return 'truncated: the archive that it is in ends before it does'
    accessSync(path, constants.R_OK)
    return undefined
  } catch (error) {
    return systemReason(error as NodeJS.ErrnoException, path)
  }
}

/** An error of the file system in words. */
function systemReason(error: NodeJS.ErrnoException, path: string): string {
  switch (error.code) {
    case 'ENOENT':
      if (isLink(path)) return 'a symbolic link to a file that is not there'
      if (path.includes('\uFFFD')) return 'no such file (its name is not valid UTF-8: rename it)'
      return 'no such file'
    case 'EACCES':
    case 'EPERM':
      return 'permission denied'
    case 'ELOOP':
      return 'symbolic links that go in a circle'
    case 'ENAMETOOLONG':
      return 'the name is too long for the file system'
    case 'ENOTDIR':
      return 'no such file (a folder in its path is a file)'
    case 'EIO':
      return 'the disk could not be read (input/output error)'
    default:
      return error.message
  }
}

function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink()
  } catch {
    return false
  }
}

function openFailure(code: number, audio: AudioFile): string {
  const message = ffmpegMessage(code)
  if (/permission denied/i.test(message)) return 'permission denied'
  if (/cannot allocate/i.test(message)) return 'damaged: its header asks for more memory than there is'
  return whyNotAudio(audio)
}

function withoutAudio(streams: readonly Stream[]): string {
  const video = streams.find((stream) => stream.codecpar.codecType === AVMEDIA_TYPE_VIDEO)
  const name = video && avGetCodecName(video.codecpar.codecId)
  return name ? `no audio in it (video or image only: ${name})` : 'no audio in it'
}

export const ffmpegMessage = (code: number): string => new FFmpegError(code).message
