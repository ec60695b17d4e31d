import type { Failure } from './store.js'
import type { Track } from './track.js'

/** A file as the folder walk sees it. */
export interface File {
  readonly path: string
  readonly size: number
  readonly modified: number
}

export interface Differences {
  /** Known tracks whose file has the same size and time of change. */
  readonly unchanged: readonly Track[]
  /** Known tracks whose file differs in size or time. */
  readonly changed: readonly { readonly file: File; readonly track: Track }[]
  readonly fresh: readonly File[]
  /** Files that failed before and are as they were. */
  readonly failedBefore: readonly Failure[]
}

/** Compares what is on disk with what is known, by size and time of change alone. `retry`: forget earlier failures. */
export function differences(
  files: readonly File[],
  tracks: readonly Track[],
  failures: readonly Failure[],
  { retry = false } = {},
): Differences {
  const trackAt = new Map(tracks.map((track) => [track.path, track]))
  const failureAt = new Map(failures.map((failure) => [failure.path, failure]))
  const result = { unchanged: [], changed: [], fresh: [], failedBefore: [] } as {
    unchanged: Track[]
    changed: { file: File; track: Track }[]
    fresh: File[]
    failedBefore: Failure[]
  }
  for (const file of files) {
    const track = trackAt.get(file.path)
    const failure = failureAt.get(file.path)
    if (!retry && failure && isSame(failure, file)) result.failedBefore.push(failure)
    else if (!track) result.fresh.push(file)
    else if (isSame(track, file)) result.unchanged.push(track)
    else result.changed.push({ file, track })
  }
  return result
}

function isSame(a: { size: number; modified: number }, b: { size: number; modified: number }): boolean {
  return a.size === b.size && a.modified === b.modified
}

/** More than this share of a folder's tracks gone at once looks like a disk that is not there, or a wrong folder. */
const MAX_VANISHED_SHARE = 1 / 5

export interface NamedFolder {
  readonly path: string
  /** It holds nothing at all. */
  readonly empty: boolean
}

/**
 * Which of the vanished tracks are dropped. Only what lay under a folder that was named in this run and holds something;
 * and where more than a fifth of a folder's tracks have gone, none of them unless `prune` says so. Of folders within each
 * other, one that keeps its tracks is enough.
 */
export function droppable(
  folders: readonly NamedFolder[],
  tracks: readonly Track[],
  vanished: readonly Track[],
  { prune = false, isUnder }: { prune?: boolean; isUnder: (path: string, folder: string) => boolean },
): { dropped: Track[]; notices: string[] } {
  const dropped = new Set<Track>()
  const kept = new Set<Track>()
  const notices: string[] = []
  for (const { path, empty } of folders) {
    const known = tracks.filter((track) => isUnder(track.path, path))
    const gone = vanished.filter((track) => isUnder(track.path, path))
    if (gone.length === 0) continue
    const isMany = !prune && gone.length > known.length * MAX_VANISHED_SHARE
    if (empty)
      notices.push(`${path} is empty; its ${gone.length} known tracks are kept, as its disk may not be there`)
    else if (isMany)
      notices.push(
        `${gone.length} of ${known.length} known tracks under ${path} are gone; they are kept. ` +
          'Run again with --prune to drop them',
      )
    for (const track of gone) (empty || isMany ? kept : dropped).add(track)
  }
  return { dropped: [...dropped].filter((track) => !kept.has(track)), notices }
}
