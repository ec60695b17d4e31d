export interface PhraseOptions {
  /** Pairs of words need a higher score. 100 in the authors' word2phrase; higher finds fewer. @default 100 */
  readonly threshold?: number
  /** δ: keeps pairs of rare words apart. @default 5 */
  readonly discount?: number
}

const SEPARATOR = '\n'

/**
 * Words that belong together, as one: a pair whose score is above the threshold, from the left. The score of Mikolov et al. 2013
 * (section 4), (count(a b) - δ) / (count(a) count(b)), times the words of the corpus as in the authors' program,
 * so that a threshold holds for any size.
 */
export function findPhrases(
  sentences: readonly (readonly string[])[],
  { threshold = 100, discount = 5 }: PhraseOptions = {},
): string[][] {
  const words = new Map<string, number>()
  const pairs = new Map<string, number>()
  let total = 0
  for (const sentence of sentences)
    for (const [i, word] of sentence.entries()) {
      total++
      words.set(word, (words.get(word) ?? 0) + 1)
      if (i === 0) continue
      const pair = sentence[i - 1] + SEPARATOR + word
      pairs.set(pair, (pairs.get(pair) ?? 0) + 1)
    }
  const isOne = (a: string, b: string): boolean => {
    const together = pairs.get(a + SEPARATOR + b)! - discount
    return (together / (words.get(a)! * words.get(b)!)) * total > threshold
  }
  return sentences.map((sentence) => {
    const joined: string[] = []
    for (let i = 0; i < sentence.length; i++)
      if (i + 1 < sentence.length && isOne(sentence[i], sentence[i + 1])) {
        joined.push(`${sentence[i]} ${sentence[i + 1]}`)
        i++
      } else joined.push(sentence[i])
    return joined
  })
}
