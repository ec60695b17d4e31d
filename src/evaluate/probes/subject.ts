import type { Word, WordGroup, Words } from '../../text/index.js'
import type { Item } from '../test-set.js'

/** What is known of a piece, in words of the tables. */
export interface Subject {
  /** Place in the pool. */
  readonly item: number
  /** Of the track: figures are resampled by it. */
  readonly group: number
  readonly captions: readonly string[]
  readonly tags: readonly string[]
  /** What its tags say it is or has; each once. */
  readonly is: ReadonlySet<Word>
  /** What its tags say it is or has not. */
  readonly isNot: ReadonlySet<Word>
}

export function subjectsOf(items: readonly Item[], words: Words): Subject[] {
  const groups = new Map<string, number>()
  return items.map(({ texts, track }, item) => {
    const group = groups.get(track.id) ?? groups.size
    groups.set(track.id, group)
    const of = (kind: string): string[] =>
      texts.filter((text) => text.kind === kind).map(({ value }) => value)
    const tags = of('tag')
    const found = tags.flatMap((tag) => words.find(tag) ?? [])
    const isNot = new Set(found.filter(({ negated }) => negated).map(({ word }) => word))
    const is = new Set(found.filter(({ negated }) => !negated).map(({ word }) => word))
    return { item, group, captions: of('caption'), tags, is, isNot }
  })
}

/** Words of these groups, with the places of the pieces that have them, in order of name. */
export function tracksByWord(
  subjects: readonly Subject[],
  groups: readonly WordGroup[],
): Map<Word, readonly number[]> {
  const found = new Map<Word, number[]>()
  for (const { item, is } of subjects)
    for (const word of is)
      if (groups.includes(word.group)) {
        const items = found.get(word)
        if (items) items.push(item)
        else found.set(word, [item])
      }
  return new Map([...found].sort(([a], [b]) => (a.name < b.name ? -1 : 1)))
}
