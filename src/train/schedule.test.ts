import assert from 'node:assert/strict'
import { test } from 'node:test'
import { goldenJson, maxAbsDifference } from '../../test/golden.js'
import { createSchedule, type ScheduleOptions } from './index.js'

const reference: Record<string, any> = goldenJson('optim').schedules
const TOLERANCE = 1e-12 // double precision; the README of the goldens

/** The reference's arguments, said as ours. */
function optionsOf(name: string): ScheduleOptions {
  const { warmup, steps, total_steps, pct_start, div_factor, final_div_factor, anneal } = reference[name]
  if (name.startsWith('constant')) return { kind: 'constant', warmup }
  if (name.startsWith('linear')) return { kind: 'linear', warmup, steps }
  if (name.startsWith('cosine')) return { kind: 'cosine', warmup, steps }
  if (name.startsWith('one_cycle'))
    return {
      kind: 'one-cycle',
      steps: total_steps,
      rising: pct_start,
      startDivisor: div_factor,
      endDivisor: final_div_factor,
      anneal: anneal === 'cos' ? 'cosine' : 'linear',
    }
  const { mode, factor, patience, threshold, cooldown, min_lr: minimum } = reference[name]
  return { kind: 'plateau', mode, factor, patience, threshold, cooldown, minimum }
}

for (const name of Object.keys(reference))
  test(`${name}: every step's rate`, () => {
    const { learning_rates: expected, metrics } = reference[name]
    let schedule = createSchedule(optionsOf(name))
    const rates: number[] = []
    for (let step = 0; step < expected.length; step++) {
      rates.push(schedule.factorAt(step))
      if (metrics) schedule.observe(metrics[step])
      // Saved and gone on with after every step: a checkpoint is JSON.
      const saved = JSON.parse(JSON.stringify(schedule.state()))
      schedule = createSchedule(optionsOf(name))
      schedule.load(saved)
    }
    const error = maxAbsDifference(rates, expected)
    assert.ok(error <= TOLERANCE, `differs by ${error}`)
  })

test('plateau: larger is better where the metric says so; warm-up comes first; NaN is no metric', () => {
  const rising = createSchedule({ kind: 'plateau', mode: 'max', factor: 0.5, patience: 1, warmup: 2 })
  assert.deepEqual([rising.factorAt(0), rising.factorAt(1), rising.factorAt(2)], [0, 0.5, 1])
  for (const metric of [NaN, 0.1, 0.2, 0.3]) rising.observe(metric)
  assert.equal(rising.factorAt(2), 1)
  for (const metric of [0.3, NaN]) rising.observe(metric)
  assert.equal(rising.factorAt(2), 0.5)
  assert.throws(() => rising.load({ factor: 1 }), /no "bad"/)
})

test('one cycle: the rate stays at its end after the last step', () => {
  const schedule = createSchedule({ kind: 'one-cycle', steps: 11 })
  assert.equal(schedule.factorAt(50), schedule.factorAt(10))
})

test('one cycle: a cycle too short to rise, or that only rises, has a rate at every step', () => {
  for (const [steps, rising] of [
    [1, 0.3],
    [2, 0.5],
    [4, 0.25],
    [7, 1],
  ]) {
    const schedule = createSchedule({ kind: 'one-cycle', steps, rising })
    for (let step = 0; step < steps; step++) {
      const factor = schedule.factorAt(step)
      assert.ok(factor > 0 && factor <= 1, `${factor} at step ${step} of ${steps}, rising ${rising}`)
    }
  }
})
