import type { Pair } from '../data/index.js'

/** What validation asks, and which tracks answer. */
export interface Queries {
  readonly texts: readonly string[]
  /** By query: numbers of the items that answer it. */
  readonly answers: readonly (readonly number[])[]
  /** By item: which of the pairs have its audio. */
  readonly items: readonly (readonly number[])[]
}

/**
 * Text to music as validation asks it: every caption of the pairs, and of a pair without captions its tags in a row. A text
 * that several tracks have is one query that each of them answers.
 */
export function validationQueries(pairs: readonly Pair[], tagSeparator: string): Queries {
  const itemOf = new Map<string, number>()
  const items: number[][] = []
  const answers = new Map<string, Set<number>>()
  for (const [index, { track, texts }] of pairs.entries()) {
    let item = itemOf.get(track.id)
    if (item === undefined) {
      item = items.push([]) - 1
      itemOf.set(track.id, item)
    }
    items[item].push(index)
    for (const text of queriesOf(texts, tagSeparator)) {
      if (!answers.has(text)) answers.set(text, new Set())
      answers.get(text)!.add(item)
    }
  }
  return { texts: [...answers.keys()], answers: [...answers.values()].map((found) => [...found]), items }
}

function queriesOf(texts: Pair['texts'], tagSeparator: string): string[] {
  const captions = texts.filter(({ kind }) => kind === 'caption').map(({ value }) => value)
  if (captions.length > 0) return captions
  const tags = texts.filter(({ kind }) => kind === 'tag').map(({ value }) => value)
  return tags.length > 0 ? [tags.join(tagSeparator)] : texts.slice(0, 1).map(({ value }) => value)
}
