import { AntiphonError } from '../errors/index.js'

/**
 * Which items answer which query, any number of them: those of query q are `answers[offsets[q]]` up to, not including,
 * `answers[offsets[q + 1]]`, ascending. A query without an answer is not scored.
 */
export interface Answers {
  readonly queries: number
  readonly items: number
  /** [queries + 1] */
  readonly offsets: Int32Array
  /** [pairs] */
  readonly answers: Int32Array
}

/** Answers from a list of items for each query, in any order. */
export function answersFromLists(lists: readonly (readonly number[])[], items: number): Answers {
  const offsets = new Int32Array(lists.length + 1)
  lists.forEach((list, query) => {
    offsets[query + 1] = offsets[query] + list.length
  })
  const answers = new Int32Array(offsets[lists.length])
  lists.forEach((list, query) => {
    answers.set(
      [...list].sort((a, b) => a - b),
      offsets[query],
    )
  })
  const made = { queries: lists.length, items, offsets, answers }
  checkAnswers(made)
  return made
}

/** Answers where equal labels belong together: the track of a caption (several captions a track), or the style of a piece. */
export function answersByLabel(
  queryLabels: readonly (string | number)[],
  itemLabels: readonly (string | number)[],
): Answers {
  const byLabel = new Map<string | number, number[]>()
  itemLabels.forEach((label, item) => {
    const found = byLabel.get(label)
    if (found) found.push(item)
    else byLabel.set(label, [item])
  })
  return answersFromLists(
    queryLabels.map((label) => byLabel.get(label) ?? []),
    itemLabels.length,
  )
}

/** The other direction: items become queries, so text to audio becomes audio to text. */
export function reverseAnswers({ queries, items, offsets, answers }: Answers): Answers {
  const reversed = new Int32Array(items + 1)
  for (const item of answers) reversed[item + 1]++
  for (let item = 0; item < items; item++) reversed[item + 1] += reversed[item]
  const next = reversed.slice()
  const found = new Int32Array(answers.length)
  for (let query = 0; query < queries; query++)
    for (let at = offsets[query]; at < offsets[query + 1]; at++) found[next[answers[at]]++] = query
  return { queries: items, items: queries, offsets: reversed, answers: found }
}

/** The answers of one query, without a copy. */
export function answersOf({ offsets, answers }: Answers, query: number): Int32Array {
  return answers.subarray(offsets[query], offsets[query + 1])
}

/** @throws AntiphonError `shape` where offsets don't go up to the number of pairs, or a query's answers aren't items, ascending. */
export function checkAnswers({ queries, items, offsets, answers }: Answers): void {
  if (offsets.length !== queries + 1 || offsets[0] !== 0 || offsets[queries] !== answers.length)
    throw new AntiphonError(
      'shape',
      `Offsets of answers: ${offsets.length}, from ${offsets[0]} to ${offsets.at(-1)}; expected ${queries + 1}, from 0 to ${answers.length}`,
    )
  for (let query = 0; query < queries; query++) {
    if (offsets[query] > offsets[query + 1])
      throw new AntiphonError('shape', `Offsets of answers descend after query ${query}`)
    for (let at = offsets[query], before = -1; at < offsets[query + 1]; before = answers[at++])
      if (!(answers[at] > before && answers[at] < items))
        throw new AntiphonError(
          'shape',
          `Query ${query} is answered by item ${answers[at]} after ${before}; expected each of ${items} items at most once, ascending`,
        )
  }
}
