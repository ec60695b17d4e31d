import { figure, type Figure } from '../figures.js'
import type { MeasureContext, System } from './system.js'
import { tagQueries } from './tag-queries.js'
import { askAveraged, askJoined, found } from './text-retrieval.js'

const SIZES = [1, 2, 3]

/** Queries of several tags, each joined into one text, beside the mean of the tags' own vectors. */
export const chen2022: System = {
  name: 'chen2022',
  runs: [['bench'], ['bench', 'regression'], ['bench', 'text-projection'], ['bench', 'one-tag']],
  async measure({ pool, runs, say }: MeasureContext): Promise<Figure[]> {
    const figures: Figure[] = []
    for (const run of runs.values()) {
      const { label } = run
      for (const size of SIZES) {
        const queries = tagQueries(pool.tracks, { size })
        const joined = found(run, await askJoined(run, queries))
        const averaged = found(run, await askAveraged(run, queries))
        const tags = size === 1 ? '1 tag' : `${size} tags`
        const beside = size > 1 && { reference: "mean of the tags' vectors" }
        say(
          `  ${label}, ${queries.length} queries of ${tags}: mAP ${joined.map.toFixed(3)} (averaged ${averaged.map.toFixed(3)}), R@10 ${joined.recallAt[10].toFixed(3)} (averaged ${averaged.recallAt[10].toFixed(3)})`,
        )
        for (const [metric, value, referenceValue] of [
          ['mAP', joined.map, averaged.map],
          ['R@10', joined.recallAt[10], averaged.recallAt[10]],
        ] as const)
          figures.push(
            figure({
              name: `${label} ${tags} ${metric}`,
              value,
              unit: '',
              ...(beside && { ...beside, referenceValue }),
              lowerIsBetter: false,
            }),
          )
      }
    }
    return figures
  },
}
