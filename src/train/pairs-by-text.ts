import type { Pair, Text } from '../data/index.js'
import { canDrawKind, type TextPolicy } from './draw-texts.js'

/**
 * A pair for each text that is drawn, the tags of a track being one: so that a batch may be larger than there are tracks. A pair
 * without such a text stays as it is. They come text by text, in the order of the pairs.
 */
export function pairsByText(pairs: readonly Pair[], policy: TextPolicy): readonly Pair[] {
  return pairs.flatMap((pair) => {
    const drawn = pair.texts.filter(({ kind }) => canDrawKind(kind, policy))
    const tags = drawn.filter(({ kind }) => kind === 'tag')
    const groups: (readonly Text[])[] = drawn.filter(({ kind }) => kind !== 'tag').map((text) => [text])
    if (tags.length > 0) groups.unshift(tags)
    return groups.length > 0 ? groups.map((texts) => ({ ...pair, texts })) : [pair]
  })
}
