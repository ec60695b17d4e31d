/** Seeded random numbers, the same on every machine: xorshift128 (Marsaglia 2003). */
export class Random {
  #x: number
  #y: number
  #z: number
  #w: number
  #spare = Number.NaN

  constructor(seed: number) {
    this.#x = seed | 0 || 1
    this.#y = 0x1234567
    this.#z = 0x89abcdef | 0
    this.#w = 0x2468ace
    for (let i = 0; i < 20; i++) this.uniform() // nearby seeds start alike
  }

  /** In [0, 1). */
  uniform(): number {
    const t = this.#x ^ (this.#x << 11)
    this.#x = this.#y
    this.#y = this.#z
    this.#z = this.#w
    this.#w = this.#w ^ (this.#w >>> 19) ^ t ^ (t >>> 8)
    return (this.#w >>> 0) / 2 ** 32
  }

  /** Standard normal, by the polar method of Marsaglia. */
  normal(): number {
    if (!Number.isNaN(this.#spare)) {
      const value = this.#spare
      this.#spare = Number.NaN
      return value
    }
    for (;;) {
      const u = 2 * this.uniform() - 1
      const v = 2 * this.uniform() - 1
      const s = u * u + v * v
      if (s === 0 || s >= 1) continue
      const scale = Math.sqrt((-2 * Math.log(s)) / s)
      this.#spare = v * scale
      return u * scale
    }
  }

  normals(count: number): Float32Array {
    return Float32Array.from({ length: count }, () => this.normal())
  }

  integer(below: number): number {
    return Math.floor(this.uniform() * below)
  }
}
