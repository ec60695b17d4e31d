import type { Words, WordGroup } from '../text/index.js'
import type { Subset } from './compare-queries.js'

/** Words that take something away. */
const NEGATION = /\b(no|not|without|never|nor|neither|none|lacks?|lacking|absent)\b|n['’]t\b/i

/** Words of a query by whether there are few. */
const LENGTHS: readonly (readonly [name: string, most: number])[] = [
  ['1-3 words', 3],
  ['4-10 words', 10],
  ['more than 10 words', Infinity],
]

const GROUPS: readonly WordGroup[] = [
  'genre',
  'instrument',
  'mood',
  'voice',
  'tempo',
  'production',
  'era',
  'situation',
]

const LONGEST_PHRASE = 3

/**
 * Which queries are short and long, which deny something, and what they speak of: genres, instruments, moods, … by tables of the words of
 * music. A query is of one length and of any number of the others; groups without queries are left out.
 */
export function queryGroups(texts: readonly string[], words: Words): Subset[] {
  const found = new Map<string, number[]>()
  for (const name of [...LENGTHS.map(([name]) => name), 'negation', ...GROUPS]) found.set(name, [])
  for (const [query, text] of texts.entries()) {
    const said = text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word))
    const [length] = LENGTHS.find(([, most]) => said.length <= most)!
    found.get(length)!.push(query)
    if (NEGATION.test(text)) found.get('negation')!.push(query)
    for (const group of groupsOf(said, words)) found.get(group)?.push(query)
  }
  return [...found].flatMap(([name, queries]) =>
    queries.length > 0 ? [{ name, queries: Int32Array.from(queries) }] : [],
  )
}

/** Phrases first: "electric guitar" is one word of music. */
function groupsOf(said: readonly string[], words: Words): Set<WordGroup> {
  const groups = new Set<WordGroup>()
  const plain = said.map((word) => word.toLowerCase().replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, ''))
  for (let at = 0; at < plain.length;) {
    let length = Math.min(LONGEST_PHRASE, plain.length - at)
    for (; length > 0; length--) {
      const meaning = words.find(plain.slice(at, at + length).join(' '))
      if (!meaning) continue
      groups.add(meaning.word.group)
      break
    }
    at += Math.max(1, length)
  }
  return groups
}
