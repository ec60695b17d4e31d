/**
 * Seeded random numbers: sfc32 (Chris Doty-Humphrey, PractRand), seeded from text by xmur3 (bryc).
 * Integer arithmetic only, so that a seed means the same piece on every machine.
 */
export class Random {
  #a: number
  #b: number
  #c: number
  #d = 1
  readonly #seed: string

  constructor(seed: string | number) {
    this.#seed = String(seed)
    const hash = xmur3(this.#seed)
    this.#a = hash()
    this.#b = hash()
    this.#c = hash()
    for (let i = 0; i < 12; i++) this.next()
  }

  /** A stream of its own, which drawing from this one does not disturb. */
  fork(label: string): Random {
    return new Random(`${this.#seed}/${label}`)
  }

  /** Uniform in [0, 1), a multiple of 2^-32. */
  next(): number {
    const t = (((this.#a + this.#b) | 0) + this.#d) | 0
    this.#d = (this.#d + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (this.#c << 21) | (this.#c >>> 11)
    this.#c = (this.#c + t) | 0
    return (t >>> 0) / 2 ** 32
  }

  /** Uniform in [low, high). */
  between(low: number, high: number): number {
    return low + (high - low) * this.next()
  }

  /** Integer in [low, high], both included. */
  int(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1))
  }

  chance(probability: number): boolean {
    return this.next() < probability
  }

  pick<T>(items: readonly T[]): T {
    const item = items[Math.floor(this.next() * items.length)]
    if (items.length === 0) throw new RangeError('Cannot pick from an empty list')
    return item
  }

  /** About normal, mean 0, deviation 1, within ±3.5: a sum of uniforms, as Math.log may differ between engines. */
  gauss(): number {
    return (this.next() + this.next() + this.next() + this.next() - 2) * Math.sqrt(3)
  }

  shuffle<T>(items: readonly T[]): T[] {
    const result = [...items]
    for (let i = result.length - 1; i > 0; i--) {
      const j = this.int(0, i)
      ;[result[i], result[j]] = [result[j], result[i]]
    }
    return result
  }
}

/** Hash of a text as a stream of 32-bit numbers. */
function xmur3(text: string): () => number {
  let h = 1779033703 ^ text.length
  for (let i = 0; i < text.length; i++) {
    h = Math.imul(h ^ text.charCodeAt(i), 3432918353)
    h = (h << 13) | (h >>> 19)
  }
  return () => {
    h = Math.imul(h ^ (h >>> 16), 2246822507)
    h = Math.imul(h ^ (h >>> 13), 3266489909)
    h ^= h >>> 16
    return h >>> 0
  }
}
