export { LISTENING_FORMATS, type ListeningFormat } from './listening-format.js'
export { findListening, readListening, type Listening, type ReadListeningOptions } from './read-listening.js'
