export { findProtocol, protocolHash, protocolNames, type FoundProtocol } from './node/find-protocol.js'
