export {
  openBatches,
  type Batch,
  type Batches,
  type BatchesOptions,
  type PartOptions,
  type TrackChunks,
} from './node/batches.js'
export type { CacheProgress } from './node/audio-cache.js'
