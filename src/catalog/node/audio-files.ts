import { DecoderPool } from '../../audio/node.js'
import type { TrackTags } from '../track.js'

/** What a catalog asks of audio files. Errors: `file` for a file that cannot be read, `interrupted`. */
export interface AudioFiles {
  /** Mono samples, block by block. */
  decode(path: string, options: { sampleRate: number; signal?: AbortSignal }): AsyncIterable<Float32Array>
  /** The hash of the audio packets, and seconds. */
  probe(path: string, options?: { signal?: AbortSignal }): Promise<{ content: string; duration: number }>
  tags(path: string, options?: { signal?: AbortSignal }): Promise<TrackTags>
  close(): Promise<void>
}

/** Files decoded at once; decoding is several times as fast as embedding, and two keep a slow disk from stopping it. */
export const DECODERS = 2

/**
 * Audio files by decoder processes, which start when they are needed. What is only looked at has a process of its own, so
 * that it does not wait until a long file has been decoded.
 */
export function decoderProcesses(): AudioFiles {
  const decoders = new DecoderPool({ processes: DECODERS })
  const prober = new DecoderPool({ processes: 1 })
  return {
    decode: (path, options) => decoders.decode(path, options),
    probe: (path, options) => prober.probe(path, options),
    tags: (path, options) => prober.tags(path, options),
    close: async () => {
      await Promise.all([decoders.close(), prober.close()])
    },
  }
}
