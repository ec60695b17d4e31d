export type { MeasureEngine } from './retrieve.js'
export { drawPool } from './pool.js'
export { relevanceByLabel, relevanceOf, transpose, type Ranking } from './ranking.js'
export { checkVectors, rowOf, stackVectors, type Vectors } from './vectors.js'
export { answersByLabel, answersFromLists, answersOf, reverseAnswers, type Answers } from './answers.js'
export { scoreQueries, type ScoreQueriesOptions } from './score-queries.js'
export type { QueryScores } from './query-scores.js'
export { metricsOf, valueOf, type Metric } from './metric.js'
export {
  retrievalScores,
  scoreRanking,
  summarise,
  type RetrievalOptions,
  type RetrievalScores,
} from './retrieval.js'
export type { Interval, ResamplingOptions } from './resample.js'
export { intervals, type IntervalOptions } from './intervals.js'
export { compare, comparePaired, holm, type CompareOptions, type Difference } from './compare.js'
export {
  compareSubsets,
  largestDifferences,
  selectQueries,
  type QueryDifference,
  type Subset,
  type SubsetDifference,
} from './compare-queries.js'
export { rocAuc, ScoredItems, type Areas } from './score-areas.js'
export {
  scoreTags,
  taggingScores,
  type TaggingOptions,
  type TaggingScores,
  type TagScores,
} from './tagging.js'
export {
  promptMean,
  scoreClasses,
  zeroShot,
  type ClassScores,
  type ZeroShotOptions,
  type ZeroShotScores,
} from './zero-shot.js'
export { spaceScores, type Hubness, type SpaceOptions, type SpaceScores } from './space.js'
export { nearestItems } from './nearest-items.js'
export { parseProtocol, placesOf, type Direction, type Protocol, type Task } from './protocol.js'
export { makeTestSet, withoutItems, type Item, type Query, type TestSet } from './test-set.js'
export { assemble, type Embedded, type RawVectors } from './embedded.js'
export { measure, type MeasureOptions, type Measured } from './measure.js'
export { reportPage, type PageOptions } from './report/page.js'
export { compareModels, type CompareModelsOptions } from './compare-models.js'
export { queryGroups } from './query-groups.js'
export type { Comparison } from './report/comparison.js'
export { comparisonPage } from './report/comparison-page.js'
export { shown, shownFigure, shownP, shownRank } from './report/shown.js'
export type { Report, Result, Unit } from './report/report.js'
export { measureProbe, planProbe } from './probes/probe.js'
export { compareProbe } from './probes/compare-probe.js'
export { ProbeScores } from './probes/scores.js'
export { parseLanguages, type LanguageTable } from './probes/language-table.js'
export { groupsOf, type Groups } from './resample.js'
