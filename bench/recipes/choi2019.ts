import { isUnseenTag, type UnseenTags } from '../../src/train/index.js'
import { figure, type Figure } from '../figures.js'
import type { MeasureContext, Pool, System } from './system.js'
import type { TagQuery } from './tag-queries.js'
import { askJoined, found } from './text-retrieval.js'

const LEAST_TRACKS = 5 // fewer make an average precision by chance

/** Tags that were never trained on find their tracks, beside tags that were, and beside chance. */
export const choi2019: System = {
  name: 'choi2019',
  runs: [['bench'], ['bench', 'all-seen']],
  async measure({ pool, runs, say }: MeasureContext): Promise<Figure[]> {
    const unseen = runs.get('bench')!.recipe.data.unseen_tags!
    const figures: Figure[] = []
    for (const [variants, run] of runs) {
      const label = variants === 'bench' ? 'choi2019' : `choi2019 ${variants.split('+').slice(1).join('+')}`
      for (const [group, tags] of Object.entries(tagsOf(pool, unseen))) {
        const { map } = found(run, await askJoined(run, tags))
        const chance = prevalence(tags, pool)
        say(`  ${label}, ${tags.length} ${group} tags: mAP ${map.toFixed(3)} (chance ${chance.toFixed(3)})`)
        figures.push(
          figure({
            name: `${label} ${group} tags mAP`,
            value: map,
            unit: '',
            reference: 'chance: their share of the tracks',
            referenceValue: chance,
            lowerIsBetter: false,
          }),
        )
      }
    }
    return figures
  },
}

/** Tags that enough of the pool's tracks have, and not all. */
export function tagsOf({ pairs }: Pool, unseen: UnseenTags): Record<'seen' | 'unseen', TagQuery[]> {
  const tracks = new Map<string, Set<number>>()
  for (const [track, { texts }] of pairs.entries())
    for (const { kind, value } of texts)
      if (kind === 'tag') tracks.set(value, (tracks.get(value) ?? new Set<number>()).add(track))
  const queries = [...tracks]
    .filter(([, having]) => having.size >= LEAST_TRACKS && having.size < pairs.length)
    .map(([tag, having]) => ({ tags: [tag], answers: [...having] }))
  return {
    seen: queries.filter(({ tags: [tag] }) => !isUnseenTag(tag, unseen)),
    unseen: queries.filter(({ tags: [tag] }) => isUnseenTag(tag, unseen)),
  }
}

/** Mean share of tracks that answer: what a random order has, but for a little. */
function prevalence(queries: readonly TagQuery[], { pairs }: Pool): number {
  return queries.reduce((sum, { answers }) => sum + answers.length / pairs.length, 0) / queries.length
}
