import { scoreRanking, summarise, type QueryScores, type RetrievalScores } from '../../src/evaluate/index.js'
import { unitMean } from '../../src/model/index.js'
import type { Pool, TrainedRun } from './system.js'
import type { TagQuery } from './tag-queries.js'

/** Vectors that ask for tracks of the pool, and which answer. */
export interface Asked {
  /** Of unit length. */
  readonly vectors: readonly Float32Array[]
  readonly answers: readonly (readonly number[])[]
}

/** How well a model finds them among the pool's tracks. */
export function found(run: TrainedRun, asked: Asked): RetrievalScores {
  return summarise(scored(run, asked))
}

/** The same, query by query. */
export function scored(
  { vectors: tracks }: Pick<TrainedRun, 'vectors'>,
  { vectors, answers }: Asked,
): QueryScores {
  const [queries, items] = [vectors.length, tracks.length]
  const similarity = new Float32Array(queries * items)
  const relevance = new Uint8Array(queries * items)
  for (const [query, vector] of vectors.entries()) {
    for (const [item, track] of tracks.entries()) similarity[query * items + item] = dot(track, vector)
    for (const item of answers[query]) relevance[query * items + item] = 1
  }
  return scoreRanking({ queries, items, similarity, relevance })
}

/** The cosine of vectors of unit length. */
export const dot = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, value, i) => sum + value * b[i], 0)

/** What an order by chance has, on the average: all tracks are alike. */
export function chanceOf(queries: readonly TagQuery[], { pairs }: Pool): RetrievalScores {
  const answers = queries.map((query) => query.answers)
  const asked = { vectors: answers.map(() => new Float32Array(1)), answers }
  return summarise(scored({ vectors: pairs.map(() => new Float32Array(1)) }, asked))
}

/** Tags in a row, as one text. */
export async function askJoined({ model }: TrainedRun, queries: readonly TagQuery[]): Promise<Asked> {
  const vectors = await model.embedText(queries.map(({ tags }) => tags.join(', ')))
  return { vectors, answers: queries.map(({ answers }) => answers) }
}

/** The mean of the tags' own vectors: what a model without a notion of several tags can do. */
export async function askAveraged({ model }: TrainedRun, queries: readonly TagQuery[]): Promise<Asked> {
  const tags = [...new Set(queries.flatMap((query) => query.tags))]
  const vectors = new Map((await model.embedText(tags)).map((vector, i) => [tags[i], vector]))
  return {
    vectors: queries.map((query) => unitMean(query.tags.map((tag) => vectors.get(tag)!))),
    answers: queries.map(({ answers }) => answers),
  }
}

/** Every caption of the pool asks for its track; one that several have is one query. */
export async function askCaptions({ model }: TrainedRun, { pairs }: Pool): Promise<Asked> {
  const tracks = new Map<string, Set<number>>()
  for (const [track, { texts }] of pairs.entries())
    for (const { kind, value } of texts)
      if (kind === 'caption') tracks.set(value, (tracks.get(value) ?? new Set<number>()).add(track))
  return {
    vectors: await model.embedText([...tracks.keys()]),
    answers: [...tracks.values()].map((answers) => [...answers]),
  }
}

/** All tags of each track, in a row, ask for it and those with the same: a caption as the code of Doh et al. 2023 makes it. */
export async function askAllTags({ model }: TrainedRun, { tracks }: Pool): Promise<Asked> {
  const alike = new Map<string, { text: string; answers: number[] }>()
  for (const [track, { tags }] of tracks.entries()) {
    const set = [...tags].sort().join('\n')
    const known = alike.get(set)
    if (known) known.answers.push(track)
    else alike.set(set, { text: tags.join(', '), answers: [track] })
  }
  const queries = [...alike.values()]
  return {
    vectors: await model.embedText(queries.map(({ text }) => text)),
    answers: queries.map(({ answers }) => answers),
  }
}
