import { AntiphonError } from '../../errors/index.js'
import { Random } from '../../random/index.js'
import type { WordVectors } from '../vectors/word-vectors.js'
import { SkipGramWeights } from './negative-sampling.js'
import { countTerms, keepChances, NoiseSampler } from './vocabulary.js'

export interface SkipGramOptions {
  /** Length of a vector. @default 300, as in Mikolov et al. 2013, section 4 */
  readonly dim?: number
  /** Words to each side, at most: how many is drawn for each word. @default 5 */
  readonly window?: number
  /** For each neighbour. 5 to 20 for small corpora, 2 to 5 for large ones (section 2.2). @default 5 */
  readonly negatives?: number
  /** @default 5 */
  readonly epochs?: number
  /** Rarer words are left out. @default 5, as in the authors' program */
  readonly minCount?: number
  /** Words with a larger share of the corpus are thinned out; 0 for none. Section 2.3 has 1e-5, for a billion words. @default 1e-3 */
  readonly sample?: number
  /** Falls in a line to almost nothing. @default 0.025, as in the authors' program */
  readonly learningRate?: number
  readonly seed: number | string
  /** Told of now and then, and waited for: words so far, of all epochs. */
  readonly onProgress?: (done: number, total: number) => Promise<void> | void
}

const LEAST_RATE = 1e-4 // of the first one; word2vec.c
const PROGRESS_EVERY = 20_000 // words: a tenth of a second or so

/**
 * Word vectors by skip-gram with negative sampling (Mikolov et al. 2013: Distributed Representations of Words and Phrases and their
 * Compositionality). One thread, so that the same sentences in the same order give the same numbers.
 * @param sentences words, or phrases, in a row; none looks over the end of its sentence
 * @throws AntiphonError `usage` where fewer than two words are frequent enough
 */
export async function trainSkipGram(
  sentences: readonly (readonly string[])[],
  options: SkipGramOptions,
): Promise<WordVectors> {
  const { dim = 300, window = 5, negatives = 5, epochs = 5, minCount = 5, sample = 1e-3 } = options
  const { learningRate = 0.025, seed, onProgress } = options
  const vocabulary = countTerms(sentences, minCount)
  const size = vocabulary.terms.length
  if (size < 2)
    throw new AntiphonError(
      'usage',
      `Only ${size} of the words of the texts are there at least ${minCount} times: too few for word vectors; lower min_count`,
    )
  const corpus = sentences.map((sentence) =>
    Int32Array.from(sentence.flatMap((term) => vocabulary.idOf.get(term) ?? [])),
  )
  const random = new Random(`${seed}/skip-gram`)
  const weights = new SkipGramWeights(size, dim)
  for (let word = 0; word < size; word++)
    for (let i = 0, vector = weights.vector(word); i < dim; i++) vector[i] = (random.next() - 0.5) / dim
  const keep = keepChances(vocabulary, sample)
  const noise = new NoiseSampler(vocabulary)
  const targets = new Int32Array(1 + negatives)
  const total = epochs * vocabulary.total
  let done = 0
  let told = 0
  for (let epoch = 0; epoch < epochs; epoch++)
    for (const whole of corpus) {
      const rate = learningRate * Math.max(LEAST_RATE, 1 - done / total)
      const words = whole.filter((id) => keep[id] === 1 || random.next() < keep[id])
      for (let i = 0; i < words.length; i++) {
        const reach = random.int(1, window)
        for (let j = Math.max(0, i - reach); j <= Math.min(words.length - 1, i + reach); j++) {
          if (j === i) continue
          targets[0] = words[j]
          for (let n = 1; n <= negatives; n++) targets[n] = noise.draw(random.next())
          weights.step(words[i], targets, rate)
        }
      }
      done += whole.length
      if (done - told < PROGRESS_EVERY) continue
      told = done
      await onProgress?.(done, total)
    }
  await onProgress?.(total, total)
  return { terms: vocabulary.terms, dim, data: weights.vectors() }
}
