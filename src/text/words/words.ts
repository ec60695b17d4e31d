import type { z } from 'zod'
import type { GENRES, INSTRUMENTS, MOODS, OTHERS } from './schema.js'

/** Kinds of words that music is described with. */
export type WordGroup =
  | 'genre'
  | 'instrument'
  | 'mood'
  | 'voice'
  | 'tempo'
  | 'texture'
  | 'production'
  | 'era'
  | 'situation'
  | 'language'
  | 'key'
  | 'metre'
  | 'bpm'

/** A word of music, and the forms that sentences need. */
export interface Word {
  readonly group: WordGroup
  /** As it is said: of an instrument in the singular where it has one, of a situation as after "for". */
  readonly name: string
  /** As before "piece". */
  readonly adjective?: string
  /** A thing that is heard: "rock music", "tape hiss", "melancholy". */
  readonly noun?: string
  /** A countable thing itself: "waltz". */
  readonly work?: string
  readonly number: 'singular' | 'plural' | 'mass'
  /** Of what is counted. */
  readonly plural?: string
  readonly family?: string
  /** What an instrument does, as with "they". */
  readonly verbs: readonly string[]
}

/** What a tag says. */
export interface Meaning {
  readonly word: Word
  /** The tag says that it is not so: "no vocals", "not english". */
  readonly negated: boolean
}

export interface WordTables {
  readonly genres: z.infer<typeof GENRES>
  readonly instruments: z.infer<typeof INSTRUMENTS>
  readonly moods: z.infer<typeof MOODS>
  readonly others: z.infer<typeof OTHERS>
}

const NEGATION = /^(?:no|not|non|without|lacking|lack of|absence of)[\s-]+(.+)$/
const KEY =
  /^([a-g])(?:[\s-]*(flat|sharp|#|b|♭|♯))?[\s-]+(major|minor|dorian|phrygian|lydian|mixolydian)(?: key)?$/
const METRE = /^\d{1,2}\/(?:2|4|8|16)$/
const BPM = /^(\d{2,3}) ?bpm$/
/** What tags have behind or before the word that counts: "rock music", "instrument---piano" of MTG-Jamendo. */
const TRAILING = /\s+(?:music|songs?|sounds?|tracks?|tunes?|pieces?|beat|style|genre|mood|instrumental)$/
const LEADING = /^[a-z/]+---/

/** The words of the tables, found by tag whatever its spelling: hyphens, spaces, plurals, case. */
export class Words {
  readonly #bySpelling = new Map<string, Word>()
  readonly #without = new Map<string, string>()

  constructor({ genres, instruments, moods, others }: WordTables) {
    for (const [name, { also, adjective = name, noun, work, family }] of Object.entries(genres))
      this.#add(
        {
          group: 'genre',
          name,
          adjective,
          noun: noun ?? `${adjective} music`,
          ...(work && { work }),
          family,
        },
        also,
      )
    for (const [name, { also, plural = `${name}s`, family, verbs }] of Object.entries(instruments)) {
      const number = plural === 'only' ? 'plural' : plural === 'none' ? 'mass' : 'singular'
      this.#add(
        { group: 'instrument', name, number, ...(number === 'singular' && { plural }), family, verbs },
        also,
      )
    }
    for (const [name, { also, adjective = name, noun }] of Object.entries(moods))
      this.#add({ group: 'mood', name, adjective, ...(noun && { noun }) }, also)
    for (const [name, { also, mass }] of Object.entries(others.voice))
      this.#add(
        { group: 'voice', name, number: mass ? 'mass' : /^an? /.test(name) ? 'singular' : 'plural' },
        also,
      )
    for (const [name, { also }] of Object.entries(others.tempo))
      this.#add({ group: 'tempo', name, adjective: name }, also)
    for (const group of ['texture', 'production'] as const)
      for (const [name, { also, adjective, noun }] of Object.entries(others[group]))
        this.#add({ group, name, ...(adjective && { adjective }), ...(noun && { noun }) }, also)
    for (const [name, { also }] of Object.entries(others.era))
      this.#add({ group: 'era', name, adjective: name, noun: `the ${name}` }, also)
    for (const group of ['situation', 'language', 'key', 'metre'] as const)
      for (const [name, { also }] of Object.entries(others[group])) this.#add({ group, name }, also)
    for (const [tag, what] of Object.entries(others.without)) this.#without.set(squeezed(tag), what)
  }

  /** All words, each once. */
  get all(): readonly Word[] {
    return [...new Set(this.#bySpelling.values())]
  }

  /** All spellings, squeezed of case, blanks, hyphens and the like, with their words. */
  spellings(): Iterable<readonly [string, Word]> {
    return this.#bySpelling
  }

  /** What a tag says; undefined where the tables don't know. */
  find(tag: string): Meaning | undefined {
    const plain = tag.normalize('NFC').toLowerCase().trim().replace(LEADING, '').replace(/_/g, ' ')
    const missing = this.#without.get(squeezed(plain))
    if (missing !== undefined) return { word: this.#known(missing) ?? named(missing), negated: true }
    const word = this.#known(plain)
    if (word) return { word, negated: false }
    const negation = NEGATION.exec(plain)
    const negated = negation && this.#known(negation[1])
    return negated ? { word: negated, negated: true } : undefined
  }

  #known(plain: string): Word | undefined {
    return this.#spelt(plain) ?? this.#spelt(plain.replace(TRAILING, '')) ?? measured(plain)
  }

  #spelt(plain: string): Word | undefined {
    const key = squeezed(plain)
    const singular = [key.replace(/ies$/, 'y'), key.replace(/es$/, ''), key.replace(/s$/, '')]
    for (const spelling of [key, ...singular, `${key}s`]) {
      const word = this.#bySpelling.get(spelling)
      if (word) return word
    }
    return undefined
  }

  #add(forms: Omit<Word, 'number' | 'verbs'> & Partial<Word>, also: readonly string[]): void {
    const word: Word = { number: 'singular', verbs: [], ...forms }
    for (const spelling of [word.name, word.plural ?? word.name, ...also].map(squeezed))
      if (!this.#bySpelling.has(spelling)) this.#bySpelling.set(spelling, word)
  }
}

/** A spelling without what spellings differ in. */
const squeezed = (text: string): string => text.toLowerCase().replace(/[\s\-_'’.]/g, '')

/** What is absent and no word of the tables: "instruments". */
const named = (name: string): Word => ({
  group: 'instrument',
  name,
  number: name.endsWith('s') ? 'plural' : 'singular',
  verbs: [],
})

/** Keys, metres and tempos that are given exactly. */
function measured(plain: string): Word | undefined {
  const word = (group: WordGroup, name: string): Word => ({ group, name, number: 'singular', verbs: [] })
  const key = KEY.exec(plain)
  if (key) {
    const [, tonic, sign, mode] = key
    const accidental = sign === undefined ? '' : /^(flat|b|♭)$/.test(sign) ? ' flat' : ' sharp'
    return word('key', `${tonic.toUpperCase()}${accidental} ${mode}`)
  }
  if (METRE.test(plain)) return word('metre', plain)
  const bpm = BPM.exec(plain)
  return bpm ? word('bpm', bpm[1]) : undefined
}
