import { isUnder, walk } from '../../audio/node.js'
import { modelGate, type Gate, type JointEmbedding } from '../../model/index.js'
import type { IndexEvent, IndexOptions, IndexSummary } from '../catalog.js'
import { byPath } from '../memory-store.js'
import { differences, droppable, type File } from '../reconcile.js'
import type { Batch, Moment, Store } from '../store.js'
import type { Track, TrackTags } from '../track.js'
import { DECODERS, type AudioFiles } from './audio-files.js'
import { BatchWriter } from './batch-writer.js'
import { embedTrack } from './embed-track.js'
import { isFileError } from './file-error.js'
import { look, type Candidate, type Unreadable } from './look.js'
import { RunProgress } from './run-progress.js'
import { TrackPlaces } from './track-places.js'

export interface IndexLibraryOptions extends IndexOptions {
  readonly store: Store
  readonly model: JointEmbedding
  readonly audioFiles: AudioFiles
  /** Endings of audio files, lower case, with the dot. */
  readonly extensions: ReadonlySet<string>
  /** Folders that the catalog knows of from before, absolute. */
  readonly folders: readonly string[]
  readonly workers: number
  /** Seconds between commits at the start of a run. */
  readonly commitSeconds: number
  /** Called with the named folders, absolute, before anything is written. */
  readonly onFolders: (folders: readonly string[]) => Promise<void>
  readonly emit: (event: IndexEvent) => void
}

/**
 * Brings a store up to date with folders and files. The caller holds the lock.
 *
 * First come the known files whose size or time differ: after that it is known of each path whether it still holds its audio.
 * Then the new ones: audio that is known already is a moved file if its old path has lost it, else a copy; the rest is
 * embedded. At last, what has vanished is dropped.
 */
export async function indexLibrary(
  named: readonly string[],
  options: IndexLibraryOptions,
): Promise<IndexSummary> {
  const { store, extensions, retry, prune, signal, onFolders, emit } = options
  const found = await walk(named, extensions)
  const folders = found.folders.map((folder) => folder.path)
  await onFolders(folders)
  const [tracks, failures, contents] = await Promise.all([store.tracks(), store.failures(), store.contents()])
  const present = new Set(found.files.map((file) => file.path))
  const isGone = ({ path }: { path: string }): boolean =>
    !present.has(path) &&
    folders.some((folder) => isUnder(path, folder)) &&
    !found.unreadable.some((place) => isUnder(path, place.path))
  const vanished = tracks.filter(isGone)
  const elsewhere = tracks.filter((track) => !present.has(track.path) && !isGone(track))
  const places = new TrackPlaces({
    tracks,
    vanished,
    elsewhere,
    folders: [...options.folders, ...folders],
  })
  const run = new LibraryRun(options, places, contents)

  const { unchanged, changed, fresh, failedBefore } = differences(found.files, tracks, failures, { retry })
  const toEmbed = changed.length + fresh.length
  run.counts.unchanged = unchanged.length
  run.counts.failed = failedBefore.length
  run.progress.total = toEmbed
  const files = found.files.length + found.unreadable.length
  emit({ kind: 'scanned', files, toEmbed, unchanged: unchanged.length })
  if (failedBefore.length > 0) emit({ kind: 'notice', message: failedBeforeText(failedBefore.length) })
  for (const { path, reason } of found.unreadable)
    await run.fail({ file: { path, size: 0, modified: 0 }, reason })

  let complete = false
  try {
    const others = await run.recheck(changed)
    complete = await run.takeIn([...others, ...fresh].sort(byPath))
  } catch (error) {
    if (!signal?.aborted) {
      await run.writer.flush().catch(() => undefined) // the first error is the one to tell
      throw error
    }
  }
  const interrupted = signal?.aborted ?? false
  // A file that was not looked at may yet be a vanished one under its new name.
  if (complete && !interrupted) {
    const gone = vanished.filter((track) => places.isHomeless(track))
    const { dropped, notices } = droppable(found.folders, tracks, gone, { prune, isUnder })
    for (const message of notices) emit({ kind: 'notice', message })
    run.counts.removed = dropped.length
    const resolved = failures.filter(isGone).map(({ path }) => path)
    await run.write({ removed: dropped.map((track) => track.trackId), resolved })
  }
  await run.writer.flush()
  if (run.changedStore && !interrupted) await store.tidy()
  const { tracks: trackCount, moments } = await store.counts()
  const { audioSeconds, elapsedSeconds } = run.progress
  return { ...run.counts, interrupted, audioSeconds, elapsedSeconds, tracks: trackCount, moments }
}

/** What one run does with the files it has found. */
class LibraryRun {
  readonly counts = { embedded: 0, shared: 0, moved: 0, retagged: 0, unchanged: 0, removed: 0, failed: 0 }
  readonly progress: RunProgress
  readonly writer: BatchWriter
  changedStore = false
  readonly #options: IndexLibraryOptions
  readonly #places: TrackPlaces
  /** Contents that have vectors. */
  readonly #contents: Set<string>
  readonly #gate: Gate

  constructor(options: IndexLibraryOptions, places: TrackPlaces, contents: Set<string>) {
    this.#options = options
    this.#places = places
    this.#contents = contents
    this.#gate = modelGate(options.workers)
    this.progress = new RunProgress(options.emit)
    this.writer = new BatchWriter(options.store, options)
  }

