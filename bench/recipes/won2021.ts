import { figure, type Figure } from '../figures.js'
import { poolVectors } from './pool-vectors.js'
import type { MeasureContext, Pool, System, TrainedRun } from './system.js'
import type { TagQuery } from './tag-queries.js'
import { askCaptions, askJoined, found } from './text-retrieval.js'

const LEAST_TRACKS = 5 // fewer make an average precision by chance

/** What item factors add to the sound (warm), what is left for tracks that nobody has heard (cold), and audio alone. */
export const won2021: System = {
  name: 'won2021',
  runs: [['bench'], ['bench', 'without-factors'], ['bench', 'never-dropped']],
  async measure({ pool, runs, say }: MeasureContext): Promise<Figure[]> {
    const audioOnly = await scores(runs.get('bench+without-factors')!, pool)
    say(`  audio only: ${shown(audioOnly)}`)
    const figures: Figure[] = []
    for (const [variants, label] of [
      ['bench', 'won2021'],
      ['bench+never-dropped', 'won2021 never-dropped'],
    ]) {
      const run = runs.get(variants)!
      const cold = await scores(run, pool)
      const warm = await scores(
        { ...run, vectors: await poolVectors(run.model, pool, { known: true }) },
        pool,
      )
      for (const [state, values] of [
        ['warm', warm],
        ['cold', cold],
      ] as const) {
        say(`  ${label}, ${state}: ${shown(values)}`)
        for (const [metric, value] of Object.entries(values))
          figures.push(
            figure({
              name: `${label} ${state} ${metric}`,
              value,
              unit: '',
              reference: 'audio only (without-factors)',
              referenceValue: audioOnly[metric as keyof Scores],
              lowerIsBetter: false,
            }),
          )
      }
    }
    return figures
  },
}

type Scores = Record<'captions R@10' | 'tag mAP', number>

async function scores(run: TrainedRun, pool: Pool): Promise<Scores> {
  const captions = found(run, await askCaptions(run, pool))
  const tags = found(run, await askJoined(run, singleTags(pool)))
  return { 'captions R@10': captions.recallAt[10], 'tag mAP': tags.map }
}

function singleTags({ tracks }: Pool): TagQuery[] {
  return [...new Set(tracks.flatMap(({ tags }) => tags))]
    .map((tag) => ({
      tags: [tag],
      answers: [...tracks.keys()].filter((track) => tracks[track].tags.includes(tag)),
    }))
    .filter(({ answers }) => answers.length >= LEAST_TRACKS && answers.length < tracks.length)
}

const shown = (values: Scores): string =>
  Object.entries(values)
    .map(([metric, value]) => `${metric} ${value.toFixed(3)}`)
    .join(', ')
