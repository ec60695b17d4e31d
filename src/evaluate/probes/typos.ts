import type { Random } from '../../random/index.js'
import { attributeQueries } from './attributes.js'
import type { ProbeMaterial, ProbePlan } from './figure.js'
import { variantPlan } from './variant-plan.js'

export interface TyposOptions {
  /** Edits of a text. */
  readonly edits: readonly number[]
}

const ATTRIBUTES = 3
const VARIANTS = 3
/** Words that a typo doesn't make another word of as easily. */
const LEAST_LETTERS = 4

/** Keys beside each other on a QWERTY keyboard. */
const ROWS = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm']

/** Queries with typing errors. */
export function typos({ subjects, random }: ProbeMaterial, { edits }: TyposOptions): ProbePlan {
  const queries = attributeQueries(subjects, ATTRIBUTES, random)
  return variantPlan(
    edits.map((count) => ({
      label: count === 1 ? 'one typo' : `${count} typos`,
      asked: queries.map((query) => ({
        ...query,
        variants: Array.from({ length: VARIANTS }, () => withTypos(query.text, count, random)),
      })),
    })),
  )
}

/** So many words of a text, each mistyped once: two letters in each other's place, one left out, doubled, or one beside it on the keyboard. */
export function withTypos(text: string, count: number, random: Random): string {
  const words = [...text.matchAll(/\p{L}+/gu)].filter(([word]) => word.length >= LEAST_LETTERS)
  const chosen = random
    .shuffle(words)
    .slice(0, count)
    .sort((a, b) => b.index - a.index)
  let result = text
  for (const { 0: word, index } of chosen)
    result = result.slice(0, index) + mistyped(word, random) + result.slice(index + word.length)
  return result
}

function mistyped(word: string, random: Random): string {
  // The first letter is seldom wrong.
  const at = random.int(1, word.length - 2)
  const [before, here, next, rest] = [word.slice(0, at), word[at], word[at + 1], word.slice(at + 1)]
  const kind = random.int(here === next ? 1 : 0, 3)
  if (kind === 0) return before + next + here + word.slice(at + 2)
  if (kind === 1) return before + rest
  if (kind === 2) return before + here + here + rest
  return before + beside(here, random) + rest
}

function beside(letter: string, random: Random): string {
  const row = ROWS.find((keys) => keys.includes(letter.toLowerCase()))
  if (!row) return random.pick([...'aeiourstln'].filter((other) => other !== letter))
  const at = row.indexOf(letter.toLowerCase())
  return random.pick([row[at - 1], row[at + 1]].filter((key) => key !== undefined))
}
