export { relevanceByLabel, similarities, transpose, type Ranking } from './ranking.js'
export { retrievalScores, type RetrievalOptions, type RetrievalScores } from './retrieval.js'
export { rocAuc } from './roc-auc.js'
