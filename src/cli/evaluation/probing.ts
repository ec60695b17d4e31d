import { AntiphonError } from '../../errors/index.js'
import {
  assemble,
  measureProbe,
  planProbe,
  ProbeScores,
  withoutItems,
  type Measured,
  type Protocol,
  type TestSet,
} from '../../evaluate/index.js'
import { readLanguages } from '../../evaluate/node.js'
import type { AudioPiece } from '../../model/node.js'
import { readTables } from '../../text/node.js'
import type { Contender } from './contender.js'
import { readable } from './readable.js'

export interface Probed extends Pick<Contender, 'name' | 'spaceId' | 'dim'> {
  /** The pool, and the texts that were asked. */
  readonly set: TestSet
  readonly unreadable: readonly { readonly path: string; readonly reason: string }[]
  readonly measured: Measured
}

/**
 * Measures the probes of a protocol: texts and changes are made from what is known of the pieces, read and heard in one go, and compared.
 * @param embed what a model makes of the audio of items and the prompts of queries
 */
export async function probe(
  { set: whole, protocol }: { readonly set: TestSet; readonly protocol: Protocol },
  { samples, seed }: { readonly samples: number; readonly seed: number },
  embed: (set: TestSet) => Promise<Contender>,
): Promise<Probed> {
  const specs = protocol.probes ?? []
  const [tables, languages] = await Promise.all([readTables(), readLanguages()])
  let set = whole
  const unreadable: Probed['unreadable'][number][] = []
  for (;;) {
    const { items } = set
    const plans = specs.map((spec) => planProbe(spec, { items, tables, languages }))
    const changes = [
      ...new Map(plans.flatMap((plan) => plan.changes.map((x) => [JSON.stringify(x), x]))).values(),
    ]
    const asked: TestSet = {
      items: [
        ...items,
        ...changes.flatMap((change) =>
          items.map((item) => {
            const audio: AudioPiece = { ...item.audio, change }
            return { ...item, audio }
          }),
        ),
      ],
      queries: [...new Set(plans.flatMap(({ texts }) => texts))].map((text) => ({
        text,
        prompts: [text],
        answers: [],
      })),
      withoutQuery: set.withoutQuery,
    }
    const contender = await embed(asked)
    // A piece that can't be read as it is, or changed, is left out of everything; texts are made of the others.
    const found = readable([contender], asked)
    if (found.dropped.size > 0) {
      unreadable.push(...found.unreadable)
      set = withoutItems(set, new Set([...found.dropped].map((at) => at % items.length))).set
      if (set.items.length === 0) throw new AntiphonError('usage', 'None of the audio can be read')
      continue
    }
    const heard = assemble({ queries: [] }, { audio: found.audio[0], prompts: new Map() }, protocol).items
    const part = (at: number) => ({
      ...heard,
      count: items.length,
      data: heard.data.subarray(at * items.length * heard.dim, (at + 1) * items.length * heard.dim),
    })
    const places = new Map(changes.map((change, at) => [JSON.stringify(change), at]))
    const results = specs.map((spec, at) => {
      const scores = new ProbeScores({
        items: part(0),
        changed: plans[at].changes.map((change) => part(1 + places.get(JSON.stringify(change))!)),
        texts: contender.prompts,
      })
      const titled = { title: protocol.title, ...spec }
      return measureProbe(titled, plans[at], { scores, items: items.length, samples, seed })
    })
    const { name, spaceId, dim } = contender
    return {
      name,
      spaceId,
      dim,
      set: { ...set, queries: asked.queries },
      unreadable: [...new Map(unreadable.map((each) => [each.path, each])).values()],
      measured: { results, tags: null, confusion: null, space: null, examples: { best: [], worst: [] } },
    }
  }
}
