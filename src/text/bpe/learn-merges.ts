import { Candidates } from './candidates.js'

/** A word of the texts as the ids of its letters. */
export interface CountedWord {
  readonly symbols: readonly number[]
  /** How often the texts have it. */
  readonly count: number
}

export interface LearnOptions {
  readonly words: readonly CountedWord[]
  /** By id: what there is before the first merge. */
  readonly letters: readonly string[]
  /** Tokens in the end, letters among them; fewer where nothing is left to be joined. */
  readonly size: number
  /** Pairs that are rarer aren't joined. */
  readonly minCount: number
  /** Told of now and then, and waited for. */
  readonly onProgress?: (done: number, total: number) => Promise<void> | void
}

export interface Learnt {
  /** By id. */
  readonly tokens: readonly string[]
  /** Ids of the two that are joined, in the order in which it was learnt. */
  readonly merges: readonly (readonly [left: number, right: number])[]
}

const PROGRESS_EVERY = 256 // merges
const MOST_IDS = 2 ** 26 // two ids make one exact number

/**
 * Byte-pair encoding learnt (Sennrich et al. 2016, algorithm 1): again and again the pair of neighbours that occurs most often
 * becomes a token, of pairs alike the one of smaller ids. Only words that have the pair are looked at: counts are kept from
 * merge to merge.
 */
export async function learnMerges({
  words: counted,
  letters,
  size,
  minCount,
  onProgress,
}: LearnOptions): Promise<Learnt> {
  const tokens = [...letters]
  const idOf = new Map(tokens.map((token, id) => [token, id]))
  const words = counted.map(({ symbols }) => symbols)
  const counts = new Map<number, number>()
  const placesOf = new Map<number, Set<number>>() // words that have a pair, or had it
  const candidates = new Candidates()

  const add = (word: number, times: 1 | -1, joined = -1, grown?: Set<number>): void => {
    const symbols = words[word]
    for (let i = 0; i + 1 < symbols.length; i++) {
      const pair = symbols[i] * MOST_IDS + symbols[i + 1]
      counts.set(pair, (counts.get(pair) ?? 0) + times * counted[word].count)
      if (times < 0) continue
      if (symbols[i] === joined || symbols[i + 1] === joined) grown?.add(pair)
      const places = placesOf.get(pair)
      if (places) places.add(word)
      else placesOf.set(pair, new Set([word]))
    }
  }
  const offer = (pairs: Iterable<number>): void => {
    for (const pair of pairs) {
      const count = counts.get(pair)!
      const right = pair % MOST_IDS
      if (count >= minCount) candidates.push({ left: (pair - right) / MOST_IDS, right, count })
    }
  }

  for (const word of words.keys()) add(word, 1)
  offer(counts.keys())
  const merges: [number, number][] = []
  while (tokens.length < size) {
    const top = candidates.pop()
    if (!top) break
    const pair = top.left * MOST_IDS + top.right
    const count = counts.get(pair) ?? 0
    if (count !== top.count) {
      // It has become rarer since; where it became more frequent it was offered again.
      if (count < top.count && count > 0) offer([pair])
      continue
    }
    const token = tokens[top.left] + tokens[top.right]
    let id = idOf.get(token) // two merges may come to one token: a + bc, ab + c
    if (id === undefined) {
      id = tokens.push(token) - 1
      idOf.set(token, id)
    }
    merges.push([top.left, top.right])
    const grown = new Set<number>() // only pairs with the joined token become more frequent
    for (const word of placesOf.get(pair)!) {
      const symbols = joined(words[word], top.left, top.right, id)
      if (symbols.length === words[word].length) continue
      add(word, -1)
      words[word] = symbols
      add(word, 1, id, grown)
    }
    counts.delete(pair)
    placesOf.delete(pair)
    offer(grown)
    if (merges.length % PROGRESS_EVERY === 0) await onProgress?.(tokens.length, size)
  }
  await onProgress?.(size, size)
  return { tokens, merges }
}

/** Every such pair, from the left, as one. */
export function joined(symbols: readonly number[], left: number, right: number, id: number): number[] {
  const result: number[] = []
  for (let i = 0; i < symbols.length; i++)
    if (symbols[i] === left && symbols[i + 1] === right) {
      result.push(id)
      i++
    } else result.push(symbols[i])
  return result
}
