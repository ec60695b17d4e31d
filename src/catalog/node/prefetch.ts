/** The same items in the same order, with up to `ahead` of them made before they are asked for. */
export async function* prefetch<T>(source: AsyncIterable<T>, ahead: number): AsyncGenerator<T, void, void> {
  const iterator = source[Symbol.asyncIterator]()
  const pending: Promise<IteratorResult<T>>[] = []
  const ask = (): void => {
    const next = iterator.next()
    next.catch(() => undefined) // it is awaited below, in its turn
    pending.push(next)
  }
  try {
    for (let i = 0; i < ahead; i++) ask()
    for (;;) {
      ask()
      const next = await pending.shift()!
      if (next.done) return
      yield next.value
    }
  } finally {
    await Promise.allSettled(pending)
    await iterator.return?.()
  }
}
