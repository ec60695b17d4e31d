import assert from 'node:assert/strict'
import test from 'node:test'
import { figure, median, percentile, table } from './figures.js'
import { machine } from './machine.js'

test('a figure keeps its reference, and the ratio is value over reference', () => {
  const made = figure({ name: 'index time', value: 19, unit: 's', reference: 'librosa', referenceValue: 20 })
  assert.deepEqual(made, {
    name: 'index time',
    value: 19,
    unit: 's',
    reference: 'librosa',
    referenceValue: 20,
    ratio: 0.95,
    lowerIsBetter: true,
  })
})

test('what was not measured is null, not left out', () => {
  const made = figure({ name: 'recall', value: 1, unit: '', reference: 'faiss', lowerIsBetter: false })
  assert.deepEqual(JSON.parse(JSON.stringify(made)), {
    name: 'recall',
    value: 1,
    unit: '',
    reference: null,
    referenceValue: null,
    ratio: null,
    lowerIsBetter: false,
  })
})

test('median and percentiles', () => {
  assert.equal(median([5, 1, 3]), 3)
  assert.equal(median([4, 1, 3, 2]), 2.5)
  // numpy.percentile([10, 20, 30, 40, 50, 60, 70], 95)  ->  67.0
  assert.ok(Math.abs(percentile([70, 20, 30, 10, 50, 60, 40], 0.95) - 67) < 1e-12)
  assert.equal(percentile([10], 0.95), 10)
  assert.throws(() => median([]), RangeError)
})

test('the table names every figure and says which reference is missing', () => {
  const text = table([
    figure({ name: 'p50 10000', value: 1.234, unit: 'ms', reference: 'faiss flat', referenceValue: 2.468 }),
    figure({ name: 'build', value: 12345, unit: 's' }),
  ])
  const [, first, second] = text.split('\n')
  assert.match(first, /^p50 10000\s+1\.23 ms\s+2\.47 ms\s+0\.500\s+lower\s+faiss flat$/)
  assert.match(second, /^build\s+12345 s\s+null\s+lower\s+not measured$/)
})

test('the machine is described without naming it', () => {
  const described = machine()
  assert.ok(described.cores >= 1 && described.memoryGb >= 1)
  assert.match(described.packages['antiphon'], /^\d+\.\d+\.\d+/)
  assert.match(described.packages['onnxruntime-node'], /^\d+\.\d+\.\d+/)
  assert.doesNotMatch(JSON.stringify(described), /[/\\]home|[/\\]Users/)
})
