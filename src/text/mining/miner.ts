import type { Words } from '../words/words.js'
import { aspectsIn } from './aspects.js'
import type { MiningTable } from './mining-table.js'
import { relevanceOf } from './relevance.js'
import { TermIndex } from './terms.js'

/** A sentence, and what mining makes of it. */
export interface Mined {
  readonly sentence: string
  /** From 0 to 1, how much it says of what music sounds like; one clear word of sound is 0.5. */
  readonly relevance: number
  /** Short phrases in it that say what is heard. */
  readonly aspects: readonly string[]
}

/**
 * Finds what says how music sounds in text that says much else, by the words of the tables: after WikiMuTe (Weck et al. 2024),
 * which mines sentences and aspects from articles by a trained tagger, and the text filters of MuLan (Huang et al. 2022).
 */
export class Miner {
  readonly #index: TermIndex

  constructor(
    words: Words,
    private readonly table: MiningTable,
  ) {
    this.#index = new TermIndex(words, table)
  }

  mine(sentence: string): Mined {
    const reading = this.#index.read(sentence)
    return { sentence, relevance: relevanceOf(reading), aspects: aspectsIn(reading) }
  }

  /** Sentences that speak of sound, and others: what a sentence encoder compares with. */
  get prototypes(): MiningTable['prototypes'] {
    return this.table.prototypes
  }
}
