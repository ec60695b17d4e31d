import type { Random } from '../../random/index.js'
import type { SwapTable } from '../words/schema.js'
import { Lexicon, replaced, type Entry, type Place } from './lexicon.js'

/** A text that says something else of the music, and where. */
export interface Swapped {
  readonly text: string
  /** As they stand in the texts. */
  readonly from: string
  readonly to: string
}

/** One side of a group whose sides contradict each other. */
interface Side {
  readonly words: readonly Entry[]
  readonly others: readonly Side[]
}

/**
 * TextSwap by tables (Manco et al. 2024, "Augment, Drop & Swap", section 3.3): a word is put in place of one that it
 * contradicts, so that the text is wrong, and hard to tell from the right one.
 */
export class SwapTables {
  readonly #lexicon: Lexicon<Side>

  constructor(table: SwapTable) {
    const entries: [Entry, Side][] = []
    for (const [kind, groups] of Object.entries(table))
      for (const group of Object.values(groups)) {
        const sides: { words: Entry[]; others: Side[] }[] = group.map((words) => ({
          words: words.map((word) => ({ word, counted: kind === 'nouns' })),
          others: [],
        }))
        for (const side of sides) {
          side.others.push(...sides.filter((other) => other !== side))
          for (const word of side.words) entries.push([word, side])
        }
      }
    this.#lexicon = new Lexicon(entries)
  }

  /**
   * Swaps one word of a text.
   * @param own all that is said of the same music: what it says, or what is near to that, is not put in
   * @returns undefined where no word can be swapped
   */
  swap(text: string, own: readonly string[], random: Random): Swapped | undefined {
    const said = new Set(
      [text, ...own].flatMap((each) => this.#lexicon.find(each).flatMap(({ values }) => values)),
    )
    const places = random.shuffle(this.#lexicon.find(text))
    for (const place of places) {
      const choices = wrong(place, said)
      if (choices.length === 0) continue
      const by = random.pick(random.pick(choices).words)
      const swapped = replaced(text, [{ ...place, by }])
      return { text: swapped, from: text.slice(place.from, place.to), to: by.word }
    }
    return undefined
  }
}

/** Sides that contradict all that a word may mean, and none of which is said. */
function wrong({ values }: Place<Side>, said: ReadonlySet<Side>): Side[] {
  return values
    .flatMap(({ others }) => others)
    .filter((side) => !said.has(side) && !values.includes(side))
    .filter((side) => side.words.length > 0)
}
