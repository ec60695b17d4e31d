import { answersFromLists } from './answers.js'
import { similarityOf, type Embedded } from './embedded.js'
import type { Metric } from './metric.js'
import type { Protocol } from './protocol.js'
import { relevanceOf } from './ranking.js'
import type { TagFigures } from './report/report.js'
import { groupsOf, type Groups, type Interval } from './resample.js'
import { groupsOfItems, type MeasureEngine } from './retrieve.js'
import { scoreMatrix } from './score-matrix.js'
import { scoreTags } from './tagging.js'
import type { TestSet } from './test-set.js'
import { scoreClasses } from './zero-shot.js'

export interface JudgeOptions extends MeasureEngine {
  readonly set: TestSet
  readonly protocol: Protocol
  readonly embedded: Embedded
  readonly samples?: number
  readonly seed?: number
}

/** Tags or classes, scored. */
export interface Judged {
  /** By the name of the metric: bounds by tracks resampled. */
  readonly figures: Readonly<Record<string, Interval>>
  /** What each tag (of a tagging) or track (of a classification) adds to a figure, which is their mean. */
  readonly metrics: readonly Metric[]
  /** Which of these belong together where two models are compared. */
  readonly groups: Groups
  readonly tags: readonly TagFigures[]
  /** Rows are what tracks are, columns what they were taken for. */
  readonly confusion: readonly (readonly number[])[] | null
}

/**
 * Scores a tagging (areas under the curves of each tag) or a zero-shot classification (each track gets the class that is nearest).
 * @throws AntiphonError `failed` where there are too many scores to hold
 */
export async function judge(options: JudgeOptions): Promise<Judged> {
  const { embedded, runtime, engine } = options
  const similarity = embedded.offsets
    ? similarityOf(embedded).similarity
    : await scoreMatrix({ queries: embedded.queries, items: embedded.items, runtime, engine })
  return options.protocol.task === 'tagging'
    ? tagging(options, similarity)
    : classification(options, similarity)
}

function tagging({ set, samples, seed }: JudgeOptions, similarity: Float32Array): Judged {
  const { queries, items } = set
  const answers = answersFromLists(
    queries.map((query) => query.answers),
    items.length,
  )
  const { perTag, rocAuc, prAuc } = scoreTags(
    { queries: queries.length, items: items.length, similarity, relevance: relevanceOf(answers) },
    { groups: groupsOfItems(set), samples, seed },
  )
  const scored = new Map(perTag.map((tag) => [tag.tag, tag]))
  const count = perTag.length
  return {
    figures: { 'ROC-AUC': rocAuc, 'PR-AUC': prAuc },
    metrics: [
      mean(
        'ROC-AUC',
        Float64Array.from(perTag, (tag) => tag.rocAuc),
      ),
      mean(
        'PR-AUC',
        Float64Array.from(perTag, (tag) => tag.prAuc),
      ),
    ],
    groups: { count, of: Int32Array.from({ length: count }, (_, tag) => tag) },
    tags: queries.map(({ text, answers: tracks }, tag) => {
      const { rocAuc: roc = null, prAuc: pr = null } = scored.get(tag) ?? {}
      return { tag: text, tracks: tracks.length, figures: { 'ROC-AUC': roc, 'PR-AUC': pr } }
    }),
    confusion: null,
  }
}

function classification({ set, samples, seed }: JudgeOptions, similarity: Float32Array): Judged {
  const { queries, items } = set
  const labels = new Int32Array(items.length)
  queries.forEach(({ answers }, label) => answers.forEach((item) => (labels[item] = label)))
  const groups = groupsOfItems(set)
  const { accuracy, balancedAccuracy, perClass, confusion, predicted } = scoreClasses(
    { classes: queries.length, similarity, labels },
    { groups, samples, seed },
  )
  const right = Float64Array.from(predicted, (label, item) => (label === labels[item] ? 1 : 0))
  // Weights that make the mean over tracks one over classes.
  const balance = (item: number): number => items.length / queries.length / perClass[labels[item]].tracks
  const all = Int32Array.from(items, (_, item) => item)
  return {
    figures: { accuracy, 'balanced accuracy': balancedAccuracy },
    metrics: [
      mean('accuracy', right),
      mean(
        'balanced accuracy',
        right.map((value, item) => value * balance(item)),
      ),
    ],
    groups: groupsOf(all, items.length, groups),
    tags: queries.map(({ text }, label) => {
      const { tracks, recall } = perClass[label]
      return { tag: text, tracks, figures: { recall: Number.isNaN(recall) ? null : recall } }
    }),
    confusion: queries.map((_, label) => [
      ...confusion.subarray(label * queries.length, (label + 1) * queries.length),
    ]),
  }
}

const mean = (name: string, values: Float64Array): Metric => ({
  name,
  values,
  average: 'mean',
  higherIsBetter: true,
})
