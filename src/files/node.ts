export { takeLock, writerOf, type Lock, type Writer } from './node/lock.js'
