import { Random, type Text } from '../data/index.js'

/**
 * Wrong texts that are nearly right: a word that tells something of the music is swapped for another of its kind, as in
 * TextSwap (Manco et al. 2024) and NegCLIP (Yuksekgonul et al. 2023). The words are the tags of the data set.
 */
export class TextSwap {
  private readonly known: readonly string[]

  constructor(tags: Iterable<string>) {
    this.known = [...new Set([...tags].map((tag) => tag.toLowerCase()))].sort()
  }

  /** How many words there are to choose from; a swap needs two. */
  get size(): number {
    return this.known.length
  }

  /** A text that says something else; `own` are all texts of the pair, none of whose tags is put in. */
  swap(text: string, own: readonly Text[], random: Random): string {
    const tags = new Set(own.filter(({ kind }) => kind === 'tag').map(({ value }) => value.toLowerCase()))
    const others = this.known.filter((tag) => !tags.has(tag) && !contains(text, tag))
    if (others.length === 0) return text
    const other = random.pick(others)
    const inside = this.known.filter((tag) => contains(text, tag))
    if (inside.length === 0) return other // nothing to swap: a text of another piece's tag
    return text.replace(pattern(random.pick(inside)), () => other)
  }
}

function contains(text: string, tag: string): boolean {
  return pattern(tag).test(text)
}

function pattern(tag: string): RegExp {
  const escaped = tag.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
  return new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, 'iu')
}
