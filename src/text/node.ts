export { readTables, tablesDir } from './node/tables.js'
export {
  Captioner,
  readPrompts,
  type CaptionCounts,
  type CaptionerOptions,
  type CaptionModel,
} from './node/captioner.js'
export { readWordVectors, type ReadVectors, type ReadVectorsOptions } from './node/read-word-vectors.js'
