import { article } from '../grammar/phrase.js'
import { plural } from '../grammar/plural.js'

export interface Entry {
  /** In the singular, where it is counted. */
  readonly word: string
  /** Whether it has a plural. */
  readonly counted: boolean
}

/** Where a word stands in a text. */
export interface Place<T> {
  readonly from: number
  readonly to: number
  readonly entry: Entry
  readonly isPlural: boolean
  /** All that is known of the word. */
  readonly values: readonly T[]
}

/** Finds words and phrases of a list in texts: whole words, the longest first, whatever their case, in singular and plural. */
export class Lexicon<T> {
  readonly #bySpelling = new Map<string, { entry: Entry; isPlural: boolean; values: T[] }>()
  readonly #pattern: RegExp

  constructor(entries: Iterable<readonly [Entry, T]>) {
    for (const [entry, value] of entries)
      for (const isPlural of entry.counted ? [false, true] : [false]) {
        const spelling = (isPlural ? plural(entry.word) : entry.word).toLowerCase()
        const known = this.#bySpelling.get(spelling)
        if (known) known.values.push(value)
        else this.#bySpelling.set(spelling, { entry, isPlural, values: [value] })
      }
    const longestFirst = [...this.#bySpelling.keys()].sort((a, b) => b.length - a.length || (a < b ? -1 : 1))
    const choices = longestFirst.map((spelling) => spelling.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'))
    // A hyphen belongs to its word: "slow-burning" has no "slow".
    this.#pattern = new RegExp(
      `(?<![\\p{L}\\p{N}]|[\\p{L}\\p{N}]-)(?:${choices.join('|') || '(?!)'})(?![\\p{L}\\p{N}]|-[\\p{L}\\p{N}])`,
      'giu',
    )
  }

  /** The words of a text in their order. */
  find(text: string): Place<T>[] {
    return [...text.matchAll(this.#pattern)].map((match) => {
      const { entry, isPlural, values } = this.#bySpelling.get(match[0].toLowerCase())!
      return { from: match.index, to: match.index + match[0].length, entry, isPlural, values }
    })
  }
}

/** A text with words put in place of others: their case and number follow the old ones, articles before them the new. */
export function replaced(
  text: string,
  places: readonly { from: number; to: number; isPlural: boolean; by: Entry }[],
): string {
  let result = ''
  let at = 0
  for (const { from, to, isPlural, by } of places) {
    const old = text.slice(from, to)
    const plain = isPlural ? plural(by.word) : by.word
    const word = inCase(plain, old)
    const before = text.slice(at, from)
    const match = /(^|.*[^\p{L}\p{N}])(an?)(\s+)$/isu.exec(before)
    if (match) {
      const [, start, oldArticle, space] = match
      const [fitting] = article(plain).split(' ')
      result += `${start}${inCase(fitting, oldArticle)}${space}${word}`
    } else result += before + word
    at = to
  }
  return result + text.slice(at)
}

function inCase(word: string, like: string): string {
  if (like.length > 1 && like === like.toUpperCase() && /\p{Lu}/u.test(like)) return word.toUpperCase()
  return /^\p{Lu}/u.test(like) ? word.charAt(0).toUpperCase() + word.slice(1) : word
}
