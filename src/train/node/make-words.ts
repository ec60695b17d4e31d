import { resolve } from 'node:path'
import type { Pair } from '../../data/index.js'
import { trainSkipGram, wordsOf, type WordVectors } from '../../text/index.js'
import { readWordVectors } from '../../text/node.js'
import type { Recipe } from '../recipe.js'
import { musicSentences } from '../word-corpus.js'
import { embedWords } from './embed-words.js'
import { RecipeError } from '../recipe-error.js'
import { naming } from './naming.js'
import { pause } from './pause.js'
import type { TrainOptions } from './run-options.js'

export interface MakeWordsOptions extends Pick<
  TrainOptions,
  'runtime' | 'find' | 'engine' | 'cacheDir' | 'signal' | 'base'
> {
  readonly recipe: Recipe
  /** To train on: what word vectors are learnt from. */
  readonly pairs: readonly Pair[]
  /** All of the data set, whose words are wanted. */
  readonly all: readonly Pair[]
  readonly onProgress: (done: number, total: number) => void
  /** Of a line that could not be taken. */
  readonly onWrong: (file: string, line: number, reason: string) => void
}

/**
 * Word vectors as the recipe wants them.
 * @throws AntiphonError `usage` for a file that can't be read, or texts that are too few; `model` for a file of another kind
 */
export async function makeWords(options: MakeWordsOptions): Promise<WordVectors> {
  const { recipe, signal, onProgress, onWrong, base = process.cwd() } = options
  const { file, encoder, skip_gram: skipGram, most_words: mostWords } = recipe.text.vectors!
  if (file !== undefined) {
    const path = resolve(base, file)
    const wanted = new Set(wordsIn(options.all))
    const read = readWordVectors(path, {
      want: (term) => wanted.has(term),
      first: mostWords,
      onProgress,
      signal,
    })
    const { vectors, wrong } = await naming('text.vectors.file', read)
    for (const { line, reason } of wrong) onWrong(path, line, reason)
    if (!vectors.terms.some((term) => wanted.has(term)))
      throw new RecipeError(
        'text.vectors.file',
        `${path} has none of the ${wanted.size} words of the texts: is it of another language?`,
      )
    return vectors
  }
  if (encoder !== undefined) {
    const embedding = embedWords(wordsIn(options.all), { ...options, encoder, mostWords })
    return naming('text.vectors.encoder', embedding)
  }
  const { phrase_threshold: phraseThreshold, ...how } = skipGram!
  const training = trainSkipGram(musicSentences(options.pairs, { phraseThreshold, seed: recipe.seed }), {
    ...how,
    minCount: how.min_count,
    learningRate: how.learning_rate,
    seed: recipe.seed,
    onProgress: async (done, total) => {
      onProgress(done, total)
      await pause(signal)
    },
  })
  return naming('text.vectors.skip_gram', training)
}

function wordsIn(pairs: readonly Pair[]): string[] {
  const words = new Set<string>()
  for (const { texts } of pairs)
    for (const { value } of texts) for (const word of wordsOf(value)) words.add(word)
  return [...words]
}
