import assert from 'node:assert/strict'
import test from 'node:test'
import { Random } from '../random/index.js'
import {
  compare,
  compareSubsets,
  holm,
  largestDifferences,
  metricsOf,
  scoreRanking,
  selectQueries,
  summarise,
  valueOf,
  type QueryScores,
} from './index.js'

/** Scores of `tracks` tracks with two captions each; a track that is hard is so for both, and for both models. */
function scoresOf(
  random: Random,
  { tracks, models, edge = 0 }: { tracks: number; models: number; edge?: number },
): QueryScores[] {
  const items = tracks
  const queries = 2 * tracks
  const hard = Array.from({ length: tracks }, () => random.gauss())
  return Array.from({ length: models }, (_, model) => {
    const own = hard.map((difficulty) => 1.5 + difficulty + random.gauss() + (model === 1 ? edge : 0))
    const similarity = new Float64Array(queries * items)
    const relevance = new Uint8Array(queries * items)
    for (let query = 0; query < queries; query++)
      for (let item = 0; item < items; item++) {
        const mine = item === query >> 1
        similarity[query * items + item] = random.gauss() * 0.5 + (mine ? own[item] : random.gauss())
        relevance[query * items + item] = mine ? 1 : 0
      }
    return scoreRanking({ queries, items, similarity, relevance })
  })
}

const pairs = (queries: number) => Int32Array.from({ length: queries }, (_, query) => query >> 1)

test('p is the share of all swappings of tracks that differ at least as much', () => {
  for (let round = 0; round < 4; round++) {
    const [a, b] = scoresOf(new Random(`exact ${round}`), { tracks: 8, models: 2 })
    const groups = pairs(16)
    const found = compare(a, b, { groups, samples: 200, permutations: 20_000, seed: round })
    for (const [at, metric] of metricsOf(a).entries()) {
      const other = metricsOf(b)[at]
      const observed = valueOf(other) - valueOf(metric)
      let atLeast = 0
      for (let swapped = 0; swapped < 256; swapped++) {
        const side = (own: Float64Array, theirs: Float64Array) =>
          own.map((value, query) => ((swapped >> groups[query]) & 1 ? theirs[query] : value))
        const difference =
          valueOf({ ...metric, values: side(other.values, metric.values) }) -
          valueOf({ ...metric, values: side(metric.values, other.values) })
        if (Math.abs(difference) >= Math.abs(observed) - 1e-9) atLeast++
      }
      const { p, difference } = found[metric.name]
      assert.ok(Math.abs(p - atLeast / 256) < 0.02, `${metric.name}: p ${p}, of all ${atLeast / 256}`)
      assert.ok(Math.abs(difference - observed) < 1e-12)
    }
  }
})

test('models that are alike differ at 5 % in about 5 % of trials; by an edge, they are told apart', () => {
  const random = new Random('errors')
  let [falseFinds, finds, outside] = [0, 0, 0]
  const trials = 300
  for (let trial = 0; trial < trials; trial++) {
    const [a, , c] = scoresOf(random, { tracks: 40, models: 3 })
    const options = { groups: pairs(80), samples: 300, permutations: 300, seed: trial, metrics: ['mAP'] }
    const { p, low, high } = compare(a, c, options).mAP
    if (p <= 0.05) falseFinds++
    if (low > 0 || high < 0) outside++
    if (trial % 5 > 0) continue
    const [weak, strong] = scoresOf(random, { tracks: 40, models: 2, edge: 1 })
    if (compare(weak, strong, options).mAP.p <= 0.05) finds++
  }
  // The share of false finds has a standard deviation of 1.3 points.
  assert.ok(falseFinds / trials > 0.01 && falseFinds / trials < 0.09, `${falseFinds} false finds`)
  assert.ok(outside / trials < 0.11, `${outside} intervals without 0`)
  assert.ok(finds / (trials / 5) > 0.8, `${finds} finds`)
})

