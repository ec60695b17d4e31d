import type { ExpandedQuery, KnowledgeGraph } from '../../src/data/index.js'
import { readKnowledge } from '../../src/data/node.js'
import { queryVector } from '../../src/catalog/index.js'
import { openModel } from '../../src/model/node.js'
import { Random } from '../../src/random/index.js'
import type { Recipe } from '../../src/train/index.js'
import { comparePaired, groupsOf, type Metric } from '../../src/evaluate/index.js'
import { figure, type Figure } from '../figures.js'
import { trainedPairs } from './made-world.js'
import { poolVectors } from './pool-vectors.js'
import { KINDS, PoolKnowledge, type SimilarityQueryOfPool, type TurnedQuery } from './similarity-queries.js'
import type { MeasureContext, System, TrainedRun } from './system.js'
import { dot } from './text-retrieval.js'

const QUERIES = 100 // of each group
const PHRASINGS = 5 // of a name, at most: there are few artists
const TOP = 10
const SEED = 1

type Searched = Pick<TrainedRun, 'model' | 'vectors'>

/** Queries by name: music of the same neighbourhood, of names that training knew and names it never saw. */
export const ttmrpp2024: System = {
  name: 'ttmrpp2024',
  runs: [['bench'], ['bench', 'without-similarity'], ['bench', 'without-context']],
  async measure({ world, pool, runs, say }: MeasureContext): Promise<Figure[]> {
    const { graph } = await readKnowledge(world)
    const known = new PoolKnowledge(graph, pool)
    const named = await namesOf(world, runs.get('bench')!.recipe, graph, known)
    const bridge = await openModel('bridge')
    const models: [string, Searched][] = [
      ...[...runs].map(([variants, run]): [string, Searched] => [variants.replace(/^bench\+?/, ''), run]),
      ['bridge', { model: bridge, vectors: await poolVectors(bridge, pool) }],
    ]
    const figures: Figure[] = []
    try {
      for (const [group, ids] of Object.entries(named)) {
        const queries = asked(ids, known)
        const chance = mean(queries.map(({ answers, among }) => answers.length / among.length))
        const most = mean(queries.map(({ answers }) => Math.min(TOP, answers.length) / TOP))
        const name = `ttmrpp2024 ${group}, ${queries.length} queries: the most that P@10 can be`
        figures.push(beside(name, most, 'chance', chance))
        for (const [name, searched] of models)
          for (const how of ['expanded', 'text'] as const) {
            const asked = queries.map(({ text, expanded }) => (how === 'text' ? { text } : expanded))
            const value = mean(await precisions(searched, queries, asked))
            const label = ['ttmrpp2024', name, group, how === 'text' ? 'without expansion' : '', 'P@10']
            const said = label.filter((part) => part !== '').join(' ')
            say(
              `  ${said} ${value.toFixed(3)} (chance ${chance.toFixed(3)}, at most ${most.toFixed(3)}, ${queries.length} queries)`,
            )
            figures.push(beside(said, value, 'chance', chance))
          }
      }
      const unseen = [...named['unseen artists'], ...named['unseen tracks']]
      for (const kind of KINDS) {
        const all = unseen.flatMap((id) => known.askMore(id, kind, SEED))
        const queries = new Random(`turns/${SEED}`).shuffle(all).slice(0, QUERIES)
        for (const [name, searched] of models)
          figures.push(...(await turns(['ttmrpp2024', name, `but more ${kind}`], searched, { queries, say })))
      }
    } finally {
      await bridge.close()
    }
    return figures
  },
}

/** Each name in several phrasings, as far as they differ, name after name for as long as there are too few. */
function asked(ids: readonly string[], known: PoolKnowledge): SimilarityQueryOfPool[] {
  const queries = new Map<string, SimilarityQueryOfPool>()
  for (let phrasing = 0; phrasing < PHRASINGS; phrasing++)
    for (const id of ids) {
      const query = queries.size < QUERIES ? known.ask(id, SEED + phrasing) : undefined
      if (query && !queries.has(query.text)) queries.set(query.text, query)
    }
  return [...queries.values()]
}

