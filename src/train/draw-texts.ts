import type { Text, TextKind } from '../data/index.js'
import type { Random } from '../random/index.js'
import { captionFromTags, dropParts, type Tables } from '../text/index.js'
import type { Recipe } from './recipe.js'

export type TextPolicy = Recipe['text_policy']

/** Whether a pair has a text of a kind that the policy draws. */
export function canDraw(texts: readonly Text[], policy: TextPolicy): boolean {
  return texts.some(({ kind }) => canDrawKind(kind, policy))
}

export const canDrawKind = (kind: TextKind, policy: TextPolicy): boolean => weightOf(kind, policy) > 0

/** Whether texts are drawn with the help of the tables. */
export const needsTables = ({ tag_captions, synonyms }: TextPolicy): boolean =>
  tag_captions > 0 || synonyms > 0

/**
 * Draws as many texts of a pair as the policy says, different ones as long as there are.
 * @param tables where the policy needs them
 */
export function drawTexts(
  texts: readonly Text[],
  policy: TextPolicy,
  random: Random,
  tables?: Tables,
): string[] {
  if (!tables && needsTables(policy)) throw new RangeError('tag_captions and synonyms need tables')
  const drawn = new Set<string>()
  // Texts of a few tags come out alike now and then; one caption does so always.
  const mostTries = 8 * policy.texts
  for (let tries = 0; drawn.size < policy.texts && tries < mostTries; tries++)
    drawn.add(drawText(texts, policy, random, tables))
  const all = [...drawn]
  return Array.from({ length: policy.texts }, (_, i) => all[i % all.length])
}

/** Kinds that are names: they are not put in other words. */
const NAMES: ReadonlySet<TextKind> = new Set(['title', 'artist', 'album'])

function drawText(texts: readonly Text[], policy: TextPolicy, random: Random, tables?: Tables): string {
  const kinds = [...new Set(texts.map(({ kind }) => kind))].filter((kind) => canDrawKind(kind, policy))
  const kind = drawKind(kinds, policy, random)
  const values = texts.filter((text) => text.kind === kind).map(({ value }) => value)
  if (NAMES.has(kind)) return random.pick(values)
  const text =
    kind === 'tag' ? sayTags(drawTags(values, policy, random), policy, random, tables) : random.pick(values)
  const shorter = policy.dropout > 0 && kind !== 'tag' ? dropParts(text, policy.dropout, random) : text
  return policy.synonyms > 0 ? tables!.synonyms.replace(shorter, policy.synonyms, random) : shorter
}

/** Tags in a row, or now and then in sentences. */
function sayTags(tags: readonly string[], policy: TextPolicy, random: Random, tables?: Tables): string {
  const isSaid = policy.tag_captions > 0 && random.chance(policy.tag_captions)
  const said = isSaid ? captionFromTags(tags, random, { words: tables!.words }) : undefined
  return said ?? tags.join(policy.tag_separator)
}

function drawKind(kinds: readonly TextKind[], policy: TextPolicy, random: Random): TextKind {
  const total = kinds.reduce((sum, kind) => sum + weightOf(kind, policy), 0)
  let left = random.next() * total
  for (const kind of kinds) {
    left -= weightOf(kind, policy)
    if (left < 0) return kind
  }
  return kinds[kinds.length - 1]
}

function drawTags(tags: readonly string[], policy: TextPolicy, random: Random): readonly string[] {
  const kept = tags.filter(() => !random.chance(policy.tag_dropout))
  const some = kept.length > 0 ? kept : [random.pick(tags)]
  switch (policy.tags) {
    case 'one':
      return [random.pick(some)]
    case 'all':
      return some
    case 'some':
      return random.shuffle(some).slice(0, random.int(1, some.length))
  }
}

const weightOf = (kind: TextKind, { kinds }: TextPolicy): number => kinds[kind] ?? 0
