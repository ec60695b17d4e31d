import { figure, type Figure } from '../figures.js'
import type { MeasureContext, Pool, System, TrainedRun } from './system.js'
import { askCaptions, dot, found } from './text-retrieval.js'

/** With and without self-supervision and content-aware weights: captions to tracks, and tracks to those of their style. */
export const muscall2022: System = {
  name: 'muscall2022',
  runs: [['bench'], ['bench', 'with-ssl'], ['bench', 'with-content']],
  async measure({ pool, runs, say }: MeasureContext): Promise<Figure[]> {
    const of = async (run: TrainedRun): Promise<Record<string, number>> => {
      const captions = found(run, await askCaptions(run, pool))
      return {
        'captions R@10': captions.recallAt[10],
        'captions mAP': captions.map,
        'same style P@10': sameStyle(run, pool),
      }
    }
    const alone = runs.get('bench')!
    const baseline = await of(alone)
    const figures: Figure[] = []
    for (const run of runs.values()) {
      const values = run === alone ? baseline : await of(run)
      const shown = Object.entries(values).map(([name, value]) => `${name} ${value.toFixed(3)}`)
      say(`  ${run.label}: ${shown.join(', ')}`)
      for (const [name, value] of Object.entries(values))
        figures.push(
          figure({
            name: `${run.label}: ${name}`,
            value,
            unit: '',
            ...(run !== alone && { reference: 'InfoNCE alone', referenceValue: baseline[name] }),
            lowerIsBetter: false,
          }),
        )
    }
    return figures
  },
}

const NEAREST = 10

/** Of the ten tracks that sound nearest to each, the share that is of its style. */
function sameStyle({ vectors }: TrainedRun, { tracks }: Pool): number {
  let same = 0
  for (const [i, own] of vectors.entries()) {
    const cosine = vectors.map((other) => dot(own, other))
    const nearest = [...vectors.keys()].filter((j) => j !== i).sort((a, b) => cosine[b] - cosine[a])
    for (const j of nearest.slice(0, NEAREST)) if (tracks[j].style === tracks[i].style) same++
  }
  return same / (NEAREST * vectors.length)
}
