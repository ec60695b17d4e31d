export { DecoderPool, type DecodeOptions, type DecoderPoolOptions } from './node/decoder-pool.js'
