export {
  DecoderPool,
  type DecodeOptions,
  type DecoderPoolOptions,
  type FileOptions,
} from './node/decoder-pool.js'
export { isUnder, reasonOf, walk, type FoundFile, type Walk } from './node/walk.js'
