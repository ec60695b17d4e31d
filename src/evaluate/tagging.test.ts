import assert from 'node:assert/strict'
import test from 'node:test'
import { golden } from '../../test/golden.js'
import { nodeRuntime } from '../graph/node.js'
import { Random } from '../random/index.js'
import { answersFromLists, ScoredItems, scoreTags, stackVectors, taggingScores, transpose } from './index.js'

const TOLERANCE = 1e-9 // float64; test/golden/metrics.json
const near = (found: number, expected: number, what = '', tolerance = TOLERANCE) => {
  assert.ok(Math.abs(found - expected) <= tolerance, `${what}: ${found}, expected ${expected}`)
}

test('golden tagging: both areas of each tag, and their macro means', () => {
  const file = golden('metrics')
  const [items, tags] = file.file.entries.get('tagging/scores')!.shape
  const labels = file.tensor('tagging/labels').data
  const scores = scoreTags(
    transpose({
      queries: items,
      items: tags,
      similarity: file.doubles('tagging/scores'),
      relevance: Uint8Array.from(labels),
    }),
    { samples: 100 },
  )
  const expected = file.json.tagging
  assert.deepEqual(
    scores.perTag.map(({ tag }) => tag),
    expected['tags kept'],
  )
  assert.equal(scores.leftOut, tags - scores.perTag.length)
  scores.perTag.forEach(({ tag, rocAuc, prAuc, positives }, at) => {
    near(rocAuc, expected.roc_auc[at], `ROC-AUC of ${tag}`)
    near(prAuc, expected['pr_auc (average precision)'][at], `PR-AUC of ${tag}`)
    assert.equal(positives, labels.filter((label, i) => i % tags === tag && label > 0).length)
  })
  for (const [found, name] of [
    [scores.rocAuc, 'macro roc_auc'],
    [scores.prAuc, 'macro pr_auc'],
  ] as const) {
    near(found.value, expected[name], name)
    assert.ok(found.low < found.value && found.value < found.high)
  }
})

test('by every pair and every threshold, with ties; weights are copies', () => {
  const random = new Random('areas')
  for (let round = 0; round < 40; round++) {
    const items = random.int(2, 40)
    const scores = Float64Array.from({ length: items }, () => random.int(0, random.pick([2, 9, 1000])) / 7)
    const labels = Uint8Array.from(scores, () => (random.chance(0.4) ? 1 : 0))
    const weights = Int32Array.from(scores, () => random.int(0, 3))
    const copies = [...weights].flatMap((weight, item) => Array.from({ length: weight }, () => item))
    const { rocAuc, prAuc } = new ScoredItems(scores, labels).areas(weights)
    const positives = copies.filter((item) => labels[item] === 1)
    const negatives = copies.filter((item) => labels[item] === 0)
    if (positives.length === 0 || negatives.length === 0) {
      assert.ok(Number.isNaN(rocAuc) && Number.isNaN(prAuc))
      continue
    }
    let wins = 0
    for (const p of positives)
      for (const n of negatives) wins += scores[p] > scores[n] ? 1 : scores[p] === scores[n] ? 0.5 : 0
    near(rocAuc, wins / positives.length / negatives.length, 'ROC-AUC', 1e-12)
    let area = 0
    let recallBefore = 0
    for (const threshold of [...new Set(scores)].sort((a, b) => b - a)) {
      const found = copies.filter((item) => scores[item] >= threshold)
      const right = found.filter((item) => labels[item] === 1).length
      const recall = right / positives.length
      if (found.length > 0) area += (right / found.length) * (recall - recallBefore)
      recallBefore = recall
    }
    near(prAuc, area, 'PR-AUC', 1e-12)
  }
})

test('tags as vectors; a tag of no track and one of all are left out', async () => {
  const tags = stackVectors([
    Float32Array.of(1, 0),
    Float32Array.of(0, 1),
    Float32Array.of(1, 0),
    Float32Array.of(1, 0),
  ])
  const audio = stackVectors([Float32Array.of(1, 0), Float32Array.of(0.6, 0.8), Float32Array.of(0, 1)])
  const answers = answersFromLists([[0], [0, 2], [], [0, 1, 2]], 3)
  const options = {
    tags,
    audio,
    answers,
    runtime: await nodeRuntime(),
    samples: 50,
    groups: Int32Array.of(4, 4, 4),
  }
  const { perTag, leftOut, rocAuc, prAuc } = await taggingScores(options)
  assert.deepEqual(perTag, [
    { tag: 0, positives: 1, rocAuc: 1, prAuc: 1 },
    { tag: 1, positives: 2, rocAuc: 0.5, prAuc: (1 + 2 / 3) / 2 },
  ])
  assert.equal(leftOut, 2)
  assert.deepEqual(rocAuc, { value: 0.75, low: NaN, high: NaN })
  near(prAuc.value, (1 + (1 + 2 / 3) / 2) / 2)
})

test('as many scores as labels, all of them numbers', () => {
  assert.throws(() => new ScoredItems(new Float32Array(3), new Uint8Array(2)), { code: 'shape' })
  assert.throws(() => new ScoredItems(Float32Array.of(1, NaN, 0), Uint8Array.of(1, 1, 0)), {
    code: 'failed',
    message: /item 1/,
  })
})
