import type { Batch, Store } from '../store.js'

/** In a long run commits come less often, so that they stay few: after this share of the time it has taken, */
const INTERVAL_SHARE = 1 / 50
/** but no later than this. */
const MAX_INTERVAL_SECONDS = 30
/** A batch is not held longer once it is so large. */
const MAX_TRACKS = 500

/** Collects what indexing finds and writes it from time to time, one commit after the other. */
export class BatchWriter {
  readonly #store: Store
  readonly #commitSeconds: number
  readonly #now: () => number
  readonly #began: number
  #batch = emptyBatch()
  #writtenAt: number
  #writing: Promise<void> = Promise.resolve()

  /** @param options.now a clock, in seconds */
  constructor(
    store: Store,
    { commitSeconds, now = () => performance.now() / 1000 }: { commitSeconds: number; now?: () => number },
  ) {
    this.#store = store
    this.#commitSeconds = commitSeconds
    this.#now = now
    this.#began = this.#writtenAt = now()
  }

  /** Takes something to write. Errors of the store come out here or in `flush`. */
  async add({
    contents = [],
    removed = [],
    tracks = [],
    resolved = [],
    failures = [],
  }: Batch): Promise<void> {
    const batch = this.#batch
    batch.contents.push(...contents)
    batch.removed.push(...removed)
    // What is newer about a track or a failure takes the place of what is older.
    for (const track of tracks) batch.tracks.set(track.trackId, track)
    batch.resolved.push(...resolved)
    for (const failure of failures) batch.failures.set(failure.path, failure)
    const now = this.#now()
    const share = Math.min(MAX_INTERVAL_SECONDS, (now - this.#began) * INTERVAL_SHARE)
    const interval = Math.max(this.#commitSeconds, share)
    if (now - this.#writtenAt >= interval || batch.tracks.size >= MAX_TRACKS) await this.flush()
  }

  /** Writes all that was taken. */
  async flush(): Promise<void> {
    const { contents, removed, tracks, resolved, failures } = this.#batch
    this.#batch = emptyBatch()
    this.#writtenAt = this.#now()
    const before = this.#writing
    this.#writing = (async () => {
      await before
      await this.#store.put({
        contents,
        removed,
        tracks: [...tracks.values()],
        resolved,
        failures: [...failures.values()],
      })
    })()
    await this.#writing
  }
}

function emptyBatch() {
  return {
    contents: [] as NonNullable<Batch['contents']>[number][],
    removed: [] as string[],
    tracks: new Map<string, NonNullable<Batch['tracks']>[number]>(),
    resolved: [] as string[],
    failures: new Map<string, NonNullable<Batch['failures']>[number]>(),
  }
}
