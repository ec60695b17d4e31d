import { MAX_COUNT } from '../../listening/matrix.js'

export const TAB = 0x09
export const COMMA = 0x2c

/** Enough of a field to know it again. */
const SHOWN = 60

/** Where the fields of a line begin and end, found anew for each line. */
export class Fields {
  readonly from = new Uint32Array(8)
  readonly to = new Uint32Array(8)
  count = 0
  readonly #separator: number

  constructor(separator = TAB) {
    this.#separator = separator
  }

  /** Cuts a line; of more than eight fields the first eight are kept, all are counted. */
  cut(bytes: Uint8Array, from: number, to: number): this {
    const separator = this.#separator
    let count = 0
    let start = from
    for (let at = from; at <= to; at++) {
      if (at < to && bytes[at] !== separator) continue
      if (count < this.from.length) {
        this.from[count] = start
        this.to[count] = at
      }
      count++
      start = at + 1
    }
    this.count = count
    return this
  }

  /** Fields that were cut elsewhere, as bytes of their own. */
  take(record: readonly string[]): Buffer {
    let at = 0
    record.slice(0, this.from.length).forEach((value, field) => {
      this.from[field] = at
      this.to[field] = at += Buffer.byteLength(value)
    })
    this.count = record.length
    return Buffer.from(record.join(''))
  }

  isEmpty(field: number): boolean {
    return this.from[field] === this.to[field]
  }

  /** For messages: cut where it is long. */
  text(bytes: Buffer, field: number): string {
    const text = bytes.toString(
      'utf8',
      this.from[field],
      Math.min(this.to[field], this.from[field] + 4 * SHOWN),
    )
    return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text
  }

  /** A whole number from 1, or 0 where it is none, or too large. */
  wholeNumber(bytes: Uint8Array, field: number): number {
    let value = 0
    for (let at = this.from[field]; at < this.to[field]; at++) {
      const digit = bytes[at] - 0x30
      if (digit < 0 || digit > 9) return 0
      value = value * 10 + digit
      if (value > MAX_COUNT) return 0
    }
    return value
  }

  /** Of SHA-1 as the data sets write it: 40 hexadecimal digits. */
  isSha1(bytes: Uint8Array, field: number): boolean {
    if (this.to[field] - this.from[field] !== 40) return false
    for (let at = this.from[field]; at < this.to[field]; at++) {
      const code = bytes[at]
      if (!((code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x66))) return false
    }
    return true
  }
}
