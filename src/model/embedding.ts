import type { AudioSpec } from '../audio/index.js'

/**
 * Two encoders into one space: audio and text become unit vectors of the same length, compared by dot product.
 * What serves; made by training, by conversion, or from the hub, all alike.
 */
export interface JointEmbedding {
  readonly name: string
  /** Hash of the weights and the preprocessing; vectors of different spaces never meet. */
  readonly spaceId: string
  readonly dim: number
  readonly logitScale: number
  readonly audio: AudioSpec
  /** BCP 47 tags of the languages whose queries the model understands. */
  readonly languages: readonly string[]
  /**
   * The scale of a good match: how far, in cosine, a fitting track stands above a library's background.
   * The curve that turns cosines into a match of 0 to 100 is measured in this unit.
   */
  readonly matchScale: number
  /** Chunks of exactly sampleRate * chunkSeconds samples to unit vectors, [dim] each; the same bits whatever the batch. */
  embedAudio(chunks: readonly Float32Array[]): Promise<Float32Array[]>
  /** Of a model that also knows items by who listens to them. */
  readonly items?: ItemEmbedding
  /** Texts to unit vectors, [dim] each; the same bits whatever the batch. */
  embedText(texts: readonly string[]): Promise<Float32Array[]>
  /** Frees what was loaded. Work that has not begun is refused with an error `interrupted`. */
  close(): Promise<void>
}

/** Items that a model knows beside their sound, by their factors of a listening matrix. */
export interface ItemEmbedding {
  /** The first of the names that the model has factors of. */
  find(names: readonly string[]): Promise<string | undefined>
  /**
   * Chunks of such an item, heard and known, to unit vectors of the model's space; as `embedAudio`.
   * @throws AntiphonError `usage` for an unknown name
   */
  embedAudio(chunks: readonly Float32Array[], name: string): Promise<Float32Array[]>
}
