import { createHash } from 'node:crypto'
import { lstat, readdir } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { AntiphonError } from '../../errors/index.js'
import type { JointEmbedding } from '../../model/index.js'
import type { IndexEvent, IndexOptions, IndexSummary } from '../catalog.js'
import { differences, droppable, type File } from '../reconcile.js'
import { byPath } from '../memory-store.js'
import type { Batch, Moment, Store } from '../store.js'
import type { Track, TrackTags } from '../track.js'
import { DECODERS, type AudioFiles } from './audio-files.js'
import { BatchWriter } from './batch-writer.js'
import { embedTrack } from './embed-track.js'
import { Gate } from './gate.js'
import { prefetch } from './prefetch.js'
import { isUnder, walk } from './walk.js'

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
  readonly onFolders?: (folders: readonly string[]) => Promise<void>
  readonly emit: (event: IndexEvent) => void
}

/** Files that are looked at before it is their turn to be embedded. */
const LOOK_AHEAD = 8
/** Batches at the model for each worker: one that it works on, and one that waits. */
export const BATCHES_PER_WORKER = 2
/** Within a long file, progress is told so often. */
const PROGRESS_INTERVAL_SECONDS = 0.5

/** A file that was looked at: its audio is known by its hash, or why it could not be read. */
type Look = Candidate | { readonly file: File; readonly reason: string }

interface Candidate {
  readonly file: File
  readonly content: string
  readonly duration: number
  readonly tags: TrackTags
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
  return new LibraryRun(options).run(named)
}

class LibraryRun {
  readonly #options: IndexLibraryOptions
  readonly #writer: BatchWriter
  readonly #gate: Gate
  readonly #counts = { embedded: 0, shared: 0, moved: 0, retagged: 0, unchanged: 0, removed: 0, failed: 0 }
  readonly #began = performance.now()
  #audioSeconds = 0
  #done = 0
  #total = 0
  #toldAt = 0
  #changedStore = false
  /** Contents that have vectors. */
  #contents = new Set<string>()
  /** Contents that a track has. */
  readonly #used = new Set<string>()
  readonly #ids = new Set<string>()
  /** Tracks by content whose path no longer holds it: they may have moved. */
  readonly #homeless = new Map<string, Track[]>()
  /** Tracks by content whose files were not looked at in this run. */
  readonly #elsewhere = new Map<string, Track[]>()
  /** Tracks by path whose file holds something else now. */
  readonly #replaced = new Map<string, Track>()
  #folders: readonly string[] = []

  constructor(options: IndexLibraryOptions) {
    this.#options = options
    this.#writer = new BatchWriter(options.store, options)
    this.#gate = new Gate(Math.max(1, options.workers) * BATCHES_PER_WORKER)
  }

