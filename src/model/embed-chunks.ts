import { chunks, type Chunk } from '../audio/index.js'
import type { JointEmbedding } from './embedding.js'
import { Gate } from './gate.js'

/** Chunks that go to the model at once: enough to keep it busy, few enough to keep memory flat (640 kB each at 16 kHz). */
const BATCH = 4

/** Batches at the model for each worker: one that it works on, and one that waits. */
const BATCHES_PER_WORKER = 2

/** Lets in as many batches as keep a model's workers busy. */
export function modelGate(workers: number): Gate {
  return new Gate(Math.max(1, workers) * BATCHES_PER_WORKER)
}

/** A chunk that the model has heard. */
export interface EmbeddedChunk {
  /** Seconds from the start of the audio. */
  readonly start: number
  readonly end: number
  /** Unit length, [dim]. */
  readonly vector: Float32Array
}

export interface EmbedChunksOptions {
  readonly model: Pick<JointEmbedding, 'audio' | 'embedAudio'>
  /** Batches that may be at the model at once, over all tracks; decoding waits for a place. */
  readonly gate: Gate
  /** Seconds between the starts of two chunks. @default the model's */
  readonly hopSeconds?: number
  /** Seconds of audio that have just been embedded. */
  readonly onAudio?: (seconds: number) => void
}

/**
 * The chunks of mono samples at the model's rate, in the order of time; none where there are no samples. Nothing is random, and the
 * model gives the same bits whatever the batch, so the same audio gives the same vectors. Errors: those of the samples.
 */
export async function embedChunks(
  samples: AsyncIterable<Float32Array>,
  { model, gate, hopSeconds = model.audio.hopSeconds, onAudio }: EmbedChunksOptions,
): Promise<EmbeddedChunk[]> {
  const underWay: Promise<EmbeddedChunk[]>[] = []
  const embed = async (batch: readonly Chunk[]): Promise<EmbeddedChunk[]> => {
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
    const embedded = embed(batch)
    embedded.catch(() => undefined) // it is awaited below, with the others
    underWay.push(embedded)
  }
  try {
    let batch: Chunk[] = []
    for await (const chunk of chunks(samples, { ...model.audio, hopSeconds })) {
      batch.push(chunk)
      if (batch.length < BATCH) continue
      await send(batch)
      batch = []
    }
    if (batch.length > 0) await send(batch)
  } finally {
    await Promise.allSettled(underWay)
  }
  return (await Promise.all(underWay)).flat()
}