  /** Looks at known files whose size or time differ; returns those that hold other audio now. */
  async recheck(changed: readonly { file: File; track: Track }[]): Promise<File[]> {
    const trackAt = new Map(changed.map(({ track }) => [track.path, track]))
    const others: File[] = []
    const failed: Unreadable[] = []
    const files = changed.map(({ file }) => file)
    for await (const seen of look(files, this.#options)) {
      const { file } = seen
      const track = trackAt.get(file.path)!
      if ('content' in seen && seen.content === track.content) {
        const { trackId, content, duration } = track
        this.counts[sameTags(track, seen.tags) ? 'unchanged' : 'retagged']++
        const now = { trackId, content, duration, ...file, ...seen.tags }
        await this.write({ tracks: [now], resolved: [file.path] })
        this.progress.fileDone(file.path)
        continue
      }
      this.#places.replaced(track)
      if ('reason' in seen) failed.push(seen)
      else others.push(file)
    }
    for (const unreadable of failed) await this.#failAndTell(unreadable)
    return others
  }

  /** Takes in files that are new, or whose audio is. Returns whether all were looked at, within the limit. */
  async takeIn(files: readonly File[]): Promise<boolean> {
    const { audioFiles, limit = Infinity, signal } = this.#options
    const failure = new AbortController()
    const stop = signal ? AbortSignal.any([signal, failure.signal]) : failure.signal
    const underWay = new Set<Promise<void>>()
    /** Copies of what is being embedded, by content. */
    const waiting = new Map<string, Candidate[]>()
    let begun = 0

    const embed = async (first: Candidate): Promise<void> => {
      // Copies of a file that cannot be decoded may be whole, where a header tells lies.
      for (
        let candidate: Candidate | undefined = first;
        candidate;
        candidate = waiting.get(first.content)!.shift()
      ) {
        try {
          if (this.#contents.has(first.content)) await this.#place(candidate)
          else await this.#embed(candidate, stop)
        } catch (error) {
          if (!isFileError(error)) throw error
          await this.#failAndTell({ file: candidate.file, reason: error.reason })
        }
      }
      waiting.delete(first.content)
    }

    try {
      for await (const seen of look(files, { audioFiles, signal: stop })) {
        stop.throwIfAborted()
        if ('reason' in seen) await this.#failAndTell(seen)
        else if (this.#contents.has(seen.content)) await this.#place(seen)
        else if (waiting.has(seen.content)) waiting.get(seen.content)!.push(seen)
        else {
          if (begun === limit) break
          begun++
          waiting.set(seen.content, [])
          const work = embed(seen)
            .catch((error: unknown) => failure.abort(error))
            .finally(() => underWay.delete(work))
          underWay.add(work)
          if (underWay.size >= DECODERS) await Promise.race(underWay)
        }
      }
      await Promise.all(underWay)
      stop.throwIfAborted()
      return this.progress.done === this.progress.total
    } catch (error) {
      failure.abort(error)
      await Promise.all(underWay)
      throw failure.signal.reason
    }
  }

  async fail({ file, reason }: Unreadable): Promise<void> {
    this.counts.failed++
    this.#options.emit({ kind: 'failed', path: file.path, reason })
    await this.write({ failures: [{ ...file, reason }], removed: this.#places.leaving(file.path) })
  }

  async write(batch: Batch): Promise<void> {
    this.changedStore ||= Object.values(batch).some((rows: readonly unknown[]) => rows.length > 0)
    await this.writer.add(batch)
  }

  async #failAndTell(unreadable: Unreadable): Promise<void> {
    await this.fail(unreadable)
    this.progress.fileDone(unreadable.file.path)
  }

  async #embed(candidate: Candidate, signal: AbortSignal): Promise<void> {
    const { audioFiles, model } = this.#options
    const { path } = candidate.file
    const onAudio = (seconds: number): void => this.progress.embedded(path, seconds)
    const moments = await embedTrack(path, { audioFiles, model, gate: this.#gate, signal, onAudio })
    this.#contents.add(candidate.content)
    await this.#place(candidate, moments)
  }

  /** Gives a file whose audio has vectors its track. */
  async #place({ file, content, tags, duration }: Candidate, moments?: readonly Moment[]): Promise<void> {
    const { kind, trackId, duration: known } = await this.#places.place(content, file)
    this.counts[kind]++
    const seconds = known || duration || (moments?.at(-1)?.end ?? 0)
    await this.write({
      contents: moments ? [{ content, moments }] : [],
      removed: this.#places.leaving(file.path),
      tracks: [{ trackId, content, duration: seconds, ...file, ...tags }],
      resolved: [file.path],
    })
    this.progress.fileDone(file.path)
  }
}

function failedBeforeText(files: number): string {
  const [subject, are, them] =
    files === 1
      ? ['1 file that failed before has', 'is', 'it']
      : [`${files} files that failed before have`, 'are', 'them']
  return `${subject} not changed and ${are} not tried again; \`antiphon info\` names ${them}, --retry tries ${them} again`
}

function sameTags(a: TrackTags, b: TrackTags): boolean {
  return TAGS.every((tag) => a[tag] === b[tag])
}

const TAGS = ['title', 'artist', 'album', 'genre', 'year'] as const
