import { availableParallelism } from 'node:os'
import type { ProgramOptions } from '../../graph/index.js'

/** What the products of a measurement run on: the CPU, so that figures are the same on every machine. */
export function engineOf(): ProgramOptions {
  return { threads: availableParallelism() }
}
