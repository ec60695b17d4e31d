export { findProtocol, protocolHash, protocolNames, type FoundProtocol } from './node/find-protocol.js'
export { readLanguages } from './node/read-languages.js'
