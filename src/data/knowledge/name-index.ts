import { uint32Column } from '../listening/column.js'
import { Names } from '../listening/names.js'
import { editDistance } from './edit-distance.js'
import { normalName } from './normal-name.js'

export interface FoundName {
  readonly owner: number
  /** 0 to 1. */
  readonly score: number
  readonly name: string
}

export interface FindOptions {
  readonly limit: number
  readonly accepts?: (owner: number) => boolean
  /** Who comes first among equals: the larger. */
  readonly rank?: (owner: number) => number
}

/** Less like it than this is not what was meant. */
const LEAST_SCORE = 0.55
/** Share of pairs of letters in common, below which names are not compared letter by letter. */
const LEAST_SHARED = 0.3
const GRAM_BITS = 16
const SHADES = 256
/** Names that are compared letter by letter, and pairs of letters of them: some milliseconds. */
const MOST_COMPARED = 500
const MOST_WORK = 250_000

/**
 * Names by their pairs of letters, within words and at their ends: a slip of the hand leaves most of them, and the order of
 * words all. (Triples tell more apart, but of a word of five letters with two swapped they leave none.) Those that share most
 * are compared letter by letter. Names that are alike but for case, accents and punctuation are one key.
 */
export class NameIndex {
  readonly #keys = new Names()
  /** Owners and their names, in the order of their keys. */
  readonly #ownerStart: Uint32Array
  readonly #owner: Uint32Array
  readonly #spelling: Uint32Array
  readonly #spellings = new Names()
  readonly #gramStart: Uint32Array
  readonly #gramKey: Uint32Array
  readonly #gramCount: Uint8Array
  readonly #shared: Uint8Array

  constructor(names: Iterable<readonly [owner: number, name: string]>) {
    const [keys, owners, spellings] = [uint32Column(), uint32Column(), uint32Column()]
    for (const [owner, name] of names) {
      keys.push(this.#keys.add(normalName(name)))
      owners.push(owner)
      spellings.push(this.#spellings.add(name))
    }
    const byKey = grouped(keys.view(), this.#keys.size)
    this.#ownerStart = byKey.start
    this.#owner = Uint32Array.from(byKey.order, (i) => owners.at(i))
    this.#spelling = Uint32Array.from(byKey.order, (i) => spellings.at(i))

    // Twice over all names, first to count: a list of who has which pair would take more than the index.
    this.#gramCount = new Uint8Array(this.#keys.size)
    this.#gramStart = new Uint32Array((1 << GRAM_BITS) + 1)
    this.#eachGramOfKeys((key, gram) => {
      this.#gramStart[gram + 1]++
      if (this.#gramCount[key] < 255) this.#gramCount[key]++
    })
    for (let gram = 0; gram < 1 << GRAM_BITS; gram++) this.#gramStart[gram + 1] += this.#gramStart[gram]
    const next = this.#gramStart.slice()
    this.#gramKey = new Uint32Array(next[1 << GRAM_BITS])
    this.#eachGramOfKeys((key, gram) => {
      this.#gramKey[next[gram]++] = key
    })
    this.#shared = new Uint8Array(this.#keys.size)
  }

