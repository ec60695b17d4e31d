import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Graph } from '../graph/index.js'
import type { ScopeParameter } from '../model/index.js'
import type { Parameter } from './optimizer/optimizer.js'
import { parseRecipe } from './recipe-file.js'
import type { Metric, Recipe } from './recipe.js'
import type { StepResult, TrainingStep } from './step.js'
import { Trainer, type Scores, type StepReport, type TrainerParts } from './trainer.js'

const recipe = (...set: string[]): Recipe =>
  parseRecipe('{ name: test, audio: { encoder: none }, text: { encoder: none, tokenizer: none } }', {
    set: [
      'data.batch=3',
      'schedule.steps=11',
      'schedule.shape=constant',
      'schedule.optimizer=sgd',
      'schedule.betas=[0, 0]',
      'schedule.weight_decay=0',
      'schedule.learning_rate=0.5',
      ...set,
    ],
  })

const SHAPES = { 'audio.w': [2, 3], 'text.b': [7], log_scale: [], 'audio.running_mean': [3] }

function values(): Map<string, Parameter> {
  return new Map(
    Object.entries(SHAPES).map(([name, shape]) => {
      const length = shape.reduce((a, b) => a * b, 1)
      return [name, { data: Float32Array.from({ length }, (_, i) => Math.sin(i + name.length)), shape }]
    }),
  )
}

type Outcome = (call: {
  number: number
  seed: string
  parameters: ReadonlyMap<string, Parameter>
}) => Partial<StepResult>

/** A step whose gradients are what the test says; of parameters by default 0.1 (number + 1). */
function fakeStep(outcome: Outcome = () => ({})): TrainingStep & { seeds: string[] } {
  const graph = new Graph()
  const parameters = new Map<string, ScopeParameter>(
    Object.entries(SHAPES).map(([name, shape]) => [
      name,
      {
        tensor: graph.parameter(name, shape),
        init: () => new Float32Array(1),
        kind: name.includes('running') ? 'statistic' : 'weight',
        frozen: false,
      },
    ]),
  )
  const seeds: string[] = []
  let number = 0
  return {
    parameters,
    seeds,
    run(given, _inputs, seed) {
      seeds.push(seed)
      const gradients = new Map(
        [...parameters]
          .filter(([, { kind }]) => kind === 'weight')
          .map(([name, { tensor }]) => {
            const length = (tensor.shape as number[]).reduce((a, b) => a * b, 1)
            return [name, new Float32Array(length).fill(0.1 * (number + 1))]
          }),
      )
      const result = { loss: number, positive: 0.5, negative: 0.1, gradients, statistics: new Map() }
      return Promise.resolve({ ...result, ...outcome({ number: number++, seed, parameters: given }) })
    },
    close: () => Promise.resolve(),
  }
}

const NO_SCORES: Scores = {
  loss: 1,
  'recall@1': 0,
  'recall@5': 0,
  'recall@10': 0,
  mrr: 0,
  map: 0,
  median_rank: 1,
}

function trainer(parts: Partial<TrainerParts> & { recipe: Recipe }): Trainer {
  return new Trainer({
    step: fakeStep(),
    parameters: values(),
    inputs: () => Promise.resolve({ rows: () => ({}), waited: () => 7 }),
    ...parts,
  })
}

async function all(one: Trainer): Promise<StepReport[]> {
  const reports: StepReport[] = []
  while (!one.done) reports.push(await one.step())
  return reports
}

/** Validation that finds these values, one after the other. */
function finds(metric: Metric, found: readonly number[]): NonNullable<TrainerParts['validate']> {
  let at = 0
  return () => Promise.resolve({ ...NO_SCORES, [metric]: found[at++] })
}

test('the best step is that of the named metric, the first of equals; NaN is no metric', async () => {
  for (const [metric, found, best] of [
    ['recall@10', [NaN, 0.2, 0.5, 0.5, 0.4], { step: 6, value: 0.5 }],
    ['loss', [3, NaN, 1, 1, 2], { step: 6, value: 1 }],
    ['median_rank', [9, 8, 7, 6, 5], { step: 10, value: 5 }],
  ] as const) {
    const one = trainer({
      recipe: recipe('schedule.steps=10', 'schedule.validate_every=2', `schedule.best_by=${metric}`),
      validate: finds(metric, found),
    })
    const reports = await all(one)
    assert.deepEqual(one.state.best, best)
    assert.deepEqual(
      reports.filter(({ validation }) => validation).map(({ step }) => step),
      [2, 4, 6, 8, 10],
    )
    assert.equal(reports.findLast((report) => report.best)?.step, best.step)
  }
})

