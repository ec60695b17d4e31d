import type { Text } from '../data/index.js'
import type { Random } from '../random/index.js'
import type { SwapTables } from '../text/index.js'

/**
 * Wrong texts that are nearly right: a word that tells something of the music is swapped for another of its kind, as in
 * TextSwap (Manco et al. 2024) and NegCLIP (Yuksekgonul et al. 2023). The words are those of a table of what contradicts what,
 * where there is one, and the tags of the data set.
 */
export class TextSwap {
  private readonly known: readonly string[]
  private readonly patterns = new Map<string, RegExp>()

  constructor(
    tags: Iterable<string>,
    private readonly table?: SwapTables,
  ) {
    this.known = [...new Set([...tags].map((tag) => tag.toLowerCase()))].sort()
    for (const tag of this.known) this.patterns.set(tag, pattern(tag))
  }

  /** How many words there are to choose from; a swap needs two. */
  get size(): number {
    return this.known.length
  }

  /** A text that says something else; `own` are all texts of the pair, none of whose tags is put in. */
  swap(text: string, own: readonly Text[], random: Random): string {
    const byTable = this.table?.swap(text, saysOfSound(own), random)
    if (byTable) return byTable.text
    const tags = new Set(own.filter(({ kind }) => kind === 'tag').map(({ value }) => value.toLowerCase()))
    const inside = this.tagsIn(text)
    const others = this.known.filter((tag) => !tags.has(tag) && !inside.has(tag))
    if (others.length === 0) return text
    const other = random.pick(others)
    if (inside.size === 0) return other // nothing to swap: a text of another piece's tag
    return text.replace(this.patterns.get(random.pick([...inside]))!, () => other)
  }

  /** Tags that stand in a text as whole words; thousands are asked for each text, so those that can't be are left out first. */
  private tagsIn(text: string): Set<string> {
    const plain = text.toLowerCase()
    return new Set(this.known.filter((tag) => plain.includes(tag) && this.patterns.get(tag)!.test(text)))
  }
}

/** Texts that say what the music is like; titles and names may say anything. */
const saysOfSound = (texts: readonly Text[]): string[] =>
  texts.filter(({ kind }) => kind === 'caption' || kind === 'tag').map(({ value }) => value)

function pattern(tag: string): RegExp {
  const escaped = tag.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
  return new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, 'iu')
}
