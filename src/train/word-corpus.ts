import type { Pair } from '../data/index.js'
import { Random } from '../random/index.js'
import { createTokenizer, findPhrases, isTerm, termOf, wordsOf, wordTokenizer } from '../text/index.js'

export interface WordCorpusOptions {
  /** Of pairs of words that become one; 0 for none. */
  readonly phraseThreshold: number
  readonly seed: number
}

/** Kinds of text that name something: each is one word of the corpus. */
const NAMES: ReadonlySet<string> = new Set(['tag', 'artist', 'album', 'title'])

/**
 * Texts on music as sentences for word vectors, in which tags, artists and tracks are words too (Doh et al. 2024): each text of a pair
 * has the pair's names among its words, at random places, and the names by themselves are a sentence in random order. Titles of
 * playlists are no text on music: theirs are reviews, articles and the like.
 */
export function musicSentences(
  pairs: readonly Pair[],
  { phraseThreshold, seed }: WordCorpusOptions,
): string[][] {
  const random = new Random(`${seed}/word-corpus`)
  const namesOf = (pair: Pair): string[] => {
    const { artist, title } = pair.track
    const said = pair.texts.filter(({ kind }) => NAMES.has(kind)).map(({ value }) => value)
    const named = [
      ...said,
      ...(artist === undefined ? [] : [artist]),
      ...(title === undefined ? [] : [title]),
    ]
    return [...new Set(named.map(termOf))].filter(isTerm)
  }
  const texts = pairs.map(({ texts }) => texts.filter(({ kind }) => !NAMES.has(kind) && kind !== 'playlist'))
  const names = pairs.map(namesOf)
  const read = termReader(
    texts.flat().map(({ value }) => value),
    names.flat(),
  )
  const sentences = texts.map((ofPair) => ofPair.map(({ value }) => read(value)))
  const joined =
    phraseThreshold === 0 ? sentences.flat() : findPhrases(sentences.flat(), { threshold: phraseThreshold })
  const all: string[][] = []
  let at = 0
  for (const [i, ofPair] of sentences.entries()) {
    for (let text = 0; text < ofPair.length; text++) all.push(scattered(joined[at++], names[i], random))
    all.push(random.shuffle(names[i]))
  }
  return all
}

/** Reads a text as the tokenizer of these words and names will: the longest name first. */
function termReader(texts: readonly string[], names: readonly string[]): (text: string) => string[] {
  const terms = [...new Set([...names, ...texts.flatMap(wordsOf)])].filter(isTerm)
  const tokenizer = createTokenizer(wordTokenizer(terms), { maxTokens: Infinity })
  return (text) => tokenizer.encode(text).flatMap((id) => (id === 0 ? [] : [terms[id - 1]]))
}

/** Each name at a place of its own among the words. */
function scattered(words: readonly string[], names: readonly string[], random: Random): string[] {
  const before = Array.from({ length: words.length + 1 }, (): string[] => [])
  for (const name of random.shuffle(names)) before[random.int(0, words.length)].push(name)
  return before.flatMap((here, i) => (i < words.length ? [...here, words[i]] : here))
}
