import { figure, type Figure } from '../figures.js'
import type { MeasureContext, Pool, System, TrainedRun } from './system.js'
import { askCaptions, found } from './text-retrieval.js'

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
    const baseline = await of(runs.get('bench')!)
    const figures: Figure[] = []
    for (const [variants, run] of runs) {
      const ablation = variants.split('+').slice(1).join('+')
      const values = ablation === '' ? baseline : await of(run)
      const shown = Object.entries(values).map(([name, value]) => `${name} ${value.toFixed(3)}`)
      say(`  ${ablation === '' ? 'InfoNCE alone' : ablation}: ${shown.join(', ')}`)
      for (const [name, value] of Object.entries(values))
        figures.push(
          figure({
            name: `muscall2022${ablation === '' ? '' : ` ${ablation}`}: ${name}`,
            value,
            unit: '',
            ...(ablation !== '' && { reference: 'InfoNCE alone', referenceValue: baseline[name] }),
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
    const cosine = vectors.map((other) => other.reduce((sum, value, k) => sum + value * own[k], 0))
    const nearest = [...vectors.keys()].filter((j) => j !== i).sort((a, b) => cosine[b] - cosine[a])
    for (const j of nearest.slice(0, NEAREST)) if (tracks[j].style === tracks[i].style) same++
  }
  return same / (NEAREST * vectors.length)
}