  async run(named: readonly string[]): Promise<IndexSummary> {
    const { store, extensions, emit, retry, prune, signal, onFolders } = this.#options
    const found = await walk(named, extensions)
    const folders = found.folders.map((folder) => folder.path)
    this.#folders = [...this.#options.folders, ...folders]
    await onFolders?.(folders)
    const [tracks, failures, contents] = await Promise.all([
      store.tracks(),
      store.failures(),
      store.contents(),
    ])
    this.#contents = contents
    for (const { trackId, content } of tracks) {
      this.#ids.add(trackId)
      this.#used.add(content)
    }
    const { unchanged, changed, fresh, failedBefore } = differences(found.files, tracks, failures, { retry })
    this.#counts.unchanged = unchanged.length
    this.#total = changed.length + fresh.length
    const files = found.files.length + found.unreadable.length
    emit({ kind: 'scanned', files, toEmbed: this.#total, unchanged: unchanged.length })
    this.#tellOfFailedBefore(failedBefore.length)
    for (const { path, reason } of found.unreadable) await this.#fail({ path, size: 0, modified: 0 }, reason)

    const present = new Set(found.files.map((file) => file.path))
    const isGone = ({ path }: { path: string }): boolean =>
      !present.has(path) &&
      found.folders.some((folder) => isUnder(path, folder.path)) &&
      !found.unreadable.some((place) => isUnder(path, place.path))
    const vanished = tracks.filter(isGone)
    for (const track of vanished) push(this.#homeless, track)
    for (const track of tracks) if (!present.has(track.path) && !isGone(track)) push(this.#elsewhere, track)

    let complete = false
    try {
      const others = await this.#recheck(changed)
      complete = await this.#takeIn([...others, ...fresh].sort(byPath))
    } catch (error) {
      if (!signal?.aborted) {
        await this.#writer.flush().catch(() => undefined) // the first error is the one to tell
        throw error
      }
    }
    const interrupted = signal?.aborted ?? false
    // A file that was not looked at may yet be a vanished one under its new name.
    if (complete && !interrupted) {
      const gone = vanished.filter((track) => this.#isHomeless(track))
      const { dropped, notices } = droppable(found.folders, tracks, gone, { prune, isUnder })
      for (const message of notices) emit({ kind: 'notice', message })
      this.#counts.removed = dropped.length
      const failing = new Set(found.unreadable.map(({ path }) => path))
      await this.#write({
        removed: dropped.map((track) => track.trackId),
        resolved: failures
          .filter((failure) => isGone(failure) && !failing.has(failure.path))
          .map(({ path }) => path),
      })
    }
    await this.#writer.flush()
    if (this.#changedStore && !interrupted) await store.tidy()
    const { tracks: trackCount, moments } = await store.counts()
    return {
      ...this.#counts,
      interrupted,
      audioSeconds: this.#audioSeconds,
      elapsedSeconds: this.#elapsed(),
      tracks: trackCount,
      moments,
    }
  }

  /** Looks at known files whose size or time differ; returns those that hold other audio now. */
  async #recheck(changed: readonly { file: File; track: Track }[]): Promise<File[]> {
    const trackAt = new Map(changed.map(({ track }) => [track.path, track]))
    const others: File[] = []
    const failed: { file: File; reason: string }[] = []
    for await (const look of prefetch(this.#look(changed.map(({ file }) => file)), LOOK_AHEAD)) {
      const { file } = look
      const track = trackAt.get(file.path)!
      if ('content' in look && look.content === track.content) {
        const { trackId, content, duration } = track
        this.#counts[sameTags(track, look.tags) ? 'unchanged' : 'retagged']++
        await this.#write({
          tracks: [{ trackId, content, duration, ...file, ...look.tags }],
          resolved: [file.path],
        })
        this.#tellDone(file.path)
        continue
      }
      push(this.#homeless, track)
      this.#replaced.set(track.path, track)
      if ('reason' in look) failed.push(look)
      else others.push(file)
    }
    for (const { file, reason } of failed) {
      await this.#fail(file, reason)
      this.#tellDone(file.path)
    }
    return others
  }

  /** Takes in files that are new, or whose audio is. Returns whether all were looked at, within the limit. */
  async #takeIn(files: readonly File[]): Promise<boolean> {
    const { limit = Infinity, signal } = this.#options
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
          await this.#fail(candidate.file, error.reason)
          this.#tellDone(candidate.file.path)
        }
      }
      waiting.delete(first.content)
    }

    try {
      for await (const look of prefetch(this.#look(files, stop), LOOK_AHEAD)) {
        stop.throwIfAborted()
        if ('reason' in look) {
          await this.#fail(look.file, look.reason)
          this.#tellDone(look.file.path)
        } else if (this.#contents.has(look.content)) await this.#place(look)
        else if (waiting.has(look.content)) waiting.get(look.content)!.push(look)
        else {
          if (begun === limit) break
          begun++
          waiting.set(look.content, [])
          const work = embed(look)
            .catch((error: unknown) => failure.abort(error))
            .finally(() => underWay.delete(work))
          underWay.add(work)
          if (underWay.size >= DECODERS) await Promise.race(underWay)
        }
      }
      await Promise.all(underWay)
      stop.throwIfAborted()
      return this.#done === this.#total
    } catch (error) {
      failure.abort(error)
      await Promise.all(underWay)
      throw failure.signal.reason
    }
  }

  /** Content and tags of files, in their order. */
  async *#look(files: readonly File[], signal = this.#options.signal): AsyncGenerator<Look, void, void> {
    const { audioFiles } = this.#options
    for (const file of files) {
      try {
        const { content, duration } = await audioFiles.probe(file.path, { signal })
        yield { file, content, duration, tags: await audioFiles.tags(file.path, { signal }) }
      } catch (error) {
        if (!isFileError(error)) throw error
        yield { file, reason: error.reason }
      }
    }
  }

