import { setTimeout as pause } from 'node:timers/promises'
import { median } from './figures.js'
import type { LineProcess } from './line-process.js'
import type { StepLine, Variant } from './train-variants.js'

/** Steps that one variant took. */
export interface Series {
  readonly name: string
  /** Milliseconds of each counted step. */
  readonly ms: readonly number[]
}

export interface Alternated {
  readonly ours: Series
  /** Of those that were dropped, what they took until then. */
  readonly theirs: readonly Series[]
  /** Those that can run here. */
  readonly able: readonly Variant[]
  /** Version of PyTorch; null where it did not take part. */
  readonly torch: string | null
}

export interface AlternateOptions {
  readonly folder: string
  readonly ours: Variant
  readonly theirs: readonly Variant[]
  readonly repeats: number
  readonly say: (line: string) => void
}

const WARM_UPS = 2
const REST_MS = 400 // the threads of PyTorch and of ONNX Runtime spin after a step, and take the cores from the next one
const TRIAL = 3
const CLEARLY_SLOWER = 1.15
const COMPARED_LOSSES = 5
const LOSS_TOLERANCE = 1e-3

/** The comparison is between different things. */
class OtherModel extends Error {}

interface Runner {
  readonly name: string
  readonly process: LineProcess
  readonly ms: number[]
  readonly losses: number[]
}

/**
 * Times training steps, ours and theirs taking turns, so that both meet the same machine. Of theirs, those that are
 * clearly slower than the best after a few steps are dropped.
 * @throws where a loss of the first steps is not the same everywhere: they don't do the same work then
 */
export async function alternate({
  folder,
  ours,
  theirs,
  repeats,
  say,
}: AlternateOptions): Promise<Alternated> {
  const runners: Runner[] = []
  const able: Variant[] = []
  let torch: string | null = null
  try {
    for (const variant of [ours, ...theirs]) {
      const runner: Runner = { name: variant.name, process: variant.start(folder), ms: [], losses: [] }
      const started = performance.now()
      try {
        const ready = await runner.process.next<{ torch?: string }>()
        torch = ready.torch ?? torch
        for (let step = 0; step < WARM_UPS; step++) await take(runner, runners[0] ?? runner)
      } catch (error) {
        await runner.process.close()
        if (!variant.optional || error instanceof OtherModel) throw error
        say(`  ${runner.name}: LEFT OUT, as it does not run here: ${(error as Error).message}`)
        continue
      }
      runners.push(runner)
      able.push(variant)
      say(`  ${runner.name}: warm after ${((performance.now() - started) / 1000).toFixed(1)} s`)
    }
    const [mine, ...others] = runners
    let racing = others
    for (let repeat = 1; repeat <= repeats; repeat++) {
      for (const runner of [mine, ...racing]) {
        await pause(REST_MS)
        runner.ms.push((await take(runner, mine)).ms)
      }
      if (repeat === TRIAL && repeats > TRIAL) racing = await withoutSlow(racing, say)
    }
    for (const { name, ms } of [mine, ...racing])
      say(
        `  ${name}: median ${median(ms).toFixed(1)} ms, best ${Math.min(...ms).toFixed(1)} ms of ${ms.length}`,
      )
    return { ours: mine, theirs: others, able: able.slice(1), torch }
  } finally {
    await Promise.all(runners.map(({ process }) => process.close()))
  }
}

async function take(runner: Runner, ours: Runner): Promise<StepLine> {
  const line = await runner.process.ask<StepLine>()
  const step = runner.losses.push(line.loss)
  const expected = ours.losses[step - 1]
  if (step <= COMPARED_LOSSES && !(Math.abs(line.loss - expected) <= LOSS_TOLERANCE))
    throw new OtherModel(
      `They don't train the same model: the loss of step ${step} is ${expected} here and ${line.loss} in ${runner.name}`,
    )
  return line
}

async function withoutSlow(racing: readonly Runner[], say: (line: string) => void): Promise<Runner[]> {
  const best = Math.min(...racing.map(({ ms }) => median(ms)))
  const isSlow = ({ ms }: Runner): boolean => median(ms) > CLEARLY_SLOWER * best
  for (const runner of racing.filter(isSlow)) {
    say(`  ${runner.name}: dropped, with a median of ${median(runner.ms).toFixed(1)} ms after ${TRIAL} steps`)
    await runner.process.close()
  }
  return racing.filter((runner) => !isSlow(runner))
}
