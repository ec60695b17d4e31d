import type { Pair } from '../data/index.js'
import { AntiphonError } from '../errors/index.js'
import { Random } from '../random/index.js'
import { createTokenizer, isTerm, termOf, wordTokenizer } from '../text/index.js'

export interface UnseenTags {
  /** Of all tags. */
  readonly share: number
  readonly seed: number
}

/** Whether no training is to hear of a tag: it follows from the tag and the seed alone, whatever the data set. */
export function isUnseenTag(tag: string, { share, seed }: UnseenTags): boolean {
  return new Random(`${seed}/unseen/${termOf(tag)}`).next() < share
}

/**
 * The pairs without what tells of unseen tags: the tags themselves, and every other text that has one of them as whole words, but
 * for names. Pairs of which no text is left are left out. Which tags there are, all pairs tell (Choi et al. 2019 split the tags
 * so, and the tracks with them).
 * @throws AntiphonError `usage` where there are no tags
 */
export function withoutUnseenTags(pairs: readonly Pair[], all: readonly Pair[], unseen: UnseenTags): Pair[] {
  const tags = all.flatMap(({ texts }) =>
    texts.filter(({ kind }) => kind === 'tag').map(({ value }) => termOf(value)),
  )
  if (tags.length === 0)
    throw new AntiphonError(
      'usage',
      'data.unseen_tags: no pair has a tag; leave it out, or give the pairs tags',
    )
  const hidden = [...new Set(tags)].filter((tag) => isTerm(tag) && isUnseenTag(tag, unseen))
  const finder = createTokenizer(wordTokenizer(hidden), { maxTokens: Infinity })
  const tells = (text: string): boolean => finder.encode(text).some((id) => id > 0)
  return pairs.flatMap((pair) => {
    const texts = pair.texts.filter(({ kind, value }) => NAMES.has(kind) || !tells(value))
    return texts.length === 0 ? [] : [{ ...pair, texts }]
  })
}

const NAMES: ReadonlySet<string> = new Set(['title', 'artist', 'album'])
