export type { ItemEmbedding, JointEmbedding } from './embedding.js'
export { embedChunks, modelGate, type EmbeddedChunk, type EmbedChunksOptions } from './embed-chunks.js'
export type { Gate } from './gate.js'
export { combine, mean, normalised, unitMean } from './vector.js'
export { parseConfig, parseParity, type ModelConfig, type Parity } from './config.js'
export {
  ItemTable,
  joinFactors,
  readItemFactors,
  writeItemFactors,
  type FactorInputs,
  type ItemFactors,
} from './item-factors.js'
export type { CheckedEmbedding } from './joint-embedding.js'
export { loadModel, type ModelFiles } from './load.js'
export { makeModel, type ModelSource } from './make.js'
export { paritySound, type ParityReport } from './parity.js'
export { quantizeModel } from './quantize/quantize-model.js'
export { project, type ProjectionOptions } from './projection.js'
export {
  servingScope,
  trainingScope,
  type DropoutMask,
  type Scope,
  type ScopeParameter,
  type TrainingScope,
} from './scope.js'
export type { AudioEncoder, TextEncoder } from './towers/encoder.js'
export { createAudioEncoder, type AudioEncoderChoice } from './towers/audio-encoders.js'
export { createTextEncoder, type TextEncoderChoice } from './towers/text-encoders.js'
export { loadPretrained, type Pretrained, type PretrainedReport } from './towers/pretrained.js'
export type { PublishedConfig } from './towers/published-config.js'
