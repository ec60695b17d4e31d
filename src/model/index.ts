export type { JointEmbedding } from './embedding.js'
