import { availableParallelism } from 'node:os'
import type { MeasureEngine } from '../../evaluate/index.js'
import { scoreInThreads } from '../../evaluate/node.js'
import { nodeRuntime } from '../../graph/node.js'

/** What a measurement computes with: the CPU, so that figures are the same on every machine. */
export async function measureEngine(): Promise<Required<Omit<MeasureEngine, 'signal'>>> {
  return {
    runtime: await nodeRuntime(),
    engine: { threads: availableParallelism() },
    score: scoreInThreads,
  }
}
