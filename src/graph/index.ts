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
