import { chunks, type Chunk } from '../../audio/index.js'
import type { JointEmbedding } from '../../model/index.js'
import type { Moment } from '../store.js'
import type { AudioFiles } from './audio-files.js'
import { fileError } from './file-error.js'
import { Gate } from './gate.js'

/** Chunks that go to the model at once: enough to keep it busy, few enough to keep memory flat (640 kB each at 16 kHz). */
const BATCH = 4

/** Batches at the model for each worker: one that it works on, and one that waits. */
const BATCHES_PER_WORKER = 2

/** Lets in as many batches as keep a model's workers busy. */
export function modelGate(workers: number): Gate {
  return new Gate(Math.max(1, workers) * BATCHES_PER_WORKER)
}

export interface EmbedTrackOptions {
  readonly audioFiles: AudioFiles
  readonly model: JointEmbedding
  /** Batches that may be at the model at once, over all tracks; decoding waits for a place. */
  readonly gate: Gate
  readonly signal?: AbortSignal
  /** Seconds of audio that have just been embedded. */
  readonly onAudio?: (seconds: number) => void
}

/**
 * A file's moments, in the order of time, at least one. Nothing is random, and the model gives the same bits whatever the batch, so the
 * same file gives the same vectors. Errors: `file`, `interrupted`.
 */
export async function embedTrack(path: string, options: EmbedTrackOptions): Promise<Moment[]> {
  const { audioFiles, model, gate, signal, onAudio } = options
  const underWay: Promise<Moment[]>[] = []
  const embed = async (batch: readonly Chunk[]): Promise<Moment[]> => {
    try {
      const vectors = await model.embedAudio(batch.map((chunk) => chunk.samples))
      onAudio?.(batch.reduce((sum, { start, end }) => sum + end - start, 0))
      return batch.map(({ start, end }, i) => ({ start, end, vector: vectors[i] }))
    } finally {
      gate.leave()
    }
  }
  const send = async (batch: readonly Chunk[]): Promise<void> => {
    await gate.enter()
    const moments = embed(batch)
    moments.catch(() => undefined) // it is awaited below, with the others
    underWay.push(moments)
  }
  try {
    let batch: Chunk[] = []
    const blocks = audioFiles.decode(path, { sampleRate: model.audio.sampleRate, signal })
    for await (const chunk of chunks(blocks, model.audio)) {
      batch.push(chunk)
      if (batch.length < BATCH) continue
      await send(batch)
      batch = []
    }
    if (batch.length > 0) await send(batch)
  } finally {
    await Promise.allSettled(underWay)
  }
  if (underWay.length === 0) throw fileError(path, 'it holds no sound')
  return (await Promise.all(underWay)).flat()
}
