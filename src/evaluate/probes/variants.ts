import { meanFigure, type Figure } from './figure.js'
import { rankOf, type ProbeScores } from './scores.js'

/** A query, and other ways of asking it. */
export interface Asked {
  readonly text: string
  /** Unlike the text and each other; at least one. */
  readonly variants: readonly string[]
  /** Items that answer it, at least one. */
  readonly answers: readonly number[]
  readonly group: number
}

const PLACES = 10

export const textsOf = (asked: readonly Asked[]): string[] =>
  asked.flatMap(({ text, variants }) => [text, ...variants])

/**
 * What becomes of queries that are asked otherwise: how near the vectors stay, how many are found among the first ten before and after, and
 * how far the first answer moves. Ranks are compared by their ratio: a shift of 1 is twice as far down. The spread is the standard
 * deviation of the same over all ways of asking.
 */
export function variantFigures(label: string, asked: readonly Asked[], scores: ProbeScores): Figure[] {
  const cases = asked.map(({ text, variants, answers, group }) => {
    const before = rankOf(scores.row(text), answers)
    const after = variants.map((variant) => rankOf(scores.row(variant), answers))
    const found = after.map((rank) => (rank <= PLACES ? 1 : 0))
    return {
      group,
      cosine: mean(variants.map((variant) => scores.between(text, variant))),
      before: before <= PLACES ? 1 : 0,
      after: mean(found),
      worst: Math.min(before <= PLACES ? 1 : 0, ...found),
      shift: mean(after.map((rank) => Math.log2(rank / before))),
      spread: deviation([before, ...after].map(Math.log2)),
    }
  })
  const several = asked.some(({ variants }) => variants.length > 1)
  const of = (name: string, key: Exclude<keyof (typeof cases)[number], 'group'>, higherIsBetter = true) =>
    meanFigure(
      `${label}: ${name}`,
      cases.map((each) => ({ value: each[key], group: each.group })),
      { higherIsBetter },
    )
  return [
    ...of('cosine', 'cosine'),
    ...of(`R@${PLACES} before`, 'before'),
    ...of(`R@${PLACES} after`, 'after'),
    ...(several ? of(`R@${PLACES} at worst`, 'worst') : []),
    ...of('rank shift (log2)', 'shift', false),
    ...(several ? of('rank spread (log2)', 'spread', false) : []),
  ]
}

const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length

function deviation(values: readonly number[]): number {
  const middle = mean(values)
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)))
}