const beside = (name: string, value: number, reference: string, referenceValue: number): Figure =>
  figure({ name, value, unit: '', reference, referenceValue, lowerIsBetter: false })

/** Ids of artists and tracks, in an order by seed: those that were trained on, and those of the pool. */
async function namesOf(
  world: string,
  recipe: Recipe,
  graph: KnowledgeGraph,
  { tracks }: PoolKnowledge,
): Promise<Record<string, string[]>> {
  const train = await trainedPairs(world, recipe)
  const artists = new Set(train.map(({ track }) => `artist:${track.artist}`))
  const ids = train.map(({ track }) => `track:${track.id.replace(/^audio\//, '')}`)
  const random = new Random(`names/${SEED}`)
  const drawn = (all: Iterable<string>): string[] =>
    random.shuffle([...new Set(all)].filter((id) => graph.has(id)))
  return {
    'seen artists': drawn(artists),
    'unseen artists': drawn(tracks.map(({ artist }) => artist).filter((artist) => !artists.has(artist))),
    'seen tracks': drawn(ids),
    'unseen tracks': drawn(tracks.map(({ id }) => id)),
  }
}

/** Queries with a turn: what the first ten are, with the turn and without. */
async function turns(
  label: readonly string[],
  searched: Searched,
  { queries, say }: { readonly queries: readonly TurnedQuery[]; readonly say: (line: string) => void },
): Promise<Figure[]> {
  const name = label.filter((part) => part !== '').join(' ')
  const artists = [...new Set(queries.map(({ artist }) => artist))]
  const all = Int32Array.from(queries.keys())
  const groups = groupsOf(
    all,
    all.length,
    all.map((query) => artists.indexOf(queries[query].artist)),
  )
  const figures: Figure[] = []
  for (const [what, saying] of Object.entries(WHAT) as [keyof typeof WHAT, string][]) {
    const asked = queries.map((query) => ({ answers: query[what], among: query.among }))
    const shares = async (of: 'turned' | 'plain'): Promise<Metric> => {
      const texts = queries.map((query) => query[of])
      const values = Float64Array.from(await precisions(searched, asked, texts))
      return { name: saying, values, average: 'mean', higherIsBetter: true }
    }
    const pair = { a: await shares('plain'), b: await shares('turned') }
    const { a, b, p } = comparePaired([pair], groups, { seed: SEED })[saying]
    const most = mean(asked.map(({ answers }) => Math.min(TOP, answers.length) / TOP))
    say(
      `  ${name}: ${saying} ${b.toFixed(3)} (without the turn ${a.toFixed(3)}, p ${p.toFixed(3)}, at most ${most.toFixed(3)}, ${queries.length} queries)`,
    )
    figures.push(beside(`${name}: ${saying}`, b, `without the turn (p ${p.toFixed(3)})`, a))
  }
  return figures
}

const WHAT = { near: 'near @10', having: 'has it @10', both: 'near and has it @10' } as const

/** Of each query the share of the first ten tracks that answer. */
async function precisions(
  { model, vectors }: Searched,
  queries: readonly Pick<SimilarityQueryOfPool, 'answers' | 'among'>[],
  asked: readonly Pick<ExpandedQuery, 'text' | 'sound' | 'more' | 'less'>[],
): Promise<number[]> {
  const texts = [...new Set(asked.flatMap(({ text, sound, more, less }) => [text, sound, more, less]))]
  const known = texts.filter((text) => text !== undefined)
  const embedded = await model.embedText(known)
  const vectorOf = new Map<string | undefined, Float32Array>(known.map((text, i) => [text, embedded[i]]))
  return queries.map(({ answers, among }, i) => {
    const { text, sound, more, less } = asked[i]
    const { vector } = queryVector(
      {
        text: vectorOf.get(text)!,
        more: [sound, more].flatMap((part) => vectorOf.get(part) ?? []),
        less: vectorOf.get(less),
      },
      vectors,
    )
    const cosines = vectors.map((track) => dot(track, vector))
    const first = [...among].sort((a, b) => cosines[b] - cosines[a]).slice(0, TOP)
    return first.filter((track) => answers.includes(track)).length / TOP
  })
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
