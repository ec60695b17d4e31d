import { embedChunks, type Gate, type JointEmbedding } from '../../model/index.js'
import type { Moment } from '../store.js'
import type { AudioFiles } from './audio-files.js'
import { fileError } from './file-error.js'

export interface EmbedTrackOptions {
  readonly audioFiles: AudioFiles
  readonly model: JointEmbedding
  /** Batches that may be at the model at once, over all tracks; decoding waits for a place. */
  readonly gate: Gate
  readonly signal?: AbortSignal
  /** Seconds of audio that have just been embedded. */
  readonly onAudio?: (seconds: number) => void
}

/** A file's moments, in the order of time, at least one: the same file gives the same vectors. Errors: `file`, `interrupted`. */
export async function embedTrack(path: string, options: EmbedTrackOptions): Promise<Moment[]> {
  const { audioFiles, model, signal } = options
  const moments = await embedChunks(
    audioFiles.decode(path, { sampleRate: model.audio.sampleRate, signal }),
    options,
  )
  if (moments.length === 0) throw fileError(path, 'it holds no sound')
  return moments
}
