import type { Random } from '../../random/index.js'
import { attributeQueries } from './attributes.js'
import { captionQueries } from './captions.js'
import type { ProbeMaterial, ProbePlan } from './figure.js'
import { variantPlan } from './variant-plan.js'

const ATTRIBUTES = 3
const ORDERS = 3

/** The same in another order: attributes in a list and clauses of a caption, which mean what they meant; and words, which don't. */
export function order({ subjects, random }: ProbeMaterial): ProbePlan {
  const lists = attributeQueries(subjects, ATTRIBUTES, random).map(({ attributes, answers, group }) => {
    const names = attributes.map(({ name }) => name)
    const variants = permutations(names).map((each) => each.join(', '))
    return { text: names.join(', '), variants, answers, group }
  })
  const captions = captionQueries(subjects)
  const reordered = (change: (text: string) => string) =>
    captions.map((query) => ({
      ...query,
      variants: Array.from({ length: ORDERS }, () => change(query.text)),
    }))
  return variantPlan([
    { label: 'attributes permuted', asked: lists },
    { label: 'clauses permuted', asked: reordered((text) => permuteClauses(text, random)) },
    { label: 'words shuffled', asked: reordered((text) => shuffleWords(text, random)) },
  ])
}

/** All orders of a list but its own. */
export function permutations<T>(items: readonly T[]): T[][] {
  if (items.length < 2) return []
  const all = (rest: readonly T[]): T[][] =>
    rest.length === 0
      ? [[]]
      : rest.flatMap((first, at) => all(rest.filter((_, i) => i !== at)).map((tail) => [first, ...tail]))
  return all(items).slice(1)
}

/** Sentences in another order, and behind each head the clauses that commas part, too. */
export function permuteClauses(text: string, random: Random): string {
  const sentences = text.match(/[^.!?…]+[.!?…]*/g) ?? [text]
  const permuted = sentences.map((sentence) => {
    const end = /[.!?…]*\s*$/.exec(sentence)![0].trim()
    const [head, ...clauses] = sentence
      .slice(0, sentence.length - end.length)
      .trim()
      .replace(/[.!?…]+$/, '')
      .split(/\s*[,;]\s+/)
    return [head, ...random.shuffle(clauses)].join(', ') + (end || '')
  })
  return random.shuffle(permuted).join(' ')
}

export function shuffleWords(text: string, random: Random): string {
  return random.shuffle(text.split(/\s+/)).join(' ')
}
