/** Numbers in a typed array that grows. */
export class Column<T extends Uint32Array | Float32Array | Uint16Array> {
  #values: T
  #length = 0
  readonly #make: (length: number) => T

  constructor(make: (length: number) => T) {
    this.#make = make
    this.#values = make(64)
  }

  get length(): number {
    return this.#length
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = this.#make(this.#length * 2)
      larger.set(this.#values)
      this.#values = larger
    }
    this.#values[this.#length++] = value
  }

  at(index: number): number {
    return this.#values[index]
  }

  /** @param index below the length */
  set(index: number, value: number): void {
    this.#values[index] = value
  }

  /** What is there so far, not copied. */
  view(): T {
    return this.#values.subarray(0, this.#length) as T
  }
}

export const uint32Column = (): Column<Uint32Array> => new Column((length) => new Uint32Array(length))
export const uint16Column = (): Column<Uint16Array> => new Column((length) => new Uint16Array(length))
export const float32Column = (): Column<Float32Array> => new Column((length) => new Float32Array(length))
