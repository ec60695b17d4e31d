export {
  parseSafetensors,
  writeSafetensors,
  tensorBytes,
  float32,
  halfToFloat,
  floatToHalf,
  type DType,
  type NamedTensor,
  type SafetensorsFile,
  type TensorEntry,
} from './safetensors.js'
export { Graph, Tensor, type ElementArray, type ElementType, type GraphNode } from './graph.js'
export type { Dimension, Shape } from './dimension.js'
export { gradients } from './gradient/index.js'
export * from './elementwise.js'
export * from './activation.js'
export * from './arrangement.js'
export * from './reduction.js'
export { integerMatmul, linear, matmul } from './matmul.js'
export {
  conv1d,
  conv2d,
  type Convolution1dOptions,
  type ConvolutionOptions,
  type Padding,
} from './convolution.js'
export { adaptiveAvgPool, avgPool, maxPool, type Extent, type PoolOptions } from './pooling.js'
export {
  batchNorm,
  batchNormTraining,
  groupNorm,
  layerNorm,
  type BatchNormWeights,
  type NormOptions,
} from './normalization.js'
export * from './lookup.js'
export * from './attention.js'
export { toOnnx, type OnnxOptions } from './onnx.js'
export { embeddedWeights, externalWeights, type Weight } from './weights.js'
export {
  compile,
  openProgram,
  Program,
  type NumericArray,
  type OnnxRuntime,
  type ProgramInput,
  type ProgramOptions,
  type Value,
} from './program.js'
export { resize, type ResizeOptions } from './resize.js'
export { melFilterBank, type MelOptions } from './mel.js'
export { stftPower, type StftOptions } from './spectrum.js'
export { compress, logMel, standardize, type Compression, type LogMelOptions } from './log-mel.js'
export { multiplyAdds } from './cost.js'
export { wideConv2dMax, type WideConvolutionOptions } from './wide-convolution.js'
