import assert from 'node:assert/strict'
import { test } from 'node:test'
import stringWidth from 'string-width'
import { parseRecipe, type StepReport } from '../train/index.js'
import type { Context } from './context.js'
import { TrainProgress } from './train-progress.js'

const recipe = parseRecipe('{ name: t, audio: { encoder: a }, text: { encoder: b, tokenizer: c } }')
const CLEAR = '\r\x1b[K'

const report = (step: number, more: Partial<StepReport> = {}): StepReport => ({
  step,
  steps: 1200,
  loss: 3.21098,
  temperature: 0.07,
  positive: 0.31,
  negative: -0.02,
  learningRate: 1e-4,
  gradientNorm: 1,
  seconds: 0.5,
  waited: 0.05,
  pairs: 64,
  ...more,
})

const scores = {
  loss: 2.5,
  'recall@1': 0.1,
  'recall@5': 0.3,
  'recall@10': 0.4,
  mrr: 0.2,
  map: 0.2,
  median_rank: 12,
}

function recorder(columns?: number) {
  const written: string[] = []
  let time = 0
  const stderr = {
    write: (text: string) => void written.push(text),
    interactive: columns !== undefined,
    columns: columns ?? 80,
    colour: false,
  }
  const progress = new TrainProgress({ stderr, now: () => time } as unknown as Context, recipe)
  return { written, progress, wait: (ms: number) => void (time += ms) }
}

test('on a terminal: one line with loss, temperature, cosines, pace, waiting and time left', () => {
  const { written, progress } = recorder(200)
  progress.show({ kind: 'step', report: report(600) })
  assert.equal(written.length, 1)
  assert.match(
    written[0],
    /step 600 of 1,200, loss 3\.2110, τ 0\.0700, cosines 0\.31\/-0\.02, 128 pairs\/s, 10 % waiting, 5:00 left$/,
  )
  for (let columns = 5; columns <= 150; columns++) {
    const narrow = recorder(columns)
    narrow.progress.show({ kind: 'step', report: report(600) })
    const line = narrow.written[0].slice(CLEAR.length)
    assert.ok(stringWidth(line) < columns, `${stringWidth(line)} in ${columns}: ${line}`)
  }
})

test('in a pipe: a line every ten seconds and one for each validation, without control characters', () => {
  const { written, progress, wait } = recorder()
  for (let step = 1; step <= 100; step++) {
    const validation = step % 50 === 0 ? { validation: scores, best: step === 50 } : {}
    progress.show({ kind: 'step', report: report(step, validation) })
    wait(500)
  }
  progress.clear()
  const lines = written.join('').trimEnd().split('\n')
  assert.equal(lines.filter((line) => line.includes('left')).length, 5)
  assert.deepEqual(
    lines.filter((line) => line.includes('validation')),
    [
      'step 50: loss 3.2110, validation recall@10 0.400, loss 2.5000 (best so far)',
      'step 100: loss 3.2110, validation recall@10 0.400, loss 2.5000',
    ],
  )

  assert.ok(!/[\x00-\x09\x0b-\x1f]/.test(written.join('')))
})

test('the time left follows the pace of the last steps', () => {
  const { written, progress } = recorder(200)
  progress.show({ kind: 'step', report: report(1, { seconds: 5 }) }) // the first one is slow
  for (let step = 2; step <= 100; step++) progress.show({ kind: 'step', report: report(step) })
  progress.clear()
  const { written: last, progress: again } = recorder(200)
  for (let step = 1; step <= 100; step++) {
    last.length = 0
    again.show({ kind: 'step', report: report(step, { seconds: step === 1 ? 5 : 0.5 }) })
    again.clear()
  }
  assert.match(last[0], /9:10 left/)
  assert.ok(written.length > 0)
})

test('the time left counts validations and checkpoints', () => {
  const { written, progress, wait } = recorder(200)
  wait(60_000) // decoding is not counted
  progress.show({
    kind: 'start',
    step: 0,
    steps: 1200,
    done: false,
    train: 9,
    validation: 9,
    trained: 1,
    parameters: 1,
    flopsPerPair: 1,
  })
  for (let step = 1; step <= 200; step++) {
    wait(500)
    progress.show({ kind: 'step', report: report(step) })
    if (step % 100 === 0) wait(50_000)
  }
  progress.clear()
  progress.show({ kind: 'step', report: report(201) })
  assert.match(written.at(-1)!, /16:3\d left$/) // 999 steps of 0.5 s, and half a second between them
})

test('what is found before the first step, and that nothing is left', () => {
  const { written, progress } = recorder()
  const start = {
    step: 0,
    steps: 10,
    train: 90,
    validation: 10,
    trained: 1234,
    parameters: 56789,
    flopsPerPair: 2.34e9,
  }
  progress.show({ kind: 'start', done: false, ...start })
  progress.show({ kind: 'start', ...start, done: false, step: 4 })
  progress.show({ kind: 'start', ...start, done: true, step: 10 })
  progress.show({ kind: 'damaged', path: '/a\x1b[31m/step-1.safetensors' })
  assert.deepEqual(written, [
    '90 pairs to train on, 10 to validate; 1,234 of 56,789 parameters trained, 2.3 GFLOP a pair; 10 steps\n',
    '90 pairs to train on, 10 to validate; 1,234 of 56,789 parameters trained, 2.3 GFLOP a pair; 10 steps, going on after step 4\n',
    'Nothing left to train: step 10 of 10 was the last. The model is written again.\n',
    'note /a\\x1b[31m/step-1.safetensors is damaged and passed by.\n',
  ])
})

test('what became of texts that are mined', () => {
  const { written, progress } = recorder()
  const sentences = [
    { kind: 'article', kept: 1234, of: 4000 },
    { kind: 'comment', kept: 1, of: 2 },
  ] as const
  progress.show({ kind: 'mined', sentences, aspects: 2345, withoutText: 1 })
  progress.show({ kind: 'mined', sentences: sentences.slice(1), aspects: 0, withoutText: 0 })
  assert.deepEqual(written, [
    'Mined text: 1,235 of 4,002 sentences kept (article 1,234 of 4,000, comment 1 of 2); 2,345 aspects in them; 1 pair left without text, and left out\n',
    'Mined text: 1 of 2 sentences kept (comment 1 of 2)\n',
  ])
})
