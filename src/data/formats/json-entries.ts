/** An entry of a JSON list, or a member of an object; its bytes may be those that were pushed. */
export interface JsonEntry {
  /** Of a member its name as it is written, in quotes; empty for an entry of a list. */
  readonly key: Uint8Array
  /** Its value as it is written, white space around it. */
  readonly value: Uint8Array
  /** Counted from 1. */
  readonly line: number
  /** It is longer than may be, and not all here. */
  readonly tooLong: boolean
}

const [NEWLINE, QUOTE, COMMA, COLON, BACKSLASH] = [10, 0x22, 0x2c, 0x3a, 0x5c]
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d]

/**
 * Cuts a JSON document that is one large list or object into its entries, from bytes that come piece by piece: never more than
 * an entry is kept. Entries are cut by their brackets and quotes; whether each is JSON is for the caller to see.
 */
export class JsonEntries {
  /** Whether the document has ended as it began. */
  ended = false
  /** Lines that were begun so far. */
  line = 1
  private readonly maxLength: number
  /** Brackets that are open; 1 is the document's own. */
  private depth = 0
  private inString = false
  private escaped = false
  private kept: Uint8Array[] = []
  private keptLength = 0
  private key: Uint8Array = EMPTY
  private entryLine = 0
  private isObject = false

  constructor({ maxLength }: { maxLength: number }) {
    this.maxLength = maxLength
  }

  /**
   * The entries that end in these bytes.
   * @throws SyntaxError for a document that is neither a list nor an object
   */
  push(bytes: Uint8Array): JsonEntry[] {
    const entries: JsonEntry[] = []
    let start = 0
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at]
      if (byte === NEWLINE) this.line++
      if (this.inString) {
        if (this.escaped) this.escaped = false
        else if (byte === BACKSLASH) this.escaped = true
        else if (byte === QUOTE) this.inString = false
        continue
      }
      if (byte <= 0x20) continue
      if (this.depth === 0) {
        if (this.ended || (byte !== OPEN_LIST && byte !== OPEN_OBJECT))
          throw new SyntaxError(this.ended ? 'more behind its end' : 'neither a list nor an object')
        this.isObject = byte === OPEN_OBJECT
        this.depth = 1
        start = at + 1
        continue
      }
      if (this.depth === 1 && (byte === COMMA || byte === CLOSE_LIST || byte === CLOSE_OBJECT)) {
        this.keep(bytes.subarray(start, at))
        start = at + 1
        if (byte === COMMA || this.entryLine > 0) entries.push(this.entry())
        if (byte !== COMMA) {
          this.depth = 0
          this.ended = true
        }
        continue
      }
      if (this.entryLine === 0) this.entryLine = this.line
      if (byte === QUOTE) this.inString = true
      else if (byte === OPEN_LIST || byte === OPEN_OBJECT) this.depth++
      else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) this.depth--
      else if (byte === COLON && this.depth === 1 && this.isObject && this.key === EMPTY) {
        this.keep(bytes.subarray(start, at))
        start = at + 1
        this.key = this.take().slice() // its value may come with the next bytes
      }
    }
    if (this.depth > 0) this.keep(bytes.slice(start))
    return entries
  }

  private keep(bytes: Uint8Array): void {
    if (this.keptLength <= this.maxLength) this.kept.push(bytes)
    this.keptLength += bytes.length
  }

  private take(): Uint8Array {
    if (this.kept.length === 1) {
      const [only] = this.kept
      this.kept = []
      this.keptLength = 0
      return only
    }
    const taken = new Uint8Array(this.kept.reduce((sum, part) => sum + part.length, 0))
    let at = 0
    for (const part of this.kept) {
      taken.set(part, at)
      at += part.length
    }
    this.kept = []
    this.keptLength = 0
    return taken
  }

  private entry(): JsonEntry {
    const tooLong = this.keptLength > this.maxLength
    const entry = { key: this.key, value: this.take(), line: this.entryLine || this.line, tooLong }
    this.key = EMPTY
    this.entryLine = 0
    return entry
  }
}

const EMPTY = new Uint8Array()
