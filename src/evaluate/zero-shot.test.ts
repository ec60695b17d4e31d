import assert from 'node:assert/strict'
import test from 'node:test'
import { golden } from '../../test/golden.js'
import { nodeRuntime } from '../graph/node.js'
import { promptMean, scoreClasses, stackVectors, transpose, zeroShot } from './index.js'

test('golden zero-shot: accuracy, balanced accuracy and macro F1', () => {
  const file = golden('metrics')
  const name = [...file.file.entries.keys()].find((key) => /^zero_shot\/.*(similarity|scores)$/.test(key))!
  const [tracks, classes] = file.file.entries.get(name)!.shape
  const { similarity } = transpose({
    queries: tracks,
    items: classes,
    similarity: file.doubles(name),
    relevance: new Uint8Array(tracks * classes),
  })
  const labels = Int32Array.from(file.tensor('zero_shot/target').data)
  const found = scoreClasses({ classes, similarity, labels }, { samples: 200 })
  for (const [value, key] of [
    [found.accuracy, 'accuracy'],
    [found.balancedAccuracy, 'balanced accuracy'],
    [found.macroF1, 'macro f1'],
  ] as const) {
    assert.ok(Math.abs(value.value - file.json.zero_shot[key]) < 1e-9, `${key}: ${value.value}`)
    assert.ok(value.low < value.value && value.value < value.high, key)
  }
})

test('a class is the mean of its prompts; confusion, recall, precision and F1 by hand', async () => {
  const unit = (...values: number[]) => Float32Array.from(values, (value) => value / Math.hypot(...values))
  const prompts = [
    stackVectors([unit(1, 1, 0), unit(1, -1, 0)]), // their mean is along the first axis
    stackVectors([unit(0, 1, 0)]),
    stackVectors([unit(0, 0, 1)]),
  ]
  const audio = stackVectors([unit(2, 1, 0), unit(1, 2, 0), unit(0, 1, 0), unit(1, 1, 0), unit(3, 0, 1)])
  const labels = Int32Array.of(0, 0, 1, 1, 2)
  const runtime = await nodeRuntime()
  const scores = await zeroShot({ audio, prompts, labels, runtime, samples: 50 })
  assert.deepEqual([...scores.predicted], [0, 1, 1, 0, 0]) // the fourth lies between: the first class
  assert.deepEqual([...scores.confusion], [1, 1, 0, 1, 1, 0, 1, 0, 0])
  assert.deepEqual(scores.perClass, [
    { tracks: 2, recall: 1 / 2, precision: 1 / 3, f1: 2 / 5 },
    { tracks: 2, recall: 1 / 2, precision: 1 / 2, f1: 1 / 2 },
    { tracks: 1, recall: 0, precision: NaN, f1: 0 },
  ])
  assert.equal(scores.accuracy.value, 2 / 5)
  assert.equal(scores.balancedAccuracy.value, 1 / 3)
  assert.ok(Math.abs(scores.macroF1.value - 0.3) < 1e-12)
  assert.throws(() => promptMean(stackVectors([unit(1, 0), unit(-1, 0)])), { code: 'failed' })
  assert.throws(
    () => scoreClasses({ classes: 2, similarity: new Float32Array(4), labels: Int32Array.of(0, 2) }),
    {
      code: 'shape',
      message: /Track 1 is of class 2/,
    },
  )
})
