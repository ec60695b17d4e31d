import { figure, type Figure } from '../figures.js'
import type { MeasureContext, TrainedRun } from './system.js'
import { askCaptions, found } from './text-retrieval.js'

/** A run, beside another one. */
export interface Comparison {
  /** What it shows: "batch 512". */
  readonly name: string
  /** Variants joined with `+`. */
  readonly run: string
  readonly beside: string
  /** What the other one is. */
  readonly reference: string
}

/** Captions to tracks of the pool: the first run of each comparison beside the second. */
export async function compared(
  system: string,
  comparisons: readonly Comparison[],
  { pool, runs, say }: MeasureContext,
): Promise<Figure[]> {
  const known = new Map<string, Record<string, number>>()
  const scores = async (name: string): Promise<Record<string, number>> => {
    const run: TrainedRun = runs.get(name)!
    const { recallAt, map } = found(run, await askCaptions(run, pool))
    return { 'R@10': recallAt[10], mAP: map }
  }
  const figures: Figure[] = []
  for (const { name, run, beside, reference } of comparisons) {
    for (const each of [run, beside]) if (!known.has(each)) known.set(each, await scores(each))
    const [values, others] = [known.get(run)!, known.get(beside)!]
    const shown = Object.entries(values).map(([metric, value]) => {
      return `${metric} ${value.toFixed(3)} (${reference} ${others[metric].toFixed(3)})`
    })
    say(`  ${name}: ${shown.join(', ')}`)
    for (const [metric, value] of Object.entries(values))
      figures.push(
        figure({
          name: `${system} ${name}: captions ${metric}`,
          value,
          unit: '',
          reference,
          referenceValue: others[metric],
          lowerIsBetter: false,
        }),
      )
  }
  return figures
}
