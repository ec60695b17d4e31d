import assert from 'node:assert/strict'
import test from 'node:test'
import { Random } from '../random/index.js'
import { GroupedMetrics } from './grouped-metrics.js'
import { intervals, metricsOf, scoreRanking, valueOf, type QueryScores } from './index.js'
import { groupsOf, percentileInterval, resample } from './resample.js'

/** Scores of a random ranking with ties, `each` captions a track. */
function someScores(seed: string, tracks: number, each: number): QueryScores {
  const random = new Random(seed)
  const queries = tracks * each
  const similarity = Float64Array.from({ length: queries * tracks }, (_, at) => {
    const own = Math.floor(Math.floor(at / tracks) / each) === at % tracks
    return Math.round(10 * (random.gauss() + (own ? 2 : 0))) / 10
  })
  const relevance = Uint8Array.from(similarity, (_, at) =>
    Math.floor(Math.floor(at / tracks) / each) === at % tracks ? 1 : 0,
  )
  return scoreRanking({ queries, items: tracks, similarity, relevance })
}

test('figures of a sample are those of its queries, written out as often as they are drawn', () => {
  const scores = someScores('written out', 23, 3)
  const track = Int32Array.from({ length: 69 }, (_, query) => 7 * Math.floor(query / 3) + 5)
  const metrics = metricsOf(scores)
  const groups = groupsOf(scores.query, scores.queries, track)
  assert.equal(groups.count, 23)
  const grouped = new GroupedMetrics(metrics, groups)
  const values = new Float64Array(metrics.length)
  resample(groups.count, { samples: 200, seed: 3 }, (weights) => {
    assert.equal(
      weights.reduce((a, b) => a + b),
      23,
    )
    grouped.values(weights, values)
    metrics.forEach((metric, at) => {
      const drawn = [...metric.values].flatMap((value, query) =>
        Array.from({ length: weights[groups.of[query]] }, () => value),
      )
      const expected = valueOf({ ...metric, values: Float64Array.from(drawn) })
      assert.ok(
        Math.abs(values[at] - expected) < 1e-12,
        `${metric.name}: ${values[at]}, expected ${expected}`,
      )
    })
  })
})

test('an interval holds its figure, follows from its seed, and captions count with their track', () => {
  const scores = someScores('tracks', 61, 2)
  const groups = Int32Array.from({ length: 122 }, (_, query) => Math.floor(query / 2))
  const found = intervals(scores, { groups, samples: 500, seed: 1 })
  for (const metric of metricsOf(scores)) {
    const { value, low, high } = found[metric.name]
    assert.equal(value, valueOf(metric))
    assert.ok(low <= value && value <= high, metric.name)
  }
  assert.deepEqual(intervals(scores, { groups, samples: 500, seed: 1 }), found)
  assert.notDeepEqual(intervals(scores, { groups, samples: 500, seed: 2 }), found)
  const renamed = groups.map((group) => 1000 - group)
  assert.deepEqual(intervals(scores, { groups: renamed, samples: 500, seed: 1 }), found)
  const width = (level: number) => {
    const { low, high } = intervals(scores, { groups, level })['R@10']
    return high - low
  }
  assert.ok(width(0.5) < width(0.9))
  // A track that is there twice is no more evidence: were each query drawn by itself, the interval would be 1/√2 as wide.
  const copies = scoreRanking({
    queries: 80,
    items: 2,
    similarity: Float64Array.from(
      { length: 160 },
      (_, at) => (at % 2) * (Math.floor(at / 4) % 3 === 0 ? 1 : -1),
    ),
    relevance: Uint8Array.from({ length: 160 }, (_, at) => at % 2),
  })
  const wide = intervals(copies, { groups: Int32Array.from({ length: 80 }, (_, q) => Math.floor(q / 2)) })
  const narrow = intervals(copies)
  const ratio = (narrow['R@1'].high - narrow['R@1'].low) / (wide['R@1'].high - wide['R@1'].low)
  assert.ok(Math.abs(ratio - Math.SQRT1_2) < 0.1, `${ratio}`)
})

test('the interval of a mean is about as wide as theory has it', () => {
  const random = new Random('theory')
  const n = 400
  const found = new Float64Array(n).map(() => (random.chance(0.3) ? 1 : 0))
  const mean = found.reduce((a, b) => a + b) / n
  const sampled = new Float64Array(4000)
  resample(n, { samples: 4000 }, (weights, sample) => {
    weights.forEach((weight, at) => {
      sampled[sample] += (weight * found[at]) / n
    })
  })
  const { low, high } = percentileInterval(sampled)
  const half = 1.96 * Math.sqrt((mean * (1 - mean)) / n)
  assert.ok(Math.abs((high - low) / 2 / half - 1) < 0.06)
  assert.ok(Math.abs((high + low) / 2 - mean) < 0.1 * half)
})

test('one group has no interval, and groups are one for each query', () => {
  const scores = someScores('one', 5, 1)
  const { value, low, high } = intervals(scores, { groups: new Int32Array(5) }).MRR
  assert.deepEqual([Number.isNaN(value), low, high], [false, NaN, NaN])
  assert.throws(() => intervals(scores, { groups: new Int32Array(4) }), { code: 'shape' })
})
