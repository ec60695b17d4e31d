/** 1 MiB: where a name's bytes are is one 32-bit number, page and place in it, up to 4 GiB. */
const PAGE_BITS = 20
const PAGE = 1 << PAGE_BITS
const PAGES = 2 ** 32 / PAGE
const SMALLEST_PAGE = 4096

/** Lengths are kept in 16 bits. */
export const MAX_NAME_BYTES = 0xffff

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
const scratch = new Uint8Array(MAX_NAME_BYTES + 1)

/**
 * Distinct names, numbered from 0 in the order in which they come: as UTF-8 in pages, found by hash. A million names of 20
 * bytes take 60 MB where strings in a Map take 150, and a reader can hand over bytes of its file without a string in between.
 */
export class Names {
  readonly #pages: Uint8Array[] = []
  #used = PAGE
  #size = 0
  #at = new Uint32Array(64)
  #lengths = new Uint16Array(64)
  #hashes = new Uint32Array(64)
  /** Open addressing; 0 is free, otherwise the number of the name plus one. */
  #table = new Uint32Array(128)

  get size(): number {
    return this.#size
  }

  /** The name's number; a new one where it is new. @throws RangeError above 65,535 bytes */
  add(name: string): number {
    const length = encode(name)
    if (length < 0)
      throw new RangeError(`A name of ${name.length} characters is too long (at most 65535 bytes)`)
    return this.addBytes(scratch, 0, length)
  }

  /** The same for UTF-8 bytes `from` to `to`, which are copied. */
  addBytes(bytes: Uint8Array, from: number, to: number): number {
    if (to - from > MAX_NAME_BYTES) throw new RangeError(`A name of ${to - from} bytes (at most 65535)`)
    // Before the place is looked for: it is another one in a larger table.
    if (this.#size === this.#at.length) this.#grow()
    const hash = hashOf(bytes, from, to)
    const slot = this.#slot(hash, bytes, from, to)
    if (this.#table[slot] !== 0) return this.#table[slot] - 1
    const index = this.#size
    this.#table[slot] = index + 1
    this.#hashes[index] = hash
    this.#lengths[index] = to - from
    this.#at[index] = this.#store(bytes, from, to)
    this.#size++
    return index
  }

  /** The name's number, or -1. */
  find(name: string): number {
    const length = encode(name)
    return length < 0 ? -1 : this.findBytes(scratch, 0, length)
  }

  findBytes(bytes: Uint8Array, from: number, to: number): number {
    return this.#table[this.#slot(hashOf(bytes, from, to), bytes, from, to)] - 1
  }

  /** @throws RangeError */
  get(index: number): string {
    if (!(index >= 0 && index < this.#size))
      throw new RangeError(`No name ${index} (there are ${this.#size})`)
    const page = this.#pages[this.#at[index] >>> PAGE_BITS]
    const from = this.#at[index] & (PAGE - 1)
    return decoder.decode(page.subarray(from, from + this.#lengths[index]))
  }

  /** 32 bits that follow from the name alone. */
  hash(index: number): number {
    return this.#hashes[index]
  }

  *[Symbol.iterator](): Generator<string> {
    for (let index = 0; index < this.#size; index++) yield this.get(index)
  }

  /** Where the name stands in the table, or would. */
  #slot(hash: number, bytes: Uint8Array, from: number, to: number): number {
    const mask = this.#table.length - 1
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const entry = this.#table[slot]
      if (entry === 0) return slot
      if (this.#hashes[entry - 1] === hash && this.#equals(entry - 1, bytes, from, to)) return slot
    }
  }

  #equals(index: number, bytes: Uint8Array, from: number, to: number): boolean {
    if (this.#lengths[index] !== to - from) return false
    const page = this.#pages[this.#at[index] >>> PAGE_BITS]
    let at = this.#at[index] & (PAGE - 1)
    for (let i = from; i < to; i++) if (page[at++] !== bytes[i]) return false
    return true
  }

  #store(bytes: Uint8Array, from: number, to: number): number {
    let page = this.#pages[this.#pages.length - 1]
    if (page === undefined || this.#used + to - from > page.length) {
      // The first pages are small: many graphs are.
      if (this.#pages.length === PAGES) throw new RangeError('More than 4 GiB of names')
      const size = this.#size < 100 ? Math.max(SMALLEST_PAGE, to - from) : PAGE
      page = new Uint8Array(size)
      this.#pages.push(page)
      this.#used = 0
    }
    for (let i = from, at = this.#used; i < to; i++) page[at++] = bytes[i]
    const place = (this.#pages.length - 1) * PAGE + this.#used
    this.#used += to - from
    return place
  }

  #grow(): void {
    const capacity = this.#at.length * 2
    this.#at = enlarged(this.#at, new Uint32Array(capacity))
    this.#lengths = enlarged(this.#lengths, new Uint16Array(capacity))
    this.#hashes = enlarged(this.#hashes, new Uint32Array(capacity))
    // Half full at most.
    const table = new Uint32Array(capacity * 2)
    const mask = table.length - 1
    for (let index = 0; index < this.#size; index++) {
      let slot = this.#hashes[index] & mask
      while (table[slot] !== 0) slot = (slot + 1) & mask
      table[slot] = index + 1
    }
    this.#table = table
  }
}

function enlarged<T extends Uint32Array | Uint16Array>(from: T, to: T): T {
  to.set(from)
  return to
}

/** Into `scratch`; how many bytes it took, or -1 where there are too many. */
function encode(name: string): number {
  const length = name.length
  if (length <= MAX_NAME_BYTES) {
    let i = 0
    for (; i < length; i++) {
      const code = name.charCodeAt(i)
      if (code > 0x7f) break
      scratch[i] = code
    }
    if (i === length) return length
    const { read, written } = encoder.encodeInto(name, scratch)
    if (read === length) return written
  }
  return -1
}

/** FNV-1a (Fowler, Noll, Vo), its bits mixed once more as murmur3 does, as the table looks at the lowest alone. */
function hashOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = 0x811c9dc5
  for (let i = from; i < to; i++) hash = Math.imul(hash ^ bytes[i], 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
