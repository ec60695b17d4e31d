import { figure, type Figure } from '../figures.js'
import type { MeasureContext, System } from './system.js'
import { tagQueries } from './tag-queries.js'
import { askAllTags, askCaptions, askJoined, found } from './text-retrieval.js'

/** What a text is in training, by the variants of a run; the first is the paper's proposal. */
const TEXTS: Readonly<Record<string, string>> = {
  bench: 'stochastic',
  'bench+tag': 'tag',
  'bench+caption': 'caption',
  'bench+triplet': 'stochastic, triplet',
}

/** One tag, all tags or some of them in training; and what each makes of queries of a tag, of all tags, and of sentences. */
export const ttmr2023: System = {
  name: 'ttmr2023',
  runs: Object.keys(TEXTS).map((variants) => variants.split('+')),
  async measure({ pool, runs, say }: MeasureContext): Promise<Figure[]> {
    const figures: Figure[] = []
    const tags = tagQueries(pool.tracks, { size: 1, most: 200 })
    for (const [variants, run] of runs) {
      const values = {
        'tag queries mAP': found(run, await askJoined(run, tags)).map,
        'all-tags queries R@10': found(run, await askAllTags(run, pool)).recallAt[10],
        'sentence queries R@10': found(run, await askCaptions(run, pool)).recallAt[10],
      }
      const shown = Object.entries(values).map(([name, value]) => `${name} ${value.toFixed(3)}`)
      say(`  ${TEXTS[variants]}: ${shown.join(', ')}`)
      for (const [name, value] of Object.entries(values))
        figures.push(
          figure({ name: `ttmr2023 ${TEXTS[variants]}: ${name}`, value, unit: '', lowerIsBetter: false }),
        )
    }
    return figures
  },
}