  find(name: string, { limit, accepts, rank = () => 0 }: FindOptions): FoundName[] {
    const query = normalName(name)
    if (query === '') return []
    const compare = comparison(query)
    const best = new Map<number, FoundName & { exact: boolean }>()
    for (const key of this.#candidates(query, accepts)) {
      const score = compare(this.#keys.get(key))
      if (score < LEAST_SCORE) continue
      for (let i = this.#ownerStart[key]; i < this.#ownerStart[key + 1]; i++) {
        const owner = this.#owner[i]
        if (accepts && !accepts(owner)) continue
        const spelling = this.#spellings.get(this.#spelling[i])
        const [known, exact] = [best.get(owner), spelling === name]
        if (!known || known.score < score || (known.score === score && exact && !known.exact))
          best.set(owner, { owner, score, name: spelling, exact })
      }
    }
    return [...best.values()]
      .sort(
        (a, b) =>
          b.score - a.score ||
          Number(b.exact) - Number(a.exact) ||
          rank(b.owner) - rank(a.owner) ||
          a.owner - b.owner,
      )
      .slice(0, limit)
      .map(({ owner, score, name: spelling }) => ({ owner, score, name: spelling }))
  }

  /** Keys that share most pairs of letters with the query, and the one that is the same. */
  #candidates(query: string, accepts?: (owner: number) => boolean): number[] {
    const shared = this.#shared.fill(0)
    const grams = new Set<number>()
    eachGram(query, (gram) => grams.add(gram))
    for (const gram of [...grams].slice(0, 255))
      for (let i = this.#gramStart[gram]; i < this.#gramStart[gram + 1]; i++) shared[this.#gramKey[i]]++
    const size = Math.min(255, grams.size)
    const least = Math.floor(LEAST_SHARED * (SHADES - 1))
    const counts = new Uint32Array(SHADES)
    // How like each key is in shades, which take the place of what was shared.
    const shades = shared
    for (let key = 0; key < shared.length; key++) {
      if (shared[key] === 0) continue
      // Half Dice's coefficient, half the share of the smaller one: "yesterday" is within "yesterday remastered".
      const count = this.#gramCount[key]
      const alike = (2 * shared[key]) / (size + count) + shared[key] / Math.min(size, count)
      const shade = Math.floor((alike / 2) * (SHADES - 1))
      if (shade < least || (accepts && !this.#hasOwner(key, accepts))) shades[key] = 0
      else counts[(shades[key] = shade)]++
    }
    const most = Math.max(50, Math.min(MOST_COMPARED, Math.floor(MOST_WORK / (query.length + 4) ** 2)))
    let cut = counts.length - 1
    for (let sum = counts[cut]; cut > least && sum + counts[cut - 1] <= most;) sum += counts[--cut]
    const exact = this.#keys.find(query)
    const found = exact >= 0 ? [exact] : []
    for (let key = 0; key < shades.length; key++) if (shades[key] >= cut && key !== exact) found.push(key)
    return found
  }

  /** Each pair of letters of each key, once. */
  #eachGramOfKeys(visit: (key: number, gram: number) => void): void {
    const last = new Uint32Array(1 << GRAM_BITS)
    for (let key = 0; key < this.#keys.size; key++)
      eachGram(this.#keys.get(key), (gram) => {
        if (last[gram] === key + 1) return
        last[gram] = key + 1
        visit(key, gram)
      })
  }

  #hasOwner(key: number, accepts: (owner: number) => boolean): boolean {
    for (let i = this.#ownerStart[key]; i < this.#ownerStart[key + 1]; i++)
      if (accepts(this.#owner[i])) return true
    return false
  }
}

/** How like a name is to the query: letter by letter, words in any order, or without spaces; or one within the other. */
function comparison(query: string): (key: string) => number {
  const forms = formsOf(query)
  return (key) => {
    if (key === query) return 1
    const others = formsOf(key)
    let best = 0
    for (let form = 0; form < forms.length; form++) {
      const [a, b] = [forms[form], others[form]]
      if (form > 0 && a === query && b === key) continue
      // Words in another order, or cut otherwise, are not quite the same name.
      const trust = form === 0 ? 1 : 0.98
      const longest = Math.max(a.length, b.length)
      const most = Math.floor((1 - Math.max(best, LEAST_SCORE)) * longest)
      const distance = editDistance(a, b, most)
      if (distance <= most) best = Math.max(best, trust * (1 - distance / longest))
    }
    const [shorter, longer] = query.length < key.length ? [query, key] : [key, query]
    const within = ` ${longer} `.includes(` ${shorter} `)
    return within ? Math.max(best, 0.6 + (0.35 * shorter.length) / longer.length) : best
  }
}

/** As it is, words sorted, without spaces. */
function formsOf(name: string): readonly string[] {
  return name.includes(' ')
    ? [name, name.split(' ').sort().join(' '), name.replaceAll(' ', '')]
    : [name, name, name]
}

/** Pairs of letters of ` word ` by number. */
function eachGram(name: string, visit: (gram: number) => void): void {
  let last = 32
  for (let i = 0; i <= name.length; i++) {
    const code = i === name.length ? 32 : name.charCodeAt(i)
    visit((Math.imul(last, 0x9e37) ^ code) & ((1 << GRAM_BITS) - 1))
    last = code
  }
}

/** Places of each key, in their order. */
function grouped(keys: Uint32Array, count: number): { start: Uint32Array; order: Uint32Array } {
  const start = new Uint32Array(count + 1)
  for (const key of keys) start[key + 1]++
  for (let i = 0; i < count; i++) start[i + 1] += start[i]
  const next = start.slice(0, count)
  const order = new Uint32Array(keys.length)
  for (let i = 0; i < keys.length; i++) order[next[keys[i]]++] = i
  return { start, order }
}
