import type { WordGroup, Words } from '../words/words.js'
import type { MiningTable } from './mining-table.js'

/** What a word is to mining. */
export type Role = 'music' | 'sound' | 'quality' | 'does' | 'thing' | 'elsewhere'

/** What the tables know of one spelling. */
export interface Entry {
  /** The same for all spellings of a word. */
  readonly name: string
  readonly roles: ReadonlySet<Role>
  /** Of words of music. */
  readonly group?: WordGroup
  /** It says other things as often. */
  readonly loose: boolean
}

export interface Token {
  readonly text: string
  readonly from: number
  readonly to: number
  /** Nothing but a blank or a hyphen lies between it and the one before. */
  readonly joined: boolean
}

/** A word or phrase of the tables in a sentence: tokens from `from` to before `to`. */
export interface Term {
  readonly from: number
  readonly to: number
  readonly entry: Entry
}

/** A sentence as mining reads it. */
export interface Reading {
  readonly text: string
  readonly tokens: readonly Token[]
  /** In their order; none overlap. */
  readonly terms: readonly Term[]
}

const MOST_TOKENS = 5 // of a phrase: "take the lead guitar solo"
const TOKEN = /[\p{L}\p{N}]+(?:['’&][\p{L}\p{N}]+)*/gu
/** A name or title in quotes is no description: "Samba for a Hammock". */
const QUOTED = /["“](?=\p{Lu}|\p{N})[^"“”]{1,80}["”]/gu
/** Nor is a name of several words: "Elmby Brass", "Hobbs & Birdsong". One capital alone may be a "Celtic jig". */
const NAME =
  /(?<![\p{L}\p{N}-])(?!(?:The|An|In|On|At|With|For|Of|And|But|Its|His|Her|Their|This|That|No|Not) )\p{Lu}[\p{Ll}'’]+(?: (?:(?:&|of|of the|the|in) )?\p{Lu}[\p{Ll}'’]+)+(?![\p{L}\p{N}-])/gu

/** Finds what the tables know in sentences: the longest first, whatever the hyphens, case and plurals. */
export class TermIndex {
  readonly #entries = new Map<string, Entry>()
  /** Beginnings of spellings, so that a phrase is followed only as far as one may come. */
  readonly #beginnings = new Set<string>()

  constructor(words: Words, table: MiningTable) {
    const loose = new Set(table.loose.map(squeezed))
    const found = new Map<string, { name: string; roles: Set<Role>; group?: WordGroup }>()
    const add = (spelling: string, role: Role, name: string, group?: WordGroup): void => {
      const known = found.get(spelling)
      if (!known) found.set(spelling, { name, roles: new Set([role]), ...(group && { group }) })
      else known.roles.add(role)
    }
    for (const [spelling, word] of words.spellings()) add(spelling, 'music', word.name, word.group)
    for (const role of ['sound', 'quality', 'does', 'things', 'elsewhere'] as const)
      for (const word of table[role]) add(squeezed(word), role === 'things' ? 'thing' : role, word)
    for (const [spelling, entry] of found) {
      this.#entries.set(spelling, { ...entry, loose: loose.has(spelling) })
      for (let length = 1; length <= spelling.length; length++)
        this.#beginnings.add(spelling.slice(0, length))
    }
  }

  read(text: string): Reading {
    const blank = (name: string): string => '.'.repeat(name.length)
    const plain = text.replace(QUOTED, blank).replace(NAME, blank)
    const tokens: Token[] = []
    let end = -1
    for (const match of plain.matchAll(TOKEN)) {
      const from = match.index
      const joined = end >= 0 && (from - end === 1 ? /[\s-]/.test(plain[end]) : false)
      end = from + match[0].length
      tokens.push({ text: match[0].toLowerCase(), from, to: end, joined })
    }
    const terms: Term[] = []
    for (let at = 0; at < tokens.length;) {
      const term = this.#longest(tokens, at)
      if (term) terms.push(term)
      at = term ? term.to : at + 1
    }
    return { text, tokens, terms }
  }

  #longest(tokens: readonly Token[], from: number): Term | undefined {
    let longest: Term | undefined
    let spelling = ''
    for (let to = from; to < tokens.length && to - from < MOST_TOKENS; to++) {
      if (to > from && !tokens[to].joined) break
      spelling += squeezed(tokens[to].text)
      const entry = this.#spelt(spelling)
      if (entry) longest = { from, to: to + 1, entry }
      if (!this.#beginnings.has(spelling)) break
    }
    return longest
  }

  #spelt(spelling: string): Entry | undefined {
    const exact = this.#entries.get(spelling)
    if (exact || !spelling.endsWith('s')) return exact
    return (
      this.#entries.get(spelling.slice(0, -1)) ??
      (spelling.endsWith('es') ? this.#entries.get(spelling.slice(0, -2)) : undefined) ??
      (spelling.endsWith('ies') ? this.#entries.get(`${spelling.slice(0, -3)}y`) : undefined)
    )
  }
}

/** A spelling without what spellings differ in. */
const squeezed = (text: string): string => text.toLowerCase().replace(/[\s\-_'’.]/g, '')
