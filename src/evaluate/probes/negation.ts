import type { Word, WordGroup } from '../../text/index.js'
import { meanFigure, type ProbeMaterial, type ProbePlan } from './figure.js'
import { larger, shareAbove } from './scores.js'
import { tracksByWord, type Subject } from './subject.js'

export interface NegationOptions {
  /** Which pieces are without something: those whose tags say so, or, of what no tag denies, all whose tags don't name it. */
  readonly absent: 'said' | 'unsaid'
  /** Pieces that there have to be with a thing, and without it. */
  readonly least: number
}

/** What music may be without, and what else is said of it. */
const THINGS: readonly WordGroup[] = ['instrument', 'voice']
const CONTEXTS: readonly WordGroup[] = ['tempo', 'mood', 'genre']

/** Of the pieces that a condition leaves on each side. */
const LEAST_IN_CONTEXT = 2

const WITH = (what: string, kind = 'music'): string => `${kind} with ${what}`
const WITHOUT = [
  (what: string, kind = 'music'): string => `${kind} without ${what}`,
  (what: string, kind = 'music'): string => `${kind}, no ${what}`,
]

interface Sides {
  readonly word: Word
  readonly having: readonly number[]
  readonly lacking: readonly number[]
}

/** A thing, and the pieces that have it and that don't: facts, whatever a model thinks. */
export function sidesOf(subjects: readonly Subject[], { absent, least }: NegationOptions): Sides[] {
  return [...tracksByWord(subjects, THINGS)].flatMap(([word, having]) => {
    const denied = subjects
      .filter(({ is, isNot }) => isNot.has(word) && !is.has(word))
      .map(({ item }) => item)
    const unsaid = subjects.filter(({ is }) => !is.has(word)).map(({ item }) => item)
    const lacking = denied.length > 0 || absent === 'said' ? denied : unsaid
    return having.length >= least && lacking.length >= least ? [{ word, having, lacking }] : []
  })
}

/**
 * "without drums" against "with drums": whether what is asked for stands above what isn't. A model that reads past the negation puts the
 * unwanted first, so that a half is chance and less is worse than that.
 */
export function negation({ subjects }: ProbeMaterial, options: NegationOptions): ProbePlan {
  const sides = sidesOf(subjects, options)
  const contexts = [...tracksByWord(subjects, CONTEXTS)]
  const conditioned = sides.flatMap(({ word, having, lacking }, group) =>
    contexts.flatMap(([context, items]) => {
      const inside = new Set(items)
      const both = {
        having: having.filter((x) => inside.has(x)),
        lacking: lacking.filter((x) => inside.has(x)),
      }
      if (both.having.length < LEAST_IN_CONTEXT || both.lacking.length < LEAST_IN_CONTEXT) return []
      return [{ ...both, word, group, kind: context.noun ?? `${context.adjective ?? context.name} music` }]
    }),
  )
  const texts = [...sides.map(({ word }) => ({ word, kind: 'music' })), ...conditioned].flatMap(
    ({ word: { name }, kind }) => [WITH(name, kind), ...WITHOUT.map((without) => without(name, kind))],
  )
  return {
    texts,
    changes: [],
    figures: (scores) => {
      const asked = [
        { prefix: '', cases: sides.map((each, group) => ({ ...each, group, kind: 'music' })) },
        { prefix: 'of a kind, ', cases: conditioned },
      ]
      return [
        ...asked.flatMap(({ prefix, cases }) => [
          ...meanFigure(
            `${prefix}with X: those with X above`,
            cases.map(({ word, having, lacking, kind, group }) => ({
              value: shareAbove(scores.row(WITH(word.name, kind)), having, lacking),
              group,
            })),
          ),
          ...meanFigure(
            `${prefix}without X: those without X above`,
            cases.map(({ word, having, lacking, kind, group }) => ({
              value:
                WITHOUT.reduce(
                  (sum, without) => sum + shareAbove(scores.row(without(word.name, kind)), lacking, having),
                  0,
                ) / WITHOUT.length,
              group,
            })),
          ),
        ]),
        ...meanFigure(
          'the true one of "with X" and "without X" nearer',
          sides.map(({ word, having, lacking }, group) => {
            const [yes, no] = [scores.row(WITH(word.name)), scores.row(WITHOUT[0](word.name))]
            const right = (items: readonly number[], a: Float32Array, b: Float32Array): number =>
              items.reduce((sum, item) => sum + larger(a[item], b[item]), 0) / items.length
            // Both sides count as much, so that always saying the same is chance.
            return { value: (right(having, yes, no) + right(lacking, no, yes)) / 2, group }
          }),
        ),
      ]
    },
  }
}
