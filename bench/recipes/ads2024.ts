import { Random } from '../../src/random/index.js'
import { readTables } from '../../src/text/node.js'
import { figure, type Figure } from '../figures.js'
import { compared } from './comparisons.js'
import type { MeasureContext, Pool, System, TrainedRun } from './system.js'
import { dot } from './text-retrieval.js'

/** From below: what each rung adds to the one before. */
const LADDER = [
  { name: 'baseline', run: 'bench+baseline' },
  { name: 'pretrained', run: 'bench+pretrained' },
  { name: '+ tag-to-caption', run: 'bench+augment' },
  { name: '+ dropout', run: 'bench+drop' },
  { name: '+ swap', run: 'bench' },
] as const

/** The ladder from two small towers to Augment, Drop and Swap, and how well each tells a caption from one that is nearly it. */
export const ads2024: System = {
  name: 'ads2024',
  runs: LADDER.map(({ run }) => run.split('+')),
  async measure(context): Promise<Figure[]> {
    const rungs = LADDER.slice(1).map(({ name, run }, i) => ({
      name,
      run,
      beside: LADDER[i].run,
      reference: LADDER[i].name,
    }))
    return [...(await compared('ads2024', rungs, context)), ...(await againstSwapped(context))]
  },
}

/** The share of captions that are nearer to their track than the same with a word swapped for one that contradicts it; chance is 0.5. */
async function againstSwapped({ pool, runs, say }: MeasureContext): Promise<Figure[]> {
  const swapped = await swappedCaptions(pool)
  const figures: Figure[] = []
  let below: { name: string; value: number } | undefined
  for (const { name, run } of LADDER) {
    const value = await told(runs.get(run)!, swapped)
    say(`  ${name}: ${value.toFixed(3)} of ${swapped.length} captions are told from swapped ones`)
    figures.push(
      figure({
        name: `ads2024 ${name}: captions told from swapped ones`,
        value,
        unit: '',
        reference: below?.name ?? 'chance',
        referenceValue: below?.value ?? 0.5,
        lowerIsBetter: false,
      }),
    )
    below = { name, value }
  }
  return figures
}

interface SwappedCaption {
  readonly track: number
  readonly right: string
  readonly wrong: string
}

/** One a caption, where the table has a word for it; nothing is put in that is said of the track elsewhere. */
async function swappedCaptions({ pairs }: Pool): Promise<SwappedCaption[]> {
  const { swaps } = await readTables()
  return pairs.flatMap(({ texts }, track) => {
    const own = texts.filter(({ kind }) => kind === 'caption' || kind === 'tag').map(({ value }) => value)
    return texts.flatMap(({ kind, value }): SwappedCaption[] => {
      if (kind !== 'caption') return []
      const wrong = swaps.swap(value, own, new Random(`swapped/${value}`))
      return wrong ? [{ track, right: value, wrong: wrong.text }] : []
    })
  })
}

async function told({ model, vectors }: TrainedRun, captions: readonly SwappedCaption[]): Promise<number> {
  const right = await model.embedText(captions.map((caption) => caption.right))
  const wrong = await model.embedText(captions.map((caption) => caption.wrong))
  const share = captions.reduce((sum, { track }, i) => {
    const difference = dot(vectors[track], right[i]) - dot(vectors[track], wrong[i])
    return sum + (Math.sign(difference) + 1) / 2
  }, 0)
  return share / captions.length
}
