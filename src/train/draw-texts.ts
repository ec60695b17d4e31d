import type { Text, TextKind } from '../data/index.js'
import type { Random } from '../random/index.js'
import type { Recipe } from './recipe.js'

export type TextPolicy = Recipe['text_policy']

/** Whether a pair has a text of a kind that the policy draws. */
export function canDraw(texts: readonly Text[], policy: TextPolicy): boolean {
  return texts.some(({ kind }) => weightOf(kind, policy) > 0)
}

/** Draws as many texts of a pair as the policy says, different ones as long as there are. */
export function drawTexts(texts: readonly Text[], policy: TextPolicy, random: Random): string[] {
  const drawn = new Set<string>()
  // Texts of a few tags come out alike now and then; one caption does so always.
  const mostTries = 8 * policy.texts
  for (let tries = 0; drawn.size < policy.texts && tries < mostTries; tries++)
    drawn.add(drawText(texts, policy, random))
  const all = [...drawn]
  return Array.from({ length: policy.texts }, (_, i) => all[i % all.length])
}

function drawText(texts: readonly Text[], policy: TextPolicy, random: Random): string {
  const kinds = [...new Set(texts.map(({ kind }) => kind))].filter((kind) => weightOf(kind, policy) > 0)
  const kind = drawKind(kinds, policy, random)
  const values = texts.filter((text) => text.kind === kind).map(({ value }) => value)
  return kind === 'tag' ? drawTags(values, policy, random) : random.pick(values)
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

function drawTags(tags: readonly string[], policy: TextPolicy, random: Random): string {
  const kept = tags.filter(() => !random.chance(policy.tag_dropout))
  const some = kept.length > 0 ? kept : [random.pick(tags)]
  switch (policy.tags) {
    case 'one':
      return random.pick(some)
    case 'all':
      return some.join(policy.tag_separator)
    case 'some':
      return random.shuffle(some).slice(0, random.int(1, some.length)).join(policy.tag_separator)
  }
}

const weightOf = (kind: TextKind, { kinds }: TextPolicy): number => kinds[kind] ?? 0
