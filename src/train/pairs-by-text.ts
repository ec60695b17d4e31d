import type { Pair, Text } from '../data/index.js'
import { canDrawKind, isListed, type TextPolicy } from './draw-texts.js'

/**
 * A pair for each text that is drawn, the tags of a track, and its aspects, being one: so that a batch may be larger than there are tracks. A pair
 * without such a text stays as it is. They come text by text, in the order of the pairs.
 */
export function pairsByText(pairs: readonly Pair[], policy: TextPolicy): readonly Pair[] {
  return pairs.flatMap((pair) => {
    const drawn = pair.texts.filter(({ kind }) => canDrawKind(kind, policy))
    const kinds = [...new Set(drawn.map(({ kind }) => kind))]
    const groups = kinds.flatMap((kind): (readonly Text[])[] => {
      const texts = drawn.filter((text) => text.kind === kind)
      return isListed(kind) ? [texts] : texts.map((text) => [text])
    })
    return groups.length > 0 ? groups.map((texts) => ({ ...pair, texts })) : [pair]
  })
}