  async #embed(candidate: Candidate, signal: AbortSignal): Promise<void> {
    const { audioFiles, model } = this.#options
    const { content, file } = candidate
    const onAudio = (seconds: number): void => {
      this.#audioSeconds += seconds
      this.#tell(file.path)
    }
    const moments = await embedTrack(file.path, { audioFiles, model, gate: this.#gate, signal, onAudio })
    if (moments.length === 0)
      throw Object.assign(new AntiphonError('file', file.path), { reason: 'it holds no sound' })
    this.#contents.add(content)
    await this.#place(candidate, moments)
  }

  /** Gives a file whose audio has vectors its place: a track that has moved here, a copy, or a new track. */
  async #place({ file, content, tags, duration }: Candidate, moments?: readonly Moment[]): Promise<void> {
    const known = await this.#takeHomeless(content, file)
    this.#counts[known ? 'moved' : this.#used.has(content) ? 'shared' : 'embedded']++
    this.#used.add(content)
    const trackId = known?.trackId ?? this.#newId(content, file.path)
    const seconds = known?.duration || duration || (moments?.at(-1)?.end ?? 0)
    await this.#write({
      contents: moments ? [{ content, moments }] : [],
      removed: this.#leaving(file.path),
      tracks: [{ trackId, content, duration: seconds, ...file, ...tags }],
      resolved: [file.path],
    })
    this.#tellDone(file.path)
  }

  /** The track with this content that has lost its place, if there is one; the one with the same file name first. */
  async #takeHomeless(content: string, file: File): Promise<Track | undefined> {
    const homeless = [...(this.#homeless.get(content) ?? [])]
    for (const track of this.#elsewhere.get(content) ?? [])
      if (await this.#isLost(track.path)) homeless.push(track)
    const sameName = homeless.find((track) => basename(track.path) === basename(file.path))
    const track = sameName ?? homeless[0]
    if (!track) return undefined
    for (const tracks of [this.#homeless, this.#elsewhere]) remove(tracks, track)
    return track
  }

  /** Whether a file outside the named folders is gone, and not just its disk. */
  async #isLost(path: string): Promise<boolean> {
    const exists = await lstat(path).then(
      () => true,
      (error: NodeJS.ErrnoException) => error.code !== 'ENOENT' && error.code !== 'ENOTDIR',
    )
    if (exists) return false
    const folder = this.#folders.find((folder) => isUnder(path, folder)) ?? dirname(path)
    const entries = await readdir(folder).catch(() => [])
    return entries.length > 0
  }

  /** The track that a path held before and that has no other place, as its id: it leaves when the path gets a new one. */
  #leaving(path: string): string[] {
    const track = this.#replaced.get(path)
    return track && this.#isHomeless(track) ? [track.trackId] : []
  }

  #isHomeless(track: Track): boolean {
    return this.#homeless.get(track.content)?.includes(track) ?? false
  }

  #newId(content: string, path: string): string {
    for (let copy = 0; ; copy++) {
      // A file may come to a path whose first holder lives on elsewhere under the id that it got here.
      const name = [content, path, ...(copy === 0 ? [] : [copy])].join('\0')
      const id = createHash('sha256').update(name).digest('hex').slice(0, 16)
      if (this.#ids.has(id)) continue
      this.#ids.add(id)
      return id
    }
  }

  async #fail(file: File, reason: string): Promise<void> {
    this.#counts.failed++
    this.#options.emit({ kind: 'failed', path: file.path, reason })
    await this.#write({ failures: [{ ...file, reason }], removed: this.#leaving(file.path) })
  }

  async #write(batch: Batch): Promise<void> {
    this.#changedStore ||= Object.values(batch).some((rows: readonly unknown[]) => rows.length > 0)
    await this.#writer.add(batch)
  }

  #tellOfFailedBefore(files: number): void {
    this.#counts.failed += files
    if (files === 0) return
    const subject = files === 1 ? '1 file that failed before has' : `${files} files that failed before have`
    const [are, them] = files === 1 ? ['is', 'it'] : ['are', 'them']
    const message = `${subject} not changed and ${are} not tried again; \`antiphon info\` names ${them}, --retry tries ${them} again`
    this.#options.emit({ kind: 'notice', message })
  }

  #tellDone(path: string): void {
    this.#done++
    this.#toldAt = -Infinity
    this.#tell(path)
  }

  #tell(path: string): void {
    const elapsedSeconds = this.#elapsed()
    if (elapsedSeconds - this.#toldAt < PROGRESS_INTERVAL_SECONDS) return
    this.#toldAt = elapsedSeconds
    const [done, total, audioSeconds] = [this.#done, this.#total, this.#audioSeconds]
    this.#options.emit({ kind: 'progress', done, total, audioSeconds, elapsedSeconds, path })
  }

  #elapsed(): number {
    return (performance.now() - this.#began) / 1000
  }
}

/** An error that costs one file only, with its reason in words. */
export function isFileError(error: unknown): error is AntiphonError & { reason: string } {
  return error instanceof AntiphonError && error.code === 'file'
}

function push(tracks: Map<string, Track[]>, track: Track): void {
  const others = tracks.get(track.content)
  if (others) others.push(track)
  else tracks.set(track.content, [track])
}

function remove(tracks: Map<string, Track[]>, track: Track): void {
  const others = tracks.get(track.content)
  if (others?.includes(track)) others.splice(others.indexOf(track), 1)
}

function sameTags(a: TrackTags, b: TrackTags): boolean {
  return TAGS.every((tag) => a[tag] === b[tag])
}

const TAGS = ['title', 'artist', 'album', 'genre', 'year'] as const