test('a model and itself: no difference, p 1', () => {
  const [a] = scoresOf(new Random('same'), { tracks: 11, models: 1 })
  for (const { difference, low, high, p, adjusted } of Object.values(compare(a, a, { permutations: 100 })))
    assert.deepEqual([difference, low, high, p, adjusted], [0, 0, 0, 1, 1])
})

test('turned around, the difference turns its sign and p stays', () => {
  const [a, b] = scoresOf(new Random('around'), { tracks: 17, models: 2 })
  const options = { groups: pairs(34), samples: 500, permutations: 500 }
  const [there, back] = [compare(a, b, options), compare(b, a, options)]
  for (const name of Object.keys(there)) {
    assert.ok(Math.abs(there[name].difference + back[name].difference) < 1e-12)
    assert.ok(Math.abs(there[name].low + back[name].high) < 1e-12)
    assert.equal(there[name].p, back[name].p)
  }
  assert.deepEqual(compare(a, b, options), there)
})

test("Holm's correction, step by step", () => {
  // By hand: 5 × 0.005, 4 × 0.01, 3 × 0.03, then 2 × 0.04 and 0.7, none below the one before.
  const expected = [0.04, 0.09, 0.09, 0.025, 0.7]
  holm([0.01, 0.04, 0.03, 0.005, 0.7]).forEach((p, at) => {
    assert.ok(Math.abs(p - expected[at]) < 1e-12)
  })
  assert.deepEqual(holm([0.6, 0.5, NaN]), [1, 1, NaN])
})

test('where one model wins: subsets, and the queries that differ most', () => {
  const [a, b] = scoresOf(new Random('subsets'), { tracks: 30, models: 2, edge: 1 })
  const all = Int32Array.from(a.query)
  const [even, odd] = [all.filter((query) => query % 2 === 0), all.filter((query) => query % 2 === 1)]
  const subsets = [
    { name: 'even', queries: even },
    { name: 'odd', queries: odd },
    { name: 'all', queries: all },
    { name: 'none', queries: new Int32Array(0) },
  ]
  const options = { groups: pairs(60), samples: 300, permutations: 300 }
  const found = compareSubsets(a, b, { subsets, metric: 'MRR', ...options })
  assert.deepEqual(
    found.map(({ name, queries }) => [name, queries]),
    [
      ['even', 30],
      ['odd', 30],
      ['all', 60],
      ['none', 0],
    ],
  )
  const whole = compare(a, b, options).MRR
  const { difference, low, high, p } = found[2]
  assert.deepEqual([difference, low, high, p], [whole.difference, whole.low, whole.high, whole.p])
  assert.ok(Math.abs((found[0].difference + found[1].difference) / 2 - whole.difference) < 1e-12)
  assert.ok(Number.isNaN(found[3].p) && Number.isNaN(found[3].difference))
  assert.deepEqual(summarise(selectQueries(a, all)), summarise(a))

  const { gains, losses } = largestDifferences(a, b, { metric: 'median rank', count: 7 })
  assert.ok(gains.length === 7 && gains.every(({ a, b, difference }) => b < a && difference === b - a))
  assert.ok(losses.every(({ a, b }) => b > a))
  const ranks = [...all].map((query) => b.rank[query] - a.rank[query]).sort((x, y) => x - y)
  assert.deepEqual(
    gains.map((gain) => gain.difference),
    ranks.slice(0, 7),
  )
})

test('what cannot be compared is refused', () => {
  const [a] = scoresOf(new Random('x'), { tracks: 5, models: 1 })
  const [b] = scoresOf(new Random('x'), { tracks: 6, models: 1 })
  assert.throws(() => compare(a, b), { code: 'usage', message: /10 scored queries of 10 in 5 items/ })
  assert.throws(() => compare(a, selectQueries(a, Int32Array.of(0, 1))), { code: 'usage' })
  assert.throws(() => compare(a, a, { metrics: ['R@7'] }), { code: 'usage', message: /"R@7".*R@10/ })
})
