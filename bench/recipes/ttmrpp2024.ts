import type { KnowledgeGraph } from '../../src/data/index.js'
import { readKnowledge } from '../../src/data/node.js'
import { openModel } from '../../src/model/node.js'
import { Random } from '../../src/random/index.js'
import type { Recipe } from '../../src/train/index.js'
import { figure, type Figure } from '../figures.js'
import { trainedPairs } from './made-world.js'
import { poolVectors } from './pool-vectors.js'
import { PoolKnowledge, type SimilarityQueryOfPool } from './similarity-queries.js'
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
            const value = await precision(searched, queries, how)
            const label = ['ttmrpp2024', name, group, how === 'text' ? 'without expansion' : '', 'P@10']
            const said = label.filter((part) => part !== '').join(' ')
            say(
              `  ${said} ${value.toFixed(3)} (chance ${chance.toFixed(3)}, at most ${most.toFixed(3)}, ${queries.length} queries)`,
            )
            figures.push(beside(said, value, 'chance', chance))
          }
      }
      const turned = [...named['unseen artists'], ...named['seen artists']]
        .flatMap((id) => known.askMore(id, SEED) ?? [])
        .slice(0, QUERIES)
      for (const [name, searched] of models) {
        const share = async (which: 'plain' | 'turned'): Promise<number> => {
          const queries = turned.map((query) => ({
            text: query[which],
            answers: query.having,
            among: [...pool.pairs.keys()],
          }))
          return precision(searched, queries, 'text')
        }
        const [plain, more] = [await share('plain'), await share('turned')]
        const said = ['ttmrpp2024', name, 'but more X: near and has it @10']
          .filter((part) => part !== '')
          .join(' ')
        say(`  ${said} ${more.toFixed(3)} (without the turn ${plain.toFixed(3)}, ${turned.length} queries)`)
        figures.push(beside(said, more, 'without the turn', plain))
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

/** Mean share of the first ten tracks that answer. */
async function precision<How extends 'text' | 'expanded'>(
  { model, vectors }: Searched,
  queries: readonly (Pick<SimilarityQueryOfPool, How> & Pick<SimilarityQueryOfPool, 'answers' | 'among'>)[],
  how: How,
): Promise<number> {
  const asked = await model.embedText(queries.map((query) => query[how]))
  return mean(
    queries.map(({ answers, among }, i) => {
      const cosines = vectors.map((track) => dot(track, asked[i]))
      const first = [...among].sort((a, b) => cosines[b] - cosines[a]).slice(0, TOP)
      return first.filter((track) => answers.includes(track)).length / TOP
    }),
  )
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
