import assert from 'node:assert/strict'
import test from 'node:test'
import { compile, Graph, linear } from '../graph/index.js'
import { nodeRuntime } from '../graph/node.js'
import { Random } from '../random/index.js'
import {
  answersByLabel,
  answersFromLists,
  answersOf,
  reverseAnswers,
  scoreQueries,
  scoreRanking,
  type Answers,
  type QueryScores,
  type Vectors,
} from './index.js'

const runtime = await nodeRuntime()

/** Unit vectors; one in three is a copy of another one, so that scores tie. */
function unitVectors(random: Random, count: number, dim: number): Vectors {
  const data = new Float32Array(count * dim)
  for (let row = 0; row < count; row++) {
    const own = data.subarray(row * dim, (row + 1) * dim)
    if (row > 0 && random.chance(1 / 3)) {
      const other = random.int(0, row - 1)
      own.set(data.subarray(other * dim, (other + 1) * dim))
      continue
    }
    let squares = 0
    for (let i = 0; i < dim; i++) squares += (own[i] = random.gauss()) ** 2
    for (let i = 0; i < dim; i++) own[i] /= Math.sqrt(squares)
  }
  return { count, dim, data }
}

/** The plain evaluation: one product, the whole matrix, each row sorted. */
async function plain(queries: Vectors, items: Vectors, answers: Answers): Promise<QueryScores> {
  const graph = new Graph()
  // Small products have other bits than large ones: rows of zeros make it a large one.
  const shape = [Math.max(queries.count, 2), Math.max(items.count, 128)]
  const padded = ({ data, dim }: Vectors, rows: number) => {
    const all = new Float32Array(rows * dim)
    all.set(data)
    return all
  }
  const scores = linear(
    graph.input('queries', [shape[0], queries.dim]),
    graph.input('items', [shape[1], items.dim]),
  )
  const program = await compile(runtime, { outputs: { scores } })
  const { data } = (await program.run({ queries: padded(queries, shape[0]), items: padded(items, shape[1]) }))
    .scores
  await program.close()
  const similarity = new Float32Array(queries.count * items.count)
  const relevance = new Uint8Array(similarity.length)
  for (let query = 0; query < queries.count; query++) {
    for (let item = 0; item < items.count; item++)
      similarity[query * items.count + item] = Number(data[query * shape[1] + item])
    for (const item of answersOf(answers, query)) relevance[query * items.count + item] = 1
  }
  return scoreRanking({ queries: queries.count, items: items.count, similarity, relevance })
}

function someAnswers(random: Random, queries: number, items: number): Answers {
  const most = random.pick([1, 1, 3, Math.min(items, 60)])
  return answersFromLists(
    Array.from({ length: queries }, () => {
      const count = random.chance(0.1) ? 0 : random.int(1, Math.min(most, items))
      return random.shuffle(Array.from({ length: items }, (_, i) => i)).slice(0, count)
    }),
    items,
  )
}

test('the very ranks of the whole matrix, whatever the tile and the threads', async () => {
  const random = new Random('tiles')
  for (let round = 0; round < 24; round++) {
    const dim = random.pick([3, 64, 129, 512])
    const [queries, items] = [random.int(1, 400), random.int(1, 500)]
    const [q, i] = [unitVectors(random, queries, dim), unitVectors(random, items, dim)]
    if (random.chance(0.5)) q.data.set(i.data.subarray(0, Math.min(q.data.length, i.data.length)))
    const answers = someAnswers(random, queries, items)
    const expected = await plain(q, i, answers)
    for (const tile of [
      undefined,
      { queries: random.int(2, 90), items: 387 + random.int(0, 20) },
      { queries: 263, items: 129 + random.int(0, 90) },
    ]) {
      const engine = { threads: tile && tile.items < 384 ? 1 : random.int(1, 3) }
      const found = await scoreQueries({ queries: q, items: i, answers, runtime, engine, tile })
      assert.deepEqual(found, expected, `${queries} × ${items} × ${dim}, tile ${JSON.stringify(tile)}`)
    }
  }
})

test('both directions, five captions a track, against sorting in double precision', async () => {
  const random = new Random('captions')
  const tracks = unitVectors(random, 61, 96)
  const captions = unitVectors(random, 305, 96)
  const label = (each: number) => (_: unknown, i: number) => Math.floor(i / each)
  const answers = answersByLabel(Array.from({ length: 305 }, label(5)), Array.from({ length: 61 }, label(1)))
  for (const [queries, items, own] of [
    [captions, tracks, answers],
    [tracks, captions, reverseAnswers(answers)],
  ] as const) {
    const { rank } = await scoreQueries({ queries, items, answers: own, runtime })
    for (let query = 0; query < queries.count; query++) {
      const cosine = (item: number) => {
        let sum = 0
        for (let i = 0; i < 96; i++) sum += queries.data[query * 96 + i] * items.data[item * 96 + i]
        return sum
      }
      const cosines = Array.from({ length: items.count }, (_, item) => cosine(item))
      const best = Math.max(...Array.from(answersOf(own, query), (item) => cosines[item]))
      const above = cosines.filter((score) => score > best + 1e-6).length
      const equal = cosines.filter((score) => Math.abs(score - best) <= 1e-6)
      const right = Array.from(answersOf(own, query)).filter((item) => cosines[item] > best - 1e-6).length
      assert.equal(rank[query], above + (equal.length + 1) / (right + 1))
    }
  }
})

test('a query without an answer is left out; where none has one, nothing is scored', async () => {
  const random = new Random('none')
  const [queries, items] = [unitVectors(random, 5, 8), unitVectors(random, 7, 8)]
  const answers = answersFromLists([[], [3], [], [0, 6], []], 7)
  const scores = await scoreQueries({ queries, items, answers, runtime })
  assert.deepEqual([...scores.query], [1, 3])
  const none = answersFromLists([[], [], [], [], []], 7)
  assert.equal((await scoreQueries({ queries, items, answers: none, runtime })).rank.length, 0)
})

test('what does not fit is refused by name', async () => {
  const random = new Random('refused')
  const [queries, items] = [unitVectors(random, 5, 8), unitVectors(random, 7, 8)]
  const answers = answersFromLists([[1], [2], [3], [4], [5]], 7)
  const refused = (change: object, expected: object) =>
    assert.rejects(scoreQueries({ queries, items, answers, runtime, ...change }), expected)
  await refused({ items: unitVectors(random, 6, 8) }, { code: 'shape', message: /7 items, for 5 and 6/ })
  await refused({ items: unitVectors(random, 7, 9) }, { code: 'shape', message: /8 dimensions and items 9/ })
  const long = { ...queries, data: queries.data.map((x, i) => (i >= 16 && i < 24 ? 2 * x : x)) }
  await refused({ queries: long }, { code: 'failed', message: /queries: vector 2 has length 2/ })
  const notANumber = { ...items, data: items.data.with(9, NaN) }
  await refused({ items: notANumber }, { code: 'failed', message: /items: vector 1 has length NaN/ })
  await refused({ tile: { queries: 64, items: 255 }, engine: { threads: 2 } }, { code: 'usage' })
  await refused({ signal: AbortSignal.abort() }, { name: 'AbortError' })
  assert.throws(() => answersFromLists([[7]], 7), { code: 'shape', message: /item 7/ })
  assert.throws(() => answersFromLists([[2, 2]], 7), { code: 'shape', message: /item 2 after 2/ })
})
