import assert from 'node:assert/strict'
import test from 'node:test'
import { golden } from '../../test/golden.js'
import { rocAuc } from './index.js'

test('golden tagging: ROC AUC of each tag', () => {
  const file = golden('metrics')
  const [items, tags] = file.file.entries.get('tagging/scores')!.shape
  const scores = file.doubles('tagging/scores')
  const labels = file.tensor('tagging/labels').data
  const column = <T>(at: number, read: (index: number) => T) =>
    Array.from({ length: items }, (_, item) => read(item * tags + at))
  const { 'tags kept': kept, roc_auc: expected } = file.json.tagging
  const both: number[] = []
  for (let tag = 0; tag < tags; tag++) {
    const auc = rocAuc(
      Float64Array.from(column(tag, (i) => scores[i])),
      Uint8Array.from(column(tag, (i) => labels[i])),
    )
    if (!Number.isNaN(auc)) both.push(tag)
    const at = kept.indexOf(tag)
    if (at >= 0)
      assert.ok(Math.abs(auc - expected[at]) < 1e-9, `tag ${tag}: ${auc}, expected ${expected[at]}`)
  }
  assert.deepEqual(both, kept)
})

test('every pair compared, ties counting half', () => {
  const scores = Float32Array.from({ length: 61 }, (_, i) => (i * 37) % 11)
  const labels = Uint8Array.from(scores, (_, i) => ((i * i) % 7 < 3 ? 1 : 0))
  let [wins, pairs] = [0, 0]
  for (let p = 0; p < scores.length; p++)
    for (let n = 0; n < scores.length; n++) {
      if (labels[p] === 0 || labels[n] !== 0) continue
      pairs++
      wins += scores[p] > scores[n] ? 1 : scores[p] === scores[n] ? 0.5 : 0
    }
  assert.ok(Math.abs(rocAuc(scores, labels) - wins / pairs) < 1e-12)
})

test('as many scores as labels, all of them numbers', () => {
  assert.throws(() => rocAuc(new Float32Array(3), new Uint8Array(2)), { code: 'shape' })
  assert.throws(() => rocAuc(Float32Array.of(1, NaN, 0), Uint8Array.of(1, 1, 0)), {
    code: 'failed',
    message: /item 1/,
  })
})
