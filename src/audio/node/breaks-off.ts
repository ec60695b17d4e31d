import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import type { AudioFile } from './protocol.js'

/**
 * Whether a file ends before its container says it does, for containers of which FFmpeg doesn't tell: it takes the
 * last whole page of an Ogg file for its end, and corrects the lengths of WAV and ASF (WMA) files to what is there.
 */
export function breaksOff(container: string, { path, bytes }: AudioFile): boolean {
  const check = CHECKS[container]
  if (!check) return false
  const file = openSync(path, 'r')
  try {
    const [from, to] = bytes ?? [0, fstatSync(file).size]
    const size = to - from
    return check(size, (at, length) => {
      const found = Buffer.alloc(Math.max(0, Math.min(length, size - at)))
      readSync(file, found, 0, found.length, from + at)
      return found
    })
  } finally {
    closeSync(file)
  }
}

type Read = (at: number, length: number) => Buffer

/** By FFmpeg's names of the containers. */
const CHECKS: Record<string, (size: number, read: Read) => boolean> = {
  ogg: oggBreaksOff,
  wav: wavBreaksOff,
  asf: asfBreaksOff,
}

/** Head of a page (27), its table (255) and its segments (255 * 255): RFC 3533. */
const LARGEST_OGG_PAGE = 27 + 255 + 255 * 255

function oggBreaksOff(size: number, read: Read): boolean {
  const tail = read(Math.max(0, size - LARGEST_OGG_PAGE - 4096), size)
  const page = tail.lastIndexOf('OggS')
  if (page < 0 || page + 27 > tail.length) return true
  const table = tail.subarray(page + 27, page + 27 + tail[page + 26])
  const end = page + 27 + tail[page + 26] + table.reduce((sum, length) => sum + length, 0)
  return end > tail.length
}

/** Chunks that are gone through for the one with the samples; more is no recording. */
const MOST_CHUNKS = 1000

function wavBreaksOff(size: number, read: Read): boolean {
  if (read(0, 4).toString('latin1') !== 'RIFF') return false
  let at = 12
  for (let i = 0; i < MOST_CHUNKS && at + 8 <= size; i++) {
    const head = read(at, 8)
    const length = head.readUInt32LE(4)
    if (head.toString('latin1', 0, 4) === 'data') return !isStreaming(length) && at + 8 + length > size + 64
    at += 8 + length + (length % 2)
  }
  return false
}

/** Programs that write into a pipe can't go back to fill in the size and leave the largest one there is: no promise. */
const isStreaming = (length: number): boolean =>
  [2 ** 31, 2 ** 32].some((largest) => Math.abs(length - largest) <= 65536)

const ASF_FILE_PROPERTIES = Buffer.from('a1dcab8c47a9cf118ee400c00c205365', 'hex')

/** Its size stands in the file properties object, of which a live broadcast says that it doesn't hold. */
function asfBreaksOff(size: number, read: Read): boolean {
  const head = read(0, 65536)
  const properties = head.indexOf(ASF_FILE_PROPERTIES)
  if (properties < 0 || properties + 92 > head.length) return false
  const isBroadcast = (head[properties + 88] & 1) === 1
  return !isBroadcast && head.readBigUInt64LE(properties + 40) > BigInt(size)
}
