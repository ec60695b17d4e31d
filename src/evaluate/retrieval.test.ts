import assert from 'node:assert/strict'
import test from 'node:test'
import { golden } from '../../test/golden.js'
import { relevanceByLabel, retrievalScores, transpose, type Ranking } from './index.js'

const TOLERANCE = 1e-9 // float64; test/golden/metrics.json
const file = golden('metrics')

function goldenRanking(name: string): Ranking {
  const [queries, items] = file.file.entries.get(`${name}/similarity`)!.shape
  return {
    queries,
    items,
    similarity: file.doubles(`${name}/similarity`),
    relevance: Uint8Array.from(file.tensor(`${name}/relevance`).data),
  }
}

for (const [name, reference] of Object.entries(file.json.cases as Record<string, any>))
  for (const direction of ['text_to_audio', 'audio_to_text'])
    test(`golden ${name}, ${direction}`, () => {
      const ranking = goldenRanking(name)
      const scores = retrievalScores(direction === 'text_to_audio' ? ranking : transpose(ranking))
      const { expected } = reference[direction]
      assert.equal(scores.queries, reference[direction].queries)
      assert.equal(scores.leftOut, reference[direction]['left out'])
      const ours: Record<string, number> = {
        'median rank': scores.medianRank,
        'mean rank': scores.meanRank,
        MRR: scores.mrr,
        mAP: scores.map,
        'mAP@10': scores.mapAt10,
        'nDCG@10': scores.ndcgAt10,
      }
      for (const k of [1, 5, 10]) {
        ours[`R@${k}`] = scores.recallAt[k]
        ours[`share@${k}`] = scores.shareAt[k]
        ours[`P@${k}`] = scores.precisionAt[k]
      }
      for (const [metric, value] of Object.entries(ours))
        assert.ok(
          Math.abs(value - expected[metric]) <= TOLERANCE,
          `${metric}: ${value}, expected ${expected[metric]}`,
        )
    })

/** Every order that puts higher scores first, each as a list of relevance. */
function orders(scores: readonly number[], relevance: readonly number[]): number[][] {
  if (scores.length === 0) return [[]]
  const best = Math.max(...scores)
  return scores.flatMap((score, at) =>
    score < best
      ? []
      : orders(
          scores.filter((_, i) => i !== at),
          relevance.filter((_, i) => i !== at),
        ).map((rest) => [relevance[at], ...rest]),
  )
}

/** The definitions, word for word, of one ranked list. */
function scoresOfOrder(ranked: readonly number[], k: number) {
  const total = ranked.filter(Boolean).length
  const rank = ranked.indexOf(1) + 1
  const discount = (place: number) => 1 / Math.log2(place + 1)
  let map = 0
  let mapAt10 = 0
  let gain = 0
  let ideal = 0
  let seen = 0
  for (let place = 1; place <= ranked.length; place++) {
    if (place <= Math.min(total, 10)) ideal += discount(place)
    if (!ranked[place - 1]) continue
    seen++
    map += seen / place / total
    if (place <= 10) mapAt10 += seen / place / Math.min(total, 10)
    if (place <= 10) gain += discount(place)
  }
  const first = ranked.slice(0, k).filter(Boolean).length
  return {
    meanRank: rank,
    mrr: 1 / rank,
    map,
    mapAt10,
    ndcgAt10: gain / ideal,
    recall: first > 0 ? 1 : 0,
    share: first / total,
    precision: first / k,
  }
}

/** A small generator of our own, so that a failure repeats: mulberry32. */
function random(seed: number) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

test('with ties every figure is the mean over all orders of equal scores', () => {
  const next = random(7)
  for (let round = 0; round < 60; round++) {
    const items = 1 + Math.floor(next() * 7)
    const levels = 1 + Math.floor(next() * 4)
    const scores = Array.from({ length: items }, () => Math.floor(next() * levels) - 1)
    const relevance = scores.map(() => (next() < 0.4 ? 1 : 0))
    relevance[Math.floor(next() * items)] = 1
    const k = 1 + Math.floor(next() * 4)
    const all = orders(scores, relevance).map((order) => scoresOfOrder(order, k))
    const mean = (key: keyof (typeof all)[0]) => all.reduce((sum, order) => sum + order[key], 0) / all.length
    const ours = retrievalScores(
      {
        queries: 1,
        items,
        similarity: Float64Array.from(scores),
        relevance: Uint8Array.from(relevance),
      },
      { ks: [k] },
    )
    const found = {
      ...ours,
      recall: ours.recallAt[k],
      share: ours.shareAt[k],
      precision: ours.precisionAt[k],
    }
    for (const key of Object.keys(all[0]) as (keyof (typeof all)[0])[])
      assert.ok(
        Math.abs(found[key] - mean(key)) < 1e-12,
        `${key} of ${scores.join()} / ${relevance.join()}: ${found[key]}, by enumeration ${mean(key)}`,
      )
  }
})

test('a larger matrix without ties against sorting by hand, in float32', () => {
  const next = random(11)
  const [queries, items] = [53, 211]
  const similarity = Float32Array.from({ length: queries * items }, () => next() * 2 - 1)
  const relevance = Uint8Array.from(similarity, () => (next() < 0.05 ? 1 : 0))
  const lists = Array.from({ length: queries }, (_, q) =>
    Array.from({ length: items }, (_, i) => q * items + i)
      .sort((a, b) => similarity[b] - similarity[a])
      .map((at) => relevance[at]),
  ).filter((list) => list.includes(1))
  const expected = lists.map((list) => scoresOfOrder(list, 10))
  const scores = retrievalScores({ queries, items, similarity, relevance })
  assert.equal(scores.queries, lists.length)
  const mean = (values: number[]) => values.reduce((a, b) => a + b) / values.length
  assert.ok(Math.abs(scores.map - mean(expected.map((q) => q.map))) < 1e-12)
  assert.ok(Math.abs(scores.recallAt[10] - mean(expected.map((q) => q.recall))) < 1e-12)
  const ranks = expected.map((q) => q.meanRank).sort((a, b) => a - b)
  const n = ranks.length
  assert.equal(scores.medianRank, n % 2 ? ranks[(n - 1) / 2] : (ranks[n / 2 - 1] + ranks[n / 2]) / 2)
})

test('a model that scores everything alike gets what chance gives', () => {
  const items = 1001
  const relevance = new Uint8Array(items)
  relevance[0] = 1
  const scores = retrievalScores({ queries: 1, items, similarity: new Float32Array(items), relevance })
  assert.equal(scores.medianRank, 501)
  assert.ok(Math.abs(scores.recallAt[10] - 10 / items) < 1e-12)
})

test('relevance by label: several captions a track', () => {
  assert.deepEqual([...relevanceByLabel(['a', 'a', 'b'], ['b', 'a'])], [0, 1, 0, 1, 1, 0])
})

test('transposing twice gives the ranking back', () => {
  const ranking = goldenRanking('multi')
  assert.deepEqual(transpose(transpose(ranking)), ranking)
})

test('what does not fit is refused by name', () => {
  const similarity = Float32Array.of(1, Number.NaN)
  const relevance = Uint8Array.of(1, 0)
  assert.throws(() => retrievalScores({ queries: 1, items: 3, similarity, relevance }), { code: 'shape' })
  assert.throws(() => retrievalScores({ queries: 1, items: 2, similarity, relevance }), /query 0 and item 1/)
})
