import assert from 'node:assert/strict'
import test from 'node:test'
import { nodeRuntime } from '../graph/node.js'
import { Random } from '../random/index.js'
import { answersFromLists, nearestItems, rowOf, spaceScores, stackVectors, type Vectors } from './index.js'

const runtime = await nodeRuntime()

function unitVectors(random: Random, count: number, dim: number, shift = 0): Vectors {
  return stackVectors(
    Array.from({ length: count }, () => {
      const values = Array.from({ length: dim }, (_, i) => random.gauss() + (i === 0 ? shift : 0))
      return Float32Array.from(values, (value) => value / Math.hypot(...values))
    }),
  )
}

const squared = (a: Float32Array, b: Float32Array) => a.reduce((sum, x, i) => sum + (x - b[i]) ** 2, 0)
const near = (found: number, expected: number, tolerance = 1e-6) => {
  assert.ok(Math.abs(found - expected) < tolerance, `${found}, expected ${expected}`)
}

/** Items by distance, nearest first. */
function ranked(query: Float32Array, items: Vectors): number[] {
  const far = Array.from({ length: items.count }, (_, item) => squared(query, rowOf(items, item)))
  return far.map((_, item) => item).sort((a, b) => far[a] - far[b])
}

test('alignment, uniformity, gap and hubness by their definitions', async () => {
  const random = new Random('space')
  const [audio, text] = [unitVectors(random, 37, 5, 2), unitVectors(random, 53, 5)]
  const lists = Array.from({ length: 53 }, (_, query) => (query % 7 === 0 ? [] : [query % 37]))
  const pairs = answersFromLists(lists, 37)
  const found = await spaceScores({ audio, text, pairs, k: 4, runtime })
  const distances = lists.flatMap((items, query) =>
    items.map((item) => squared(rowOf(text, query), rowOf(audio, item))),
  )
  near(found.alignment, distances.reduce((a, b) => a + b) / distances.length)
  const uniformity = (vectors: Vectors) => {
    let [sum, count] = [0, 0]
    for (let a = 0; a < vectors.count; a++)
      for (let b = 0; b < vectors.count; b++)
        if (a !== b) {
          sum += Math.exp(-2 * squared(rowOf(vectors, a), rowOf(vectors, b)))
          count++
        }
    return Math.log(sum / count)
  }
  near(found.audioUniformity, uniformity(audio))
  near(found.textUniformity, uniformity(text))
  assert.deepEqual(found.uniformityOf, { audio: 37, text: 53 })
  const mean = (vectors: Vectors) =>
    Float32Array.from({ length: 5 }, (_, i) => {
      let sum = 0
      for (let row = 0; row < vectors.count; row++) sum += rowOf(vectors, row)[i]
      return sum / vectors.count
    })
  near(found.modalityGap, Math.sqrt(squared(mean(audio), mean(text))))
  const occurrences = Array.from({ length: 37 }, () => 0)
  for (let query = 0; query < 53; query++)
    for (const item of ranked(rowOf(text, query), audio).slice(0, 4)) occurrences[item]++
  const average = (53 * 4) / 37
  const moment = (power: number) => occurrences.reduce((sum, n) => sum + (n - average) ** power, 0) / 37
  const { skew, hub, hubQueries, never, k } = found.audioHubness
  near(skew, moment(3) / moment(2) ** 1.5)
  assert.deepEqual(
    [hub, hubQueries, never, k],
    [
      occurrences.indexOf(Math.max(...occurrences)),
      Math.max(...occurrences),
      occurrences.filter((n) => n === 0).length / 37,
      4,
    ],
  )
})

test('uniformity of many vectors is that of some of them', async () => {
  const random = new Random('many')
  const audio = unitVectors(random, 400, 16)
  const pairs = answersFromLists(
    Array.from({ length: 400 }, (_, i) => [i]),
    400,
  )
  const options = { audio, text: audio, pairs, runtime }
  const [all, some] = [await spaceScores(options), await spaceScores({ ...options, most: 200 })]
  assert.deepEqual(some.uniformityOf, { audio: 200, text: 200 })
  near(some.audioUniformity, all.audioUniformity, 0.05)
  assert.notEqual(some.audioUniformity, all.audioUniformity)
  near(all.alignment, 0)
  near(all.modalityGap, 0)
})

test('the nearest items, in tiles of any size; of equal ones the first', async () => {
  const random = new Random('nearest')
  const queries = unitVectors(random, 61, 24)
  const items = unitVectors(random, 301, 24)
  for (let item = 150; item < 200; item++)
    items.data.copyWithin(item * 24, (item - 150) * 24, (item - 149) * 24)
  for (const tile of [undefined, { queries: 7, items: 131 }]) {
    const found = await nearestItems({ queries, items, k: 9, runtime, tile })
    for (let query = 0; query < 61; query++)
      assert.deepEqual(
        [...found.subarray(query * 9, query * 9 + 9)],
        ranked(rowOf(queries, query), items).slice(0, 9),
      )
  }
  const few = await nearestItems({
    queries,
    items: stackVectors([rowOf(items, 1), rowOf(items, 2)]),
    k: 9,
    runtime,
  })
  assert.equal(few.length, 61 * 2)
})
