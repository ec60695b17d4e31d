import type { Random } from '../../random/index.js'
import type { SynonymTable } from '../words/schema.js'
import { Lexicon, replaced, type Entry } from './lexicon.js'

/** Words that say the same, and texts in which they take each other's place: whole words, case, plural and article kept. */
export class Synonyms {
  readonly #lexicon: Lexicon<readonly Entry[]>

  constructor({ adjectives, nouns, masses }: SynonymTable) {
    const entries: [Entry, readonly Entry[]][] = []
    for (const [lists, counted] of [
      [adjectives, false],
      [nouns, true],
      [masses, false],
    ] as const)
      for (const list of lists) {
        const members = list.map((word): Entry => ({ word, counted }))
        for (const member of members) entries.push([member, members])
      }
    this.#lexicon = new Lexicon(entries)
  }

  /** @param chance of each word that has synonyms to be replaced */
  replace(text: string, chance: number, random: Random): string {
    const found = this.#lexicon.find(text).filter(() => random.chance(chance))
    return replaced(
      text,
      found.map((place) => {
        const others = place.values.flat().filter(({ word }) => word !== place.entry.word)
        return { ...place, by: random.pick(others) }
      }),
    )
  }
}
