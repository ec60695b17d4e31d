import { figure, type Figure } from '../figures.js'
import { poolVectors } from './pool-vectors.js'
import type { MeasureContext, Pool, System, TrainedRun } from './system.js'
import { everyTag } from './tag-queries.js'
import { askCaptions, askJoined, found } from './text-retrieval.js'

/** What item factors add to the sound (warm), what is left for tracks that nobody has heard (cold), and audio alone. */
export const won2021: System = {
  name: 'won2021',
  runs: [['bench'], ['bench', 'without-factors']],
  async measure({ pool, runs, say }: MeasureContext): Promise<Figure[]> {
    const audioOnly = await scores(runs.get('bench+without-factors')!, pool)
    say(`  audio only: ${shown(audioOnly)}`)
    const figures: Figure[] = []
    const run = runs.get('bench')!
    const heard = { ...run, vectors: await poolVectors(run.model, pool, { known: true }) }
    for (const [state, values] of Object.entries({
      warm: await scores(heard, pool),
      cold: await scores(run, pool),
    })) {
      say(`  ${state}: ${shown(values)}`)
      for (const [metric, value] of Object.entries(values))
        figures.push(
          figure({
            name: `won2021 ${state} ${metric}`,
            value,
            unit: '',
            reference: 'audio only (without-factors)',
            referenceValue: audioOnly[metric as keyof Scores],
            lowerIsBetter: false,
          }),
        )
    }
    return figures
  },
}

type Scores = Record<'captions R@10' | 'tag mAP', number>

async function scores(run: TrainedRun, pool: Pool): Promise<Scores> {
  const captions = found(run, await askCaptions(run, pool))
  const tags = found(run, await askJoined(run, everyTag(pool)))
  return { 'captions R@10': captions.recallAt[10], 'tag mAP': tags.map }
}

const shown = (values: Scores): string =>
  Object.entries(values)
    .map(([metric, value]) => `${metric} ${value.toFixed(3)}`)
    .join(', ')
