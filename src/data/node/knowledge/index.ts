export {
  findKnowledge,
  KNOWLEDGE_FORMATS,
  readKnowledge,
  type Knowledge,
  type KnowledgeFormat,
  type ReadKnowledgeOptions,
} from './read-knowledge.js'
