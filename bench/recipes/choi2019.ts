import { isUnseenTag, withoutUnseenTags, type Recipe } from '../../src/train/index.js'
import { figure, type Figure } from '../figures.js'
import { trainedPairs } from './made-world.js'
import type { MeasureContext, System } from './system.js'
import { everyTag, type TagQuery } from './tag-queries.js'
import { askJoined, chanceOf, found } from './text-retrieval.js'

/** Tags that were never trained on find their tracks, beside tags that were, and beside chance. */
export const choi2019: System = {
  name: 'choi2019',
  runs: [['bench'], ['bench', 'all-seen']],
  async measure({ world, pool, runs, say }: MeasureContext): Promise<Figure[]> {
    const groups = await bySeen(everyTag(pool), world, runs.get('bench')!.recipe)
    const figures: Figure[] = []
    for (const run of runs.values()) {
      const { label } = run
      for (const [group, tags] of Object.entries(groups)) {
        const { map } = found(run, await askJoined(run, tags))
        const { map: chance } = chanceOf(tags, pool)
        say(`  ${label}, ${tags.length} ${group} tags: mAP ${map.toFixed(3)} (chance ${chance.toFixed(3)})`)
        figures.push(
          figure({
            name: `${label} ${group} tags mAP`,
            value: map,
            unit: '',
            reference: 'chance',
            referenceValue: chance,
            lowerIsBetter: false,
          }),
        )
      }
    }
    return figures
  },
}

/**
 * Tags that training had, and those that were kept from it. A text in which one of these stands is no text of training, so
 * that a few tags that have one in them ("acoustic guitar") were not seen either: they are of neither group.
 */
async function bySeen(
  queries: readonly TagQuery[],
  world: string,
  recipe: Recipe,
): Promise<Record<'seen' | 'unseen', TagQuery[]>> {
  const unseen = recipe.data.unseen_tags!
  const pairs = await trainedPairs(world, recipe)
  const told = new Set(
    withoutUnseenTags(pairs, pairs, unseen).flatMap(({ texts }) =>
      texts.filter(({ kind }) => kind === 'tag').map(({ value }) => value),
    ),
  )
  return {
    seen: queries.filter(({ tags: [tag] }) => told.has(tag)),
    unseen: queries.filter(({ tags: [tag] }) => isUnseenTag(tag, unseen)),
  }
}
