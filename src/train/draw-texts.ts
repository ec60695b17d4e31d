import type { Text } from '../data/index.js'
import type { Random } from '../random/index.js'
import { captionFromTags, dropParts, type Tables } from '../text/index.js'
import type { DrawnKind, Recipe } from './recipe.js'

export type TextPolicy = Recipe['text_policy']

/** A text that a pair answers for what is known of its track, drawn anew each time. */
export type Similarity = (random: Random) => string

/** Whether there is a text of a kind that the policy draws. */
export function canDraw(texts: readonly Text[], policy: TextPolicy, similarity?: Similarity): boolean {
  return kindsOf(texts, policy, similarity).length > 0
}

export const canDrawKind = (kind: DrawnKind, policy: TextPolicy): boolean => weightOf(kind, policy) > 0

/** Whether texts are drawn with the help of the tables. */
export const needsTables = ({ tag_captions, synonyms }: TextPolicy): boolean =>
  tag_captions > 0 || synonyms > 0

/**
 * Draws as many texts of a pair as the policy says, different ones as long as there are.
 * @param tables where the policy needs them
 * @param similarity where a graph knows what the track is like
 */
export function drawTexts(
  texts: readonly Text[],
  policy: TextPolicy,
  random: Random,
  tables?: Tables,
  similarity?: Similarity,
): string[] {
  if (!tables && needsTables(policy)) throw new RangeError('tag_captions and synonyms need tables')
  const drawn = new Set<string>()
  // Texts of a few tags come out alike now and then; one caption does so always.
  const mostTries = 8 * policy.texts
  for (let tries = 0; drawn.size < policy.texts && tries < mostTries; tries++)
    drawn.add(drawText(texts, policy, random, { tables, similarity }))
  const all = [...drawn]
  return Array.from({ length: policy.texts }, (_, i) => all[i % all.length])
}

/** Kinds whose texts are short, and are said several at once. */
export const isListed = (kind: DrawnKind): boolean => kind === 'tag' || kind === 'aspect'

/** Kinds that are names: they are not put in other words. */
const NAMES: ReadonlySet<DrawnKind> = new Set(['title', 'artist', 'album'])

/** All kinds that there are, in the order in which they come. */
function kindsOf(texts: readonly Text[], policy: TextPolicy, similarity?: Similarity): DrawnKind[] {
  const kinds = new Set<DrawnKind>(texts.map(({ kind }) => kind))
  if (kinds.has('title')) kinds.add('metadata')
  if (similarity) kinds.add('similarity')
  return [...kinds].filter((kind) => canDrawKind(kind, policy))
}

function drawText(
  texts: readonly Text[],
  policy: TextPolicy,
  random: Random,
  { tables, similarity }: { readonly tables?: Tables; readonly similarity?: Similarity },
): string {
  const kind = drawKind(kindsOf(texts, policy, similarity), policy, random)
  if (kind === 'similarity') return similarity!(random)
  if (kind === 'metadata') return metadata(texts)
  const values = texts.filter((text) => text.kind === kind).map(({ value }) => value)
  if (NAMES.has(kind)) return random.pick(values)
  const text = isListed(kind)
    ? sayTags(drawTags(values, policy, random), policy, random, tables)
    : random.pick(values)
  const shorter = policy.dropout > 0 && !isListed(kind) ? dropParts(text, policy.dropout, random) : text
  return policy.synonyms > 0 ? tables!.synonyms.replace(shorter, policy.synonyms, random) : shorter
}

/** Title, artist and album in a sentence's order, as TTMR++ writes metadata (Doh et al. 2024; mtrpp/datasets/msd.py of their code). */
function metadata(texts: readonly Text[]): string {
  const named = (kind: Text['kind'], before: string): string[] => {
    const text = texts.find((one) => one.kind === kind)
    return text ? [`${before} ${text.value}`] : []
  }
  return [...named('title', 'music track'), ...named('artist', 'by'), ...named('album', 'from')].join(' ')
}

/** Tags in a row, or now and then in sentences. */
function sayTags(tags: readonly string[], policy: TextPolicy, random: Random, tables?: Tables): string {
  const isSaid = policy.tag_captions > 0 && random.chance(policy.tag_captions)
  const said = isSaid ? captionFromTags(tags, random, { words: tables!.words }) : undefined
  return said ?? tags.join(policy.tag_separator)
}

function drawKind(kinds: readonly DrawnKind[], policy: TextPolicy, random: Random): DrawnKind {
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

const weightOf = (kind: DrawnKind, { kinds }: TextPolicy): number => kinds[kind] ?? 0