test('early stopping ends the run once the metric was no better so often, and goes on counting when resumed', async () => {
  const early = recipe(
    'schedule.steps=30',
    'schedule.validate_every=1',
    'schedule.early_stop={metric: map, patience: 3}',
  )
  const found = [NaN, 0.1, 0.3, 0.2, 0.3, NaN, 0.9]
  const one = trainer({ recipe: early, validate: finds('map', found) })
  const reports = await all(one)
  assert.equal(reports.length, 6) // 0.3 at step 3, then three that are no better
  assert.deepEqual(one.state.stopping, { value: 0.3, since: 3 })

  const first = trainer({ recipe: early, validate: finds('map', found) })
  for (let i = 0; i < 4; i++) await first.step()
  const second = trainer({ recipe: early, validate: finds('map', found.slice(4)), from: first.state })
  assert.equal((await all(second)).length, 2)
  assert.ok(second.done)
})

test('plateau lowers the rate after validations that were no better, in a resumed run too', async () => {
  const plateau = recipe(
    'schedule.shape=plateau',
    'schedule.plateau={factor: 0.1, patience: 1}',
    'schedule.validate_every=1',
    'schedule.best_by=loss',
    'schedule.steps=8',
  )
  const found = [3, 2, 2, 2, 2, 1, 1, 1]
  const rates = (await all(trainer({ recipe: plateau, validate: finds('loss', found) }))).map(
    ({ learningRate }) => learningRate,
  )
  const close = (a: number, b: number): boolean => Math.abs(a - b) < 1e-12
  assert.ok(
    rates.every((rate, i) => close(rate, [0.5, 0.5, 0.5, 0.5, 0.05, 0.05, 0.05, 0.05][i])),
    rates.join(),
  )
  const first = trainer({ recipe: plateau, validate: finds('loss', found) })
  for (let i = 0; i < 3; i++) await first.step()
  const rest = await all(
    trainer({ recipe: plateau, validate: finds('loss', found.slice(3)), from: first.state }),
  )
  assert.deepEqual(
    rest.map(({ learningRate }) => learningRate),
    rates.slice(3),
  )
})

test('batches that are accumulated count as one: the mean of their gradients, loss and cosines', async () => {
  const parameters = values()
  const before = parameters.get('audio.w')!.data.slice()
  const numbers: number[] = []
  const step = fakeStep(({ number }) => ({ positive: number }))
  const one = trainer({
    recipe: recipe('data.accumulate=3'),
    parameters,
    step,
    inputs: (number) => {
      numbers.push(number)
      return Promise.resolve({ rows: () => ({}), waited: () => 1000 })
    },
  })
  const report = await one.step()
  await one.step()
  assert.deepEqual(numbers, [0, 1, 2, 3, 4, 5])
  assert.deepEqual(
    step.seeds,
    numbers.map((number) => `1/${number}`),
  )
  assert.ok(Math.abs(report.loss - 1) < 1e-12 && Math.abs(report.positive - 1) < 1e-12)
  assert.equal(report.pairs, 9)
  assert.equal(report.waited, 3)
  // Gradients 0.1, 0.2, 0.3 and then 0.4, 0.5, 0.6, at a rate of 0.5.
  for (const [i, value] of parameters.get('audio.w')!.data.entries())
    assert.ok(Math.abs(value - (before[i] - 0.5 * (0.2 + 0.5))) < 1e-6)
})

test('running statistics go from batch to batch within a step, and are kept after it', async () => {
  const seen: number[] = []
  const step = fakeStep(({ parameters }) => {
    const [now] = parameters.get('audio.running_mean')!.data
    seen.push(now)
    return { statistics: new Map([['audio.running_mean', new Float32Array(3).fill(now + 1)]]) }
  })
  const parameters = values()
  parameters.get('audio.running_mean')!.data.fill(5)
  const one = trainer({ recipe: recipe('data.accumulate=2'), parameters, step })
  await one.step()
  await one.step()
  assert.deepEqual(seen, [5, 6, 7, 8])
  assert.deepEqual([...one.state.parameters.get('audio.running_mean')!.data], [9, 9, 9])
})

test('the average of weights follows the formula; it is what is validated and kept', async () => {
  const parameters = values()
  const expected = new Map([...parameters].map(([name, { data }]) => [name, [...data]]))
  const validated: number[] = []
  const one = trainer({
    recipe: recipe('schedule.ema=0.75', 'schedule.validate_every=1', 'schedule.steps=4'),
    parameters,
    validate: (weights) => {
      validated.push(weights.get('text.b')!.data[0])
      return Promise.resolve(NO_SCORES)
    },
  })
  const averages: number[] = []
  while (!one.done) {
    await one.step()
    for (const [name, average] of expected)
      for (let i = 0; i < average.length; i++)
        average[i] = 0.75 * average[i] + 0.25 * parameters.get(name)!.data[i]
    averages.push(expected.get('text.b')![0])
  }
  for (const [i, value] of averages.entries()) assert.ok(Math.abs(value - validated[i]) < 1e-6)
  assert.notEqual(one.weights.get('text.b')!.data[0], parameters.get('text.b')!.data[0])
})

