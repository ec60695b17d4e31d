import type { Random } from '../../random/index.js'
import type { Word, WordGroup } from '../../text/index.js'
import type { Subject } from './subject.js'

/** Kinds of attributes that a query is put together from, in the order in which it says them. */
export const ATTRIBUTES = ['tempo', 'mood', 'genre', 'instrument'] as const satisfies readonly WordGroup[]

/** One word of some of these kinds, no two of a kind. */
export type Attributes = readonly Word[]

/** "slow sad jazz music with piano" */
export function attributesText(attributes: Attributes): string {
  const of = (group: WordGroup): string[] =>
    attributes.filter((word) => word.group === group).map((word) => word.adjective ?? word.name)
  const described = [...of('tempo'), ...of('mood'), ...of('genre'), 'music'].join(' ')
  const instruments = of('instrument')
  return instruments.length > 0 ? `${described} with ${instruments.join(' and ')}` : described
}

/** So many attributes of a piece, no two of a kind, in the order of `ATTRIBUTES`; undefined where it has not as many. */
export function drawAttributes(
  { is }: Pick<Subject, 'is'>,
  count: number,
  random: Random,
): Attributes | undefined {
  const choices = ATTRIBUTES.map((group) => [...is].filter((word) => word.group === group)).filter(
    ({ length }) => length > 0,
  )
  if (choices.length < count) return undefined
  const kinds = random.shuffle(choices).slice(0, count)
  return kinds.map((words) => random.pick(words)).sort((a, b) => place(a) - place(b))
}

const place = ({ group }: Word): number => ATTRIBUTES.indexOf(group as (typeof ATTRIBUTES)[number])

/** Pieces that have all of these. */
export const having = (subjects: readonly Subject[], attributes: Attributes): number[] =>
  subjects.filter(({ is }) => attributes.every((word) => is.has(word))).map(({ item }) => item)

/** A query of attributes, and the pieces that have them all. */
export interface AttributeQuery {
  readonly attributes: Attributes
  readonly text: string
  readonly answers: readonly number[]
  readonly group: number
}

/** A query of each piece, no two alike. */
export function attributeQueries(
  subjects: readonly Subject[],
  count: number,
  random: Random,
): AttributeQuery[] {
  const found = new Map<string, AttributeQuery>()
  for (const subject of subjects) {
    const attributes = drawAttributes(subject, count, random)
    if (!attributes) continue
    const text = attributesText(attributes)
    if (!found.has(text))
      found.set(text, { attributes, text, answers: having(subjects, attributes), group: subject.group })
  }
  return [...found.values()]
}
