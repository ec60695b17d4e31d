import type { WorldTrack } from '../../src/data/index.js'
import { findSources, openSources } from '../../src/data/node.js'
import { splitSentences, type Miner } from '../../src/text/index.js'
import { readTables } from '../../src/text/node.js'
import { figure, type Figure } from '../figures.js'
import { compared } from './comparisons.js'
import type { MeasureContext, System } from './system.js'

/** Noise filtered or not, sentences and aspects alone or mixed; and whether what is mined is true of the track. */
export const wikimute2024: System = {
  name: 'wikimute2024',
  runs: [
    ['bench'],
    ['bench', 'unfiltered'],
    ['bench', 'whole-articles'],
    ['bench', 'sentences-only'],
    ['bench', 'aspects-only'],
  ],
  async measure(context): Promise<Figure[]> {
    return [
      ...(await compared(
        'wikimute2024',
        ['unfiltered', 'whole-articles', 'sentences-only', 'aspects-only'].map((ablation) => ({
          name: `mined and filtered, against ${ablation}`,
          run: 'bench',
          beside: `bench+${ablation}`,
          reference: ablation,
        })),
        context,
      )),
      ...(await minedFromWorld(context)),
    ]
  },
}

/**
 * What is kept of each kind of noisy text by its words, as the recipe asks for them, and how many aspects name a tag of their
 * track, beside another track.
 */
async function minedFromWorld({ world, trackOf, runs, say }: MeasureContext): Promise<Figure[]> {
  const { miner } = await readTables()
  const least = runs.get('bench')!.recipe.text_policy.filter!.words
  const { pairs } = await openSources(await findSources(world), {})
  const figures: Figure[] = []
  for (const kind of ['article', 'review', 'comment'] as const) {
    let [all, kept, aspects, own, others] = [0, 0, 0, 0, 0]
    for (const [i, { track, texts }] of pairs.entries()) {
      const values = texts.filter((text) => text.kind === kind).map(({ value }) => value)
      const mined = minedFrom(values, { miner, least })
      all += mined.all
      kept += mined.kept.length
      const phrases = mined.kept.flatMap((sentence) => sentence.aspects)
      aspects += phrases.length
      const next = pairs[(i + Math.floor(pairs.length / 2)) % pairs.length].track
      own += phrases.filter((phrase) => names(phrase, trackOf.get(track.id)!)).length
      others += phrases.filter((phrase) => names(phrase, trackOf.get(next.id)!)).length
    }
    const [share, right, chance] = [kept / all, own / aspects, others / aspects]
    say(
      `  ${kind}: ${kept} of ${all} sentences kept; of ${aspects} aspects ${right.toFixed(3)} name a tag of the track, ${chance.toFixed(3)} one of another`,
    )
    figures.push(
      figure({ name: `wikimute2024 ${kind}: sentences kept by their words`, value: share, unit: '' }),
      figure({
        name: `wikimute2024 ${kind}: aspects that name a tag of their track`,
        value: right,
        unit: '',
        reference: 'of another track',
        referenceValue: chance,
        lowerIsBetter: false,
      }),
    )
  }
  return figures
}

function minedFrom(texts: readonly string[], { miner, least }: { miner: Miner; least: number }) {
  const sentences = texts.flatMap(splitSentences).map((sentence) => miner.mine(sentence))
  return { all: sentences.length, kept: sentences.filter(({ relevance }) => relevance >= least) }
}

/** Whether one of the track's tags stands in a phrase, or the phrase in one; "no drums" is not "drums". */
function names(phrase: string, { tags }: WorldTrack): boolean {
  const plain = phrase.toLowerCase()
  const denied = (text: string): boolean => text.startsWith('no ')
  return tags.some((tag) => {
    const own = tag.toLowerCase()
    return denied(own) === denied(plain) && (plain.includes(own) || own.includes(plain))
  })
}
