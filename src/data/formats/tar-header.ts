/** What a header of a tar archive says: POSIX.1-1988 (ustar), with GNU's sizes. */
export interface TarHeader {
  /** Bytes as the archive has them, decoded as UTF-8. */
  readonly name: string
  /** Bytes of content behind the header. */
  readonly size: number
  /** `file`; what names the entry behind it: `long-name` (GNU), `pax`; or anything else, whose content is passed by. */
  readonly type: 'file' | 'long-name' | 'pax' | 'global-pax' | 'other'
}

/** Headers and contents fill blocks. */
export const TAR_BLOCK = 512

const TYPES: Readonly<Record<string, TarHeader['type']>> = {
  '0': 'file',
  '\0': 'file',
  '7': 'file',
  L: 'long-name',
  x: 'pax',
  g: 'global-pax',
}

/**
 * Reads a header block.
 * @returns undefined for a block of zeros, which ends an archive
 * @throws RangeError where it is no header
 */
export function parseTarHeader(block: Uint8Array): TarHeader | undefined {
  if (block.every((byte) => byte === 0)) return undefined
  const stated = octal(block, 148, 8)
  let sum = 0
  for (let i = 0; i < TAR_BLOCK; i++) sum += i >= 148 && i < 156 ? 0x20 : block[i]
  if (stated !== sum) throw new RangeError('it is no tar header: its checksum is another')
  const size = sizeOf(block)
  const prefix =
    latin(block, 257, 5) === 'ustar' && latin(block, 262, 1) === '\0' ? text(block, 345, 155) : ''
  const name = text(block, 0, 100)
  const type = TYPES[String.fromCharCode(block[156])] ?? 'other'
  return { name: prefix === '' ? name : `${prefix}/${name}`, size, type }
}

/** The records of a PAX header (POSIX.1-2001): `25 path=a long name\n`, the length first, in bytes. */
export function parsePax(content: Uint8Array): Map<string, string> {
  const records = new Map<string, string>()
  for (let at = 0; at < content.length && content[at] !== 0;) {
    const space = content.indexOf(0x20, at)
    const length = Number(latin(content, at, space - at))
    if (space < 0 || !(length > 0) || at + length > content.length)
      throw new RangeError('its PAX records are damaged')
    const record = new TextDecoder().decode(content.subarray(space + 1, at + length - 1))
    const equals = record.indexOf('=')
    records.set(record.slice(0, equals), record.slice(equals + 1))
    at += length
  }
  return records
}

/** Bytes that a content of this size takes with its padding. */
export const paddedSize = (size: number): number => Math.ceil(size / TAR_BLOCK) * TAR_BLOCK

/** Octal digits, or where the first bit is set a binary number, as GNU writes sizes from 8 GiB on. */
function sizeOf(block: Uint8Array): number {
  if ((block[124] & 0x80) === 0) return octal(block, 124, 12)
  let size = block[124] & 0x7f
  for (let i = 125; i < 136; i++) size = size * 256 + block[i]
  if (!Number.isSafeInteger(size)) throw new RangeError('it is no tar header: its size is absurd')
  return size
}

function octal(block: Uint8Array, from: number, length: number): number {
  const digits = latin(block, from, length)
    .replace(/[\0 ]+$/, '')
    .trim()
  if (!/^[0-7]*$/.test(digits)) throw new RangeError('it is no tar header: a number of it is not octal')
  return digits === '' ? 0 : parseInt(digits, 8)
}

function text(block: Uint8Array, from: number, length: number): string {
  const bytes = block.subarray(from, from + length)
  const end = bytes.indexOf(0)
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end))
}

const latin = (block: Uint8Array, from: number, length: number): string =>
  String.fromCharCode(...block.subarray(from, from + Math.max(0, length)))
