export { LISTENING_FORMATS, type ListeningFormat } from './listening-format.js'
export { readListening, type Listening, type ReadListeningOptions } from './read-listening.js'
