/** Joins callbacks to a stream: what is pushed while work is under way is yielded until it is done. */
export class EventQueue<Event> {
  private waiting: Event[] = []
  private wake: () => void = () => undefined

  push(event: Event): void {
    this.waiting.push(event)
    this.wake()
  }

  /** Yields events until the work is done; its result, or its error, is that of the generator. */
  async *until<Result>(work: Promise<Result>): AsyncGenerator<Event, Result, void> {
    let done = false
    const end = work.then(
      () => (done = true),
      () => (done = true),
    )
    while (!done) {
      await Promise.race([end, new Promise<void>((resolve) => (this.wake = resolve))])
      const events = this.waiting
      this.waiting = []
      yield* events
    }
    return work
  }
}
