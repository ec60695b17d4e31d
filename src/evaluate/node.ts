export { findProtocol, protocolHash, protocolNames, type FoundProtocol } from './node/find-protocol.js'
export { readLanguages } from './node/read-languages.js'
export { scoreInThreads, type ScoreInThreadsOptions } from './node/score-in-threads.js'
