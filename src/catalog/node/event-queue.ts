/** Events of work that goes on by itself, for one reader that takes them one by one. */
export class EventQueue<T> implements AsyncIterable<T> {
  readonly #events: T[] = []
  #ended = false
  #wake: () => void = () => undefined

  push(event: T): void {
    this.#events.push(event)
    this.#wake()
  }

  end(): void {
    this.#ended = true
    this.#wake()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, void> {
    for (;;) {
      while (this.#events.length > 0) yield this.#events.shift()!
      if (this.#ended) return
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
  }
}
