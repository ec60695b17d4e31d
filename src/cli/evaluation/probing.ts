import { AntiphonError } from '../../errors/index.js'
import {
  assemble,
  compareProbe,
  measureProbe,
  planProbe,
  ProbeScores,
  withoutItems,
  type Comparison,
  type Measured,
  type Protocol,
  type TestSet,
} from '../../evaluate/index.js'
import { readLanguages } from '../../evaluate/node.js'
import type { AudioPiece } from '../../model/node.js'
import { readTables } from '../../text/node.js'
import type { Contender } from './contender.js'
import { readable } from './readable.js'

/** Probes whose texts were read and whose changes were heard. */
export interface Probed {
  readonly contenders: readonly Contender[]
  /** The pool, and the texts that were asked. */
  readonly set: TestSet
  readonly unreadable: readonly { readonly path: string; readonly reason: string }[]
  readonly probes: readonly {
    readonly spec: Parameters<typeof measureProbe>[0]
    readonly plan: ReturnType<typeof planProbe>
    /** By contender. */
    readonly scores: readonly ProbeScores[]
  }[]
}

/**
 * Makes the texts and changes of a protocol's probes from what is known of the pieces, and has them read and heard in one go.
 * @param embed what each model makes of the audio of items and the prompts of queries
 */
export async function probe(
  { set: whole, protocol }: { readonly set: TestSet; readonly protocol: Protocol },
  embed: readonly ((set: TestSet) => Promise<Contender>)[],
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
    const contenders: Contender[] = []
    for (const each of embed) contenders.push(await each(asked))
    // A piece that can't be read as it is, or changed, is left out of everything; texts are made of the others.
    const found = readable(contenders, asked)
    if (found.dropped.size > 0) {
      unreadable.push(...found.unreadable)
      set = withoutItems(set, new Set([...found.dropped].map((at) => at % items.length))).set
      if (set.items.length === 0) throw new AntiphonError('usage', 'None of the audio can be read')
      continue
    }
    const places = new Map(changes.map((change, at) => [JSON.stringify(change), at]))
    const heard = found.audio.map((audio) => {
      const vectors = assemble({ queries: [] }, { audio, prompts: new Map() }, protocol).items
      const size = items.length * vectors.dim
      return (at: number) => ({
        ...vectors,
        count: items.length,
        data: vectors.data.subarray(at * size, (at + 1) * size),
      })
    })
    return {
      contenders,
      set: { ...set, queries: asked.queries },
      unreadable: [...new Map(unreadable.map((each) => [each.path, each])).values()],
      probes: specs.map((spec, at) => ({
        spec: { title: protocol.title, ...spec },
        plan: plans[at],
        scores: contenders.map(
          ({ prompts }, which) =>
            new ProbeScores({
              items: heard[which](0),
              changed: plans[at].changes.map((change) =>
                heard[which](1 + places.get(JSON.stringify(change))!),
              ),
              texts: prompts,
            }),
        ),
      })),
    }
  }
}

/** Of one model. */
export function measureProbes(
  { set, probes }: Probed,
  { samples, seed }: { readonly samples: number; readonly seed: number },
): Measured {
  const results = probes.map(({ spec, plan, scores }) =>
    measureProbe(spec, plan, { scores: scores[0], items: set.items.length, samples, seed }),
  )
  return { results, tags: null, confusion: null, space: null, examples: { best: [], worst: [] } }
}

/** Of several, each with the first. */
export function compareProbes(
  { set, probes }: Probed,
  options: { readonly samples: number; readonly permutations: number; readonly seed: number },
): Pick<Comparison, 'results' | 'versus'> {
  const items = set.items.length
  const results = probes.map(({ spec, plan, scores }) =>
    compareProbe(spec, plan, { scores, items, ...options }),
  )
  return { results, versus: [] }
}
