export { DecoderPool, type DecodeOptions, type DecoderPoolOptions } from './node/decoder-pool.js'
export { isUnder, reasonOf, walk, type FoundFile, type Walk } from './node/walk.js'
