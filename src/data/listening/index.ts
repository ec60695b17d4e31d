export { describeListening, type ListeningSummary, type Spread } from './describe.js'
export {
  factorCost,
  factorize,
  factorSweeps,
  type FactorOptions,
  type FactorProgress,
  type ListeningFactors,
} from './factors.js'
export {
  itemSimilarity,
  type CountWeight,
  type ItemNeighbours,
  type ItemSimilarityOptions,
} from './item-similarity.js'
export { leaveOut, type LeaveOutOptions, type LeftOut } from './leave-out.js'
export { listeningLines } from './listening-lines.js'
export { ListeningBuilder, ListeningMatrix, type ListeningRow } from './matrix.js'
export { Names } from './names.js'
export { recommendByFactors, recommendByItems, recommendByScore, type RecommendOptions } from './recommend.js'
export type { SparseRows } from './sparse.js'
