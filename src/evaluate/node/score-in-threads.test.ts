import assert from 'node:assert/strict'
import test from 'node:test'
import { nodeRuntime } from '../../graph/node.js'
import { Random } from '../../random/index.js'
import { answersFromLists, scoreQueries, type Vectors } from '../index.js'
import { scoreInThreads } from './score-in-threads.js'

const runtime = await nodeRuntime()
const random = new Random('threads')

/** Unit vectors, every third a copy of the one before, so that scores tie. */
function unitVectors(count: number, dim: number): Vectors {
  const data = new Float32Array(count * dim)
  for (let row = 0; row < count; row++) {
    const own = data.subarray(row * dim, (row + 1) * dim)
    if (row % 3 === 2) own.set(data.subarray((row - 1) * dim, row * dim))
    else {
      for (let i = 0; i < dim; i++) own[i] = random.gauss()
      const length = Math.hypot(...own)
      for (let i = 0; i < dim; i++) own[i] /= length
    }
  }
  return { count, dim, data }
}

const queries = unitVectors(1501, 20)
const items = unitVectors(2305, 20)
/** None, one or several. */
const lists = Array.from({ length: queries.count }, (_, query) =>
  Array.from({ length: query % 4 }, (_, i) => (query * 7 + i * 501) % items.count),
)
const answers = answersFromLists(lists, items.count)

test('threads score to the bit what one does, ties and queries without answers too', async () => {
  const plain = await scoreQueries({ queries, items, answers, ks: [1, 7], runtime })
  const told: number[] = []
  const threaded = await scoreInThreads({
    ...{ queries, items, answers, ks: [1, 7], runtime, least: 0 },
    engine: { threads: 3 },
    onProgress: ({ queries: done }) => told.push(done),
  })
  assert.deepEqual(threaded, plain)
  assert.ok(told.length > 3 && told.at(-1) === plain.query.length)
  assert.equal(plain.query.length, lists.filter(({ length }) => length > 0).length)
})

test('little work stays in this thread', async () => {
  let threads = 0
  const count = (): void => void threads++
  process.on('worker', count)
  const how = { queries, items, answers, runtime, engine: { threads: 2 } }
  await scoreInThreads(how)
  assert.equal(threads, 0)
  await scoreInThreads({ ...how, least: 0 })
  assert.equal(threads, 2)
  process.off('worker', count)
})

test('threads end when they are stopped, and where vectors are wrong', async () => {
  const stopping = new AbortController()
  const how = { queries, items, answers, runtime, least: 0, engine: { threads: 2 } }
  const work = scoreInThreads({
    ...how,
    signal: stopping.signal,
    onProgress: () => stopping.abort(new Error('enough')),
  })
  await assert.rejects(work, /enough/)
  await assert.rejects(scoreInThreads({ ...how, signal: AbortSignal.abort(new Error('before')) }), /before/)
  const data = items.data.slice()
  data[5] = NaN
  await assert.rejects(scoreInThreads({ ...how, items: { ...items, data } }), { code: 'failed' })
})
