export {
  openBatches,
  type Batch,
  type Batches,
  type BatchesOptions,
  type PartOptions,
  type TrackChunks,
} from './node/batches.js'
export type { CacheProgress } from './node/audio-cache.js'
export { train } from './node/run.js'
export type { Reading, TrainEvent, TrainOptions } from './node/run-options.js'
export { originOfRun, recipeOfRun, type Origin } from './node/run-directory.js'
export type { Score, ScoredQueries } from './node/validation.js'
