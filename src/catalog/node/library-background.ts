import type { JointEmbedding } from '../../model/index.js'
import { Background } from '../background.js'
import type { Store } from '../store.js'
import { mean } from '../vector.js'
import { vocabularyVectors } from './vocabulary-vectors.js'

/** Vectors that stand for the library: their mean is known to a 30th of its deviation. */
const SAMPLE_SIZE = 1_000
/** A catalog that stays open sees a growing library with this delay. */
const SAMPLE_LIFETIME_MS = 60_000

export interface Sample {
  readonly vectors: readonly Float32Array[]
  /** Pieces of audio that the library holds. */
  readonly contents: number
}

/** What is usual in a library, and the words it is compared with; kept while the catalog is open. */
export class LibraryBackground {
  readonly #cacheDir: string
  readonly #samples = new Map<'moments' | 'tracks', { takenAt: number; sample: Promise<Sample> }>()
  #vocabulary: Promise<Float32Array[]> | undefined

  constructor(cacheDir: string) {
    this.#cacheDir = cacheDir
  }

  /** Vectors that stand for the library. */
  sample(of: 'moments' | 'tracks', store: Store): Promise<Sample> {
    const known = this.#samples.get(of)
    if (known && performance.now() - known.takenAt < SAMPLE_LIFETIME_MS) return known.sample
    const sample = Promise.all([store.sample(of, SAMPLE_SIZE), store.counts()]).then(
      ([vectors, { contents }]) => ({ vectors, contents }),
    )
    sample.catch(() => this.#samples.delete(of))
    this.#samples.set(of, { takenAt: performance.now(), sample })
    return sample
  }

  async background(of: 'moments' | 'tracks', store: Store, model: JointEmbedding): Promise<Background> {
    const { vectors, contents } = await this.sample(of, store)
    const texts = Background.needsTexts(contents) ? await this.vocabulary(model) : undefined
    return new Background(vectors, contents, store.dim, texts && Float32Array.from(mean(texts, store.dim)))
  }

  /** The vectors of the vocabulary, in its order. */
  vocabulary(model: JointEmbedding): Promise<Float32Array[]> {
    return (this.#vocabulary ??= vocabularyVectors(model, this.#cacheDir))
  }

  /** The library has changed. */
  forget(): void {
    this.#samples.clear()
  }
}
