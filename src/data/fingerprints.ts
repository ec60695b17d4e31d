/**
 * Counts how often texts come without keeping them: each is a hash of 52 bits, so that among a million texts two are taken for
 * one with a chance of 1 in 10,000. Sixteen bytes a text at most half of the time, where the texts would take a hundred.
 */
export class Fingerprints {
  private keys = new Float64Array(1024)
  private values = new Uint32Array(1024)
  /** Different texts. */
  size = 0

  /** Counts a text, and says how often it has come before. */
  add(text: string): number {
    return this.change(text, (before) => before + 1)
  }

  /** How often a text has come, or the bits that were set. */
  get(text: string): number {
    return this.values[this.slot(fingerprint(text))]
  }

  /** Sets bits in place of counting. Returns those that were set before. */
  mark(text: string, bits: number): number {
    return this.change(text, (before) => before | bits)
  }

  /** The count, or the bits, of each text, in no order. */
  *counts(): Generator<number, void, void> {
    for (let i = 0; i < this.keys.length; i++) if (this.keys[i] !== 0) yield this.values[i]
  }

  private change(text: string, to: (before: number) => number): number {
    const key = fingerprint(text)
    const at = this.slot(key)
    const before = this.values[at]
    this.values[at] = to(before)
    if (this.keys[at] === 0) {
      this.keys[at] = key
      if (++this.size > this.keys.length / 2) this.grow()
    }
    return before
  }

  /** Where a key is, or would be. */
  private slot(key: number): number {
    const mask = this.keys.length - 1
    let at = key & mask
    while (this.keys[at] !== 0 && this.keys[at] !== key) at = (at + 1) & mask
    return at
  }

  private grow(): void {
    const [keys, values] = [this.keys, this.values]
    this.keys = new Float64Array(keys.length * 2)
    this.values = new Uint32Array(keys.length * 2)
    for (let i = 0; i < keys.length; i++) {
      if (keys[i] === 0) continue
      const at = this.slot(keys[i])
      this.keys[at] = keys[i]
      this.values[at] = values[i]
    }
  }
}

/** 52 bits of two rounds of multiplying and mixing (cyrb53 by bryc, public domain), never 0. */
function fingerprint(text: string): number {
  let [a, b] = [0xdeadbeef, 0x41c6ce57]
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    a = Math.imul(a ^ code, 2654435761)
    b = Math.imul(b ^ code, 1597334677)
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909)
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909)
  return 2 ** 32 * (b & 0xfffff) + (a >>> 0) || 1
}
