import type { Word } from '../../text/index.js'
import { attributesText, drawAttributes, having, type Attributes } from './attributes.js'
import { meanFigure, type ProbeMaterial, type ProbePlan } from './figure.js'
import { larger, shareAbove } from './scores.js'

export interface CompositionOptions {
  /** How many attributes a text has. */
  readonly attributes: readonly number[]
  /** Texts of each number that are made of a piece, at most. */
  readonly per_track: number
}

/** A true text of a piece, and the same with one attribute that contradicts it. */
export interface Composition {
  readonly item: number
  readonly group: number
  readonly count: number
  readonly attributes: Attributes
  readonly swapped: Attributes
  readonly having: readonly number[]
  /** Pieces that have all of the attributes but one. */
  readonly allButOne: readonly number[]
}

export function compositions(
  { subjects, tables, random }: ProbeMaterial,
  { attributes: counts, per_track: perTrack }: CompositionOptions,
): Composition[] {
  /** A word of the same kind that contradicts it, and all that is said of the piece; undefined where the tables know none. */
  const contradiction = (word: Word, tags: readonly string[]): Word | undefined => {
    const swapped = tables.swaps.swap(word.name, tags, random)
    const meaning = swapped && tables.words.find(swapped.text)
    return meaning && !meaning.negated && meaning.word.group === word.group ? meaning.word : undefined
  }
  return counts.flatMap((count) =>
    subjects.flatMap((subject) => {
      const found = new Map<string, Composition>()
      for (let i = 0; i < perTrack; i++) {
        const attributes = drawAttributes(subject, count, random)
        if (!attributes) break
        const at = random.int(0, count - 1)
        const other = contradiction(attributes[at], subject.tags)
        if (!other || subject.is.has(other)) continue
        const swapped = attributes.map((word, place) => (place === at ? other : word))
        const allButOne = subjects
          .filter(({ is }) => attributes.filter((word) => is.has(word)).length === count - 1)
          .map(({ item }) => item)
        const { item, group } = subject
        found.set(attributesText(attributes), {
          item,
          group,
          count,
          attributes,
          swapped,
          having: having(subjects, attributes),
          allButOne,
        })
      }
      return [...found.values()]
    }),
  )
}

/**
 * Two or three attributes against the same with one swapped: whether a piece is nearer to the true text, and whether the text finds the
 * pieces that have all of it among those that have all but one. A half is chance.
 */
export function composition(material: ProbeMaterial, options: CompositionOptions): ProbePlan {
  const made = compositions(material, options)
  return {
    texts: made.flatMap(({ attributes, swapped }) => [attributesText(attributes), attributesText(swapped)]),
    changes: [],
    figures: (scores) =>
      options.attributes.flatMap((count) => {
        const cases = made.filter((each) => each.count === count)
        return [
          ...meanFigure(
            `${count} attributes: the true text nearer than the swapped`,
            cases.map(({ item, group, attributes, swapped }) => ({
              value: larger(
                scores.row(attributesText(attributes))[item],
                scores.row(attributesText(swapped))[item],
              ),
              group,
            })),
          ),
          ...meanFigure(
            `${count} attributes: pieces with all above those with all but one`,
            cases
              .filter(({ allButOne }) => allButOne.length > 0)
              .map(({ group, attributes, having, allButOne }) => ({
                value: shareAbove(scores.row(attributesText(attributes)), having, allButOne),
                group,
              })),
          ),
        ]
      }),
  }
}
