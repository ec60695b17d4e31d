export type { AudioSpec, Chunk } from './spec.js'