test('the temperature stays above 1/100', async () => {
  const parameters = values()
  parameters.get('log_scale')!.data[0] = 4.5
  const gradient = new Map([['log_scale', Float32Array.of(-1)]])
  const one = trainer({ recipe: recipe(), parameters, step: fakeStep(() => ({ gradients: gradient })) })
  const report = await one.step()
  assert.equal(parameters.get('log_scale')!.data[0], Math.fround(Math.log(100)))
  assert.ok(Math.abs(report.temperature - 0.01) < 1e-8)
})

test('a loss, a gradient or a weight that is not finite ends the run with step and tensor', async () => {
  const parameters = values()
  const before = parameters.get('text.b')!.data.slice()
  for (const [outcome, message] of [
    [{ loss: NaN }, /^Step 1: the loss is NaN$/],
    [
      { gradients: new Map([['text.b', Float32Array.of(0, 0, -Infinity, 0, NaN, 0, 0)]]) },
      /^Step 1: the gradient of "text\.b" has -Infinity$/,
    ],
    [
      { gradients: new Map([['text.b', new Float32Array(7).fill(3e38)]]), loss: 1 },
      /^Step 2: the parameter "text\.b" has -Infinity$/,
    ],
  ] as const) {
    const one = trainer({
      recipe: recipe('schedule.validate_every=2', 'schedule.learning_rate=1'),
      parameters,
      step: fakeStep(() => outcome),
      validate: () => Promise.reject(new Error('it is not asked')),
    })
    await assert.rejects(
      async () => {
        await one.step()
        await one.step()
      },
      { code: 'failed', message },
    )
    if (one.state.step === 0) assert.deepEqual(parameters.get('text.b')!.data, before)
  }
})

test('clipping scales all gradients together; the norm told is the one before', async () => {
  const parameters = values()
  const before = parameters.get('text.b')!.data.slice()
  const one = trainer({ recipe: recipe('schedule.clip=0.01'), parameters })
  const { gradientNorm } = await one.step()
  assert.ok(Math.abs(gradientNorm - 0.1 * Math.sqrt(14)) < 1e-6)
  const moved = before[0] - parameters.get('text.b')!.data[0]
  assert.ok(Math.abs(moved - (0.5 * 0.01) / Math.sqrt(14)) < 1e-6)
})

test('groups: own rates; those of a tower that is not in the step are passed by, unknown ones refused', async () => {
  const parameters = values()
  parameters.set('text.encoder.w', { data: new Float32Array(3), shape: [3] })
  const before = [...parameters.get('text.b')!.data]
  const groups = (match: string): Recipe =>
    recipe(`schedule.groups=[{ match: "text.b", learning_rate: 0.05 }, { match: "${match}", freeze: true }]`)
  const one = trainer({ recipe: groups('text.encoder.*'), parameters })
  await one.step()
  assert.ok(Math.abs(parameters.get('text.b')!.data[0] - (before[0] - 0.05 * 0.1)) < 1e-7)
  assert.throws(() => trainer({ recipe: groups('texts.*'), parameters }), {
    code: 'usage',
    message: /No parameter is called "texts\.\*"/,
  })
})

test('a run that goes on from a state takes the steps of one that never stopped, bit for bit', async () => {
  const adam = recipe('schedule.optimizer=adamw', 'schedule.betas=[0.9, 0.99]', 'schedule.ema=0.9')
  const numbered = (parameters: Map<string, Parameter>, from?: Trainer['state']): Trainer => {
    let number = from?.step ?? 0
    const step = fakeStep(() => ({
      gradients: new Map(
        [...values()].map(([name, { data }]) => [name, data.map((x, i) => Math.sin(number * 3 + i + x))]),
      ),
    }))
    step.parameters.forEach(({ kind }, name) => {
      if (kind === 'statistic') (step.parameters as Map<string, ScopeParameter>).delete(name)
    })
    const run = step.run.bind(step)
    step.run = async (...args) => {
      const result = await run(...args)
      result.gradients.delete('audio.running_mean')
      number++
      return result
    }
    return trainer({ recipe: adam, parameters, step, ...(from && { from }) })
  }
  const whole = values()
  const unbroken = numbered(whole)
  await all(unbroken)
  const part = values()
  const first = numbered(part)
  for (let i = 0; i < 4; i++) await first.step()
  const second = numbered(part, structuredClone(first.state))
  await all(second)
  assert.deepEqual(part, whole)
  assert.deepEqual(second.state, unbroken.state)
})
