import { compare, type QueryScores } from '../../src/evaluate/index.js'
import { figure, type Figure } from '../figures.js'
import type { MeasureContext, TrainedRun } from './system.js'
import { askCaptions, scored, type Asked } from './text-retrieval.js'

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

/**
 * Captions to tracks of the pool: the first run of each comparison beside the second, with the interval of the difference
 * (captions of a track are resampled together).
 */
export async function compared(
  system: string,
  comparisons: readonly Comparison[],
  { pool, runs, say }: MeasureContext,
): Promise<Figure[]> {
  const known = new Map<string, { scores: QueryScores; asked: Asked }>()
  const ask = async (name: string): Promise<void> => {
    const run: TrainedRun = runs.get(name)!
    const asked = await askCaptions(run, pool)
    known.set(name, { scores: scored(run, asked), asked })
  }
  const figures: Figure[] = []
  for (const { name, run, beside, reference } of comparisons) {
    for (const each of [run, beside]) if (!known.has(each)) await ask(each)
    const [{ scores, asked }, other] = [known.get(run)!, known.get(beside)!]
    const groups = Int32Array.from(asked.answers, ([track]) => track)
    const differences = compare(other.scores, scores, { groups, metrics: ['R@10', 'mAP'], seed: 1 })
    for (const [metric, { a, b, low, high, p }] of Object.entries(differences)) {
      const interval = `difference ${signed(b - a)} [${signed(low)}, ${signed(high)}], p ${p.toFixed(3)}`
      say(`  ${name}: ${metric} ${b.toFixed(3)} (${reference} ${a.toFixed(3)}; ${interval})`)
      figures.push(
        figure({
          name: `${system} ${name}: captions ${metric}`,
          value: b,
          unit: '',
          reference: `${reference} (p ${p.toFixed(3)})`,
          referenceValue: a,
          lowerIsBetter: false,
        }),
      )
    }
  }
  return figures
}

const signed = (value: number): string => (value < 0 ? '' : '+') + value.toFixed(3)
