import { artistsOf, plain } from './artists.js'
import { Fingerprints } from './fingerprints.js'
import {
  TEXT_KINDS,
  type Pair,
  type PairSet,
  type PartName,
  type Text,
  type TextKind,
  type WrongRow,
} from './pair.js'

/** What a data set holds. */
export interface Census {
  readonly rows: number
  readonly pairs: number
  /** Pairs that say what another one of the same audio says. */
  readonly repeatedPairs: number
  /** Audio files that nothing is said of. */
  readonly withoutText: number
  readonly tracks: number
  readonly artists: number
  readonly pairsWithArtist: number
  readonly albums: number
  readonly texts: Readonly<Partial<Record<TextKind, TextCensus>>>
  /** Different words in all texts together, case aside. */
  readonly vocabulary: number
  /** The most frequent first; as many as were asked for. */
  readonly tags: readonly { readonly tag: string; readonly pairs: number }[]
  /** Different tags. */
  readonly distinctTags: number
  /** Pairs by published part. */
  readonly parts: Readonly<Partial<Record<PartName, number>>>
  /** What is in more than one published part, though a split should keep it together. */
  readonly leaks: { readonly tracks: number; readonly artists: number }
  readonly wrong: { readonly rows: number; readonly first: readonly WrongRow[] }
}

export interface TextCensus {
  readonly texts: number
  /** Texts that another pair has, word for word, case aside; the first of each is none. */
  readonly duplicates: number
  readonly words: number
  /** Words of the longest. */
  readonly longest: number
}

const MOST_WRONG = 100
/** Different tags that are counted by name; a data set with more of them has sentences for tags. */
const MOST_TAGS = 200_000
const BIT: Readonly<Record<PartName, number>> = { train: 1, validation: 2, test: 4 }

/** Counts what goes by, in memory that grows by a few bytes a row. */
export class CensusTaker {
  private readonly numbers = {
    rows: 0,
    pairs: 0,
    repeatedPairs: 0,
    withoutText: 0,
    pairsWithArtist: 0,
    wrong: 0,
  }
  private readonly texts = new Map<
    Text['kind'],
    { texts: number; words: number; longest: number; seen: Fingerprints }
  >()
  private readonly vocabulary = new Fingerprints()
  private readonly said = new Fingerprints()
  private readonly tracks = new Fingerprints()
  private readonly artists = new Fingerprints()
  private readonly albums = new Fingerprints()
  private readonly tags = new Map<string, number>()
  private readonly distinctTags = new Fingerprints()
  private readonly parts: Partial<Record<PartName, number>> = {}
  private readonly wrong: WrongRow[] = []

  add({ rows, pairs, wrong, withoutText }: PairSet): void {
    this.numbers.rows += rows
    this.numbers.withoutText += withoutText
    this.numbers.wrong += wrong.length
    this.wrong.push(...wrong.slice(0, MOST_WRONG - this.wrong.length))
    for (const pair of pairs) this.addPair(pair)
  }

  /** @param options.tags how many of the most frequent. @default 20 */
  result({ tags: most = 20 }: { tags?: number } = {}): Census {
    const { wrong, ...numbers } = this.numbers
    const texts: Partial<Record<TextKind, TextCensus>> = {}
    for (const kind of TEXT_KINDS) {
      const found = this.texts.get(kind)
      if (!found) continue
      const { seen, ...counts } = found
      texts[kind] = { ...counts, duplicates: counts.texts - seen.size }
    }
    const byCount = ([a, m]: [string, number], [b, n]: [string, number]): number => n - m || (a < b ? -1 : 1)
    return {
      ...numbers,
      tracks: this.tracks.size,
      artists: this.artists.size,
      albums: this.albums.size,
      texts,
      vocabulary: this.vocabulary.size,
      tags: [...this.tags]
        .sort(byCount)
        .slice(0, most)
        .map(([tag, pairs]) => ({ tag, pairs })),
      distinctTags: this.distinctTags.size,
      parts: this.parts,
      leaks: { tracks: inSeveral(this.tracks), artists: inSeveral(this.artists) },
      wrong: { rows: wrong, first: this.wrong },
    }
  }

  private addPair({ audio, track, texts }: Pair): void {
    const { artist, album, part, id } = track
    const bit = part ? BIT[part] : 0
    this.numbers.pairs++
    if (part) this.parts[part] = (this.parts[part] ?? 0) + 1
    this.tracks.mark(id, bit)
    for (const name of artistsOf(artist)) this.artists.mark(name, bit)
    if (artist) this.numbers.pairsWithArtist++
    if (album) this.albums.mark(`${plain(artist ?? '')}\n${plain(album)}`, bit)
    let all = `${audio.path}\n${audio.start ?? ''}\n${audio.bytes?.[0] ?? ''}`
    for (const { kind, value } of texts) {
      this.addText(kind, plain(value))
      all += `\n${kind}\n${value}`
    }
    if (this.said.add(all) > 0) this.numbers.repeatedPairs++
  }

  private addText(kind: Text['kind'], value: string): void {
    if (!this.texts.has(kind))
      this.texts.set(kind, { texts: 0, words: 0, longest: 0, seen: new Fingerprints() })
    const found = this.texts.get(kind)!
    const words = value.match(/[\p{L}\p{N}'’&-]+/gu) ?? []
    found.texts++
    found.words += words.length
    found.longest = Math.max(found.longest, words.length)
    found.seen.add(value)
    for (const word of words) this.vocabulary.mark(word, 0)
    if (kind !== 'tag') return
    this.distinctTags.mark(value, 0)
    const before = this.tags.get(value)
    if (before !== undefined || this.tags.size < MOST_TAGS) this.tags.set(value, (before ?? 0) + 1)
  }
}

/** How many have more than one bit set. */
function inSeveral(marks: Fingerprints): number {
  let count = 0
  for (const bits of marks.counts()) if ((bits & (bits - 1)) !== 0) count++
  return count
}
