import { dot, mean } from './vector.js'

/** With fewer pieces of audio than this, a library says too little of what is usual. */
const ENOUGH_CONTENTS = 64
/** The weight of what any text has with this audio, in pieces of audio, where there are few. */
const PRIOR_CONTENTS = 8

/**
 * What cosine a query has with a library's audio on average: the cosine that means nothing.
 *
 * In a library of a few tracks the average is the answer itself: of one track, even a perfect match would stand 0 above it.
 * So there it is drawn towards what texts in general have with this audio, the mean over the tags of the vocabulary.
 */
export class Background {
  readonly #mean: Float32Array
  readonly #priorWeight: number
  readonly #usualTexts: Float32Array | undefined

  /**
   * @param vectors a sample of the library's vectors, [dim] each
   * @param contents how many pieces of audio the library holds
   * @param usualTexts mean of the vocabulary's vectors, [dim]; needed where `needsTexts(contents)`
   */
  constructor(vectors: readonly Float32Array[], contents: number, dim: number, usualTexts?: Float32Array) {
    this.#mean = Float32Array.from(mean(vectors, dim))
    this.#usualTexts = usualTexts
    const prior = PRIOR_CONTENTS * Math.max(0, 1 - contents / ENOUGH_CONTENTS)
    this.#priorWeight = usualTexts ? prior / (prior + contents) : 0
  }

  static needsTexts(contents: number): boolean {
    return contents < ENOUGH_CONTENTS
  }

  /** The background's cosine with a text's vector. */
  ofText(vector: Float32Array): number {
    const own = dot(vector, this.#mean)
    return this.#usualTexts
      ? (1 - this.#priorWeight) * own + this.#priorWeight * dot(this.#usualTexts, this.#mean)
      : own
  }

  /** The background's cosine with a vector of audio. */
  ofAudio(vector: Float32Array): number {
    return dot(vector, this.#mean)
  }
}
