import { stat } from 'node:fs/promises'
import { reasonOf } from '../../audio/node.js'
import { modelGate, type JointEmbedding } from '../../model/index.js'
import type { IndexEvent, IndexOptions, IndexSummary } from '../catalog.js'
import type { Store } from '../store.js'
import type { Track } from '../track.js'
import { DECODERS, type AudioFiles } from './audio-files.js'
import { BatchWriter } from './batch-writer.js'
import { embedTrack } from './embed-track.js'
import { fileError, isFileError } from './file-error.js'
import { RunProgress } from './run-progress.js'

export interface ReindexLibraryOptions extends IndexOptions {
  /** The store of the new space, beside the old one; both share their tracks. */
  readonly store: Store
  readonly model: JointEmbedding
  readonly audioFiles: AudioFiles
  readonly workers: number
  /** Seconds between commits at the start of a run. */
  readonly commitSeconds: number
  readonly emit: (event: IndexEvent) => void
}

export interface ReindexResult {
  readonly summary: IndexSummary
  /** Tracks whose audio has no vector in the new space. */
  readonly missing: readonly Track[]
}

/** Embeds the audio of all tracks that the store has no vectors for yet; goes on where an earlier run has ended. */
export async function reindexLibrary(options: ReindexLibraryOptions): Promise<ReindexResult> {
  const { store, model, audioFiles, workers, emit, signal, limit = Infinity } = options
  const writer = new BatchWriter(store, options)
  const gate = modelGate(workers)
  const tracks = await store.tracks()
  const present = await store.contents()
  const copies = new Map<string, Track[]>()
  for (const track of tracks) copies.set(track.content, [...(copies.get(track.content) ?? []), track])
  const contents = [...copies.keys()]
  const missing = contents.filter((content) => !present.has(content))
  const todo = missing.slice(0, limit)
  const embedded = new Set<string>()
  let failed = 0
  const progress = new RunProgress(emit)
  progress.total = todo.length
  emit({
    kind: 'scanned',
    files: tracks.length,
    toEmbed: todo.length,
    unchanged: contents.length - missing.length,
  })

  const embed = async (content: string, stop: AbortSignal): Promise<void> => {
    const files = copies.get(content)!
    try {
      const { path } = await intact(files)
      const onAudio = (seconds: number): void => progress.embedded(path, seconds)
      const moments = await embedTrack(path, { audioFiles, model, gate, signal: stop, onAudio })
      await writer.add({ contents: [{ content, moments }] })
      embedded.add(content)
    } catch (error) {
      if (!isFileError(error)) throw error
      failed++
      emit({ kind: 'failed', path: files[0].path, reason: error.reason })
    }
    progress.fileDone(files[0].path)
  }

  const failure = new AbortController()
  const stop = signal ? AbortSignal.any([signal, failure.signal]) : failure.signal
  const queue = todo.values()
  const lanes = Array.from({ length: DECODERS }, async () => {
    for (const content of queue) {
      if (stop.aborted) return
      await embed(content, stop).catch((error: unknown) => failure.abort(error))
    }
  })
  await Promise.all(lanes)
  const interrupted = signal?.aborted ?? false
  if (failure.signal.aborted && !interrupted) {
    await writer.flush().catch(() => undefined) // the first error is the one to tell
    throw failure.signal.reason
  }
  await writer.flush()
  const counts = await store.counts()
  const left = tracks.filter(({ content }) => !present.has(content) && !embedded.has(content))
  return {
    missing: left,
    summary: {
      embedded: embedded.size,
      shared: 0,
      moved: 0,
      retagged: 0,
      unchanged: contents.length - missing.length,
      removed: 0,
      failed,
      interrupted,
      audioSeconds: progress.audioSeconds,
      elapsedSeconds: progress.elapsedSeconds,
      tracks: counts.tracks,
      moments: counts.moments,
    },
  }
}

/** The first of some copies that is there as it was indexed. Errors: `file`, of the first. */
async function intact(files: readonly Track[]): Promise<Track> {
  let first: string | undefined
  for (const track of files) {
    try {
      const { size, mtimeMs } = await stat(track.path)
      if (size === track.size && mtimeMs === track.modified) return track
      first ??= 'it has changed since it was indexed: run `antiphon index` first'
    } catch (error) {
      first ??= reasonOf(error)
    }
  }
  throw fileError(files[0].path, first!)
}
