import type { File } from '../reconcile.js'
import type { TrackTags } from '../track.js'
import type { AudioFiles } from './audio-files.js'
import { isFileError } from './file-error.js'
import { prefetch } from './prefetch.js'

/** A file that was looked at: its audio is known by its hash. */
export interface Candidate {
  readonly file: File
  readonly content: string
  /** Seconds. */
  readonly duration: number
  readonly tags: TrackTags
}

/** A file that was looked at in vain, and why. */
export interface Unreadable {
  readonly file: File
  readonly reason: string
}

/** Files that are looked at before it is their turn to be embedded. */
const LOOK_AHEAD = 8

/** Content and tags of files, in their order, a few ahead of the one who asks. */
export function look(
  files: readonly File[],
  options: { readonly audioFiles: AudioFiles; readonly signal?: AbortSignal },
): AsyncGenerator<Candidate | Unreadable, void, void> {
  return prefetch(lookOneByOne(files, options), LOOK_AHEAD)
}

async function* lookOneByOne(
  files: readonly File[],
  { audioFiles, signal }: { readonly audioFiles: AudioFiles; readonly signal?: AbortSignal },
): AsyncGenerator<Candidate | Unreadable, void, void> {
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
