import { AntiphonError } from '../errors/index.js'
import { addTo } from './cached-step.js'
import { clampLogScale } from './losses/log-scale.js'
import { clipByGlobalNorm, globalNorm } from './optimizer/clipping.js'
import { WeightAverage } from './optimizer/ema.js'
import { createOptimizer, type Optimizer, type Parameter } from './optimizer/optimizer.js'
import { namePattern } from './optimizer/parameter-rules.js'
import { LOG_SCALE } from './objective.js'
import { isBetterSmall, type Metric, type Recipe } from './recipe.js'
import { createSchedule, type Schedule, type ScheduleOptions } from './schedule.js'
import type { StepInputs, TrainingStep } from './step.js'

/** What validation found, by metric. */
export type Scores = Readonly<Record<Metric, number>>

/** A step that was taken. */
export interface StepReport {
  /** Counted from 1. */
  readonly step: number
  readonly steps: number
  readonly loss: number
  readonly temperature: number
  /** Mean cosine of audio with its own text, and with those of others. */
  readonly positive: number
  readonly negative: number
  readonly learningRate: number
  /** Of all gradients together, before clipping. */
  readonly gradientNorm: number
  readonly seconds: number
  /** Of `seconds`, those in which the engine waited for its batch. */
  readonly waited: number
  /** Pairs of the step. */
  readonly pairs: number
  readonly validation?: Scores
  /** Whether validation found these weights the best so far. */
  readonly best?: boolean
}

/** All that a run goes on from: the same state and the same batches give the same weights, bit for bit. */
export interface TrainerState {
  /** Steps taken. */
  readonly step: number
  readonly parameters: ReadonlyMap<string, Parameter>
  readonly optimizer: ReadonlyMap<string, Float32Array>
  readonly average?: ReadonlyMap<string, Float32Array>
  readonly schedule: Readonly<Record<string, number>>
  readonly best?: { readonly step: number; readonly value: number }
  /** Validations since the metric of early stopping was best, and what it was. */
  readonly stopping?: { readonly value?: number; readonly since: number }
}

export interface TrainerParts {
  readonly recipe: Recipe
  readonly step: TrainingStep
  /** First values, or those of a checkpoint; updated in place. May hold more than the step reads. */
  readonly parameters: ReadonlyMap<string, Parameter>
  /** Batch number `index`, the same each time it is asked for. */
  readonly inputs: (
    index: number,
  ) => Promise<StepInputs & { /** Milliseconds until its rows were there. */ waited(): number }>
  /** Scores weights on the pairs that are not trained on. Left out where there are none. */
  readonly validate?: (weights: ReadonlyMap<string, Parameter>) => Promise<Scores>
  /** A state to go on from. */
  readonly from?: TrainerState
  readonly now?: () => number
}

/** Takes the steps of a run, one after the other. */
export class Trainer {
  private readonly optimizer: Optimizer
  private readonly schedule: Schedule
  private readonly average: WeightAverage | undefined
  private taken: number
  private best: TrainerState['best']
  private stopping: TrainerState['stopping']

  constructor(private readonly parts: TrainerParts) {
    const { recipe, parameters, from } = parts
    const trained = new Map(
      [...parameters].filter(([name]) => {
        const declared = parts.step.parameters.get(name)
        return declared?.kind === 'weight' && !declared.frozen
      }),
    )
    this.optimizer = createOptimizer(optimizerOptions(recipe, trained.keys(), parameters.keys()), trained)
    this.schedule = createSchedule(scheduleOptions(recipe))
    const { ema } = recipe.schedule
    if (ema !== undefined)
      this.average = new WeightAverage(
        new Map([...this.carried].map(([name, { data }]) => [name, data])),
        ema,
      )
    this.taken = from?.step ?? 0
    this.best = from?.best
    this.stopping = from?.stopping
    if (!from) return
    this.optimizer.load(from.optimizer)
    this.schedule.load(from.schedule)
    if (this.average && from.average) this.average.load(from.average)
  }

  /** Whether there is a step left to take. */
  get done(): boolean {
    const { steps, early_stop } = this.parts.recipe.schedule
    return (
      this.taken >= steps ||
      (early_stop !== undefined && this.stopping !== undefined && this.stopping.since >= early_stop.patience)
    )
  }

  /** The weights that are validated and kept: the average where the recipe has one. */
  get weights(): ReadonlyMap<string, Parameter> {
    const { parameters } = this.parts
    if (!this.average) return parameters
    return new Map(
      [...parameters].map(([name, { data, shape }]) => [
        name,
        { data: this.average!.weights.get(name) ?? data, shape },
      ]),
    )
  }

  /** What steps change: not the parameters of a tower whose outputs are fed. */
  private get carried(): ReadonlyMap<string, Parameter> {
    const { parameters, step } = this.parts
    return new Map([...parameters].filter(([name]) => step.parameters.has(name)))
  }

  /** Valid until the next step. */
  get state(): TrainerState {
    return {
      step: this.taken,
      parameters: this.carried,
      optimizer: this.optimizer.state(),
      ...(this.average ? { average: this.average.weights } : {}),
      schedule: this.schedule.state(),
      ...(this.best ? { best: this.best } : {}),
      ...(this.stopping ? { stopping: this.stopping } : {}),
    }
  }

  /**
   * Takes a step, and validates after it when it is time.
   * @throws AntiphonError `failed` when the loss or a gradient is not finite, naming step and tensor (the parameters are
   *   then as before the step), or when a weight isn't where it is validated
   */
  async step(): Promise<StepReport> {
    const { recipe, step, parameters, now = () => performance.now() } = this.parts
    const { accumulate, batch } = recipe.data
    const started = now()
    const index = this.taken
    let waited = 0
    const gradients = new Map<string, Float32Array>()
    const numbers = { loss: 0, positive: 0, negative: 0 }
    const statistics = new Map<string, Float32Array>()
    for (let part = 0; part < accumulate; part++) {
      const number = index * accumulate + part
      const inputs = await this.parts.inputs(number)
      const carried = statistics.size === 0 ? parameters : withStatistics(parameters, statistics)
      const result = await step.run(carried, inputs, `${recipe.seed}/${number}`)
      waited += inputs.waited()
      addTo(gradients, result.gradients)
      for (const [name, data] of result.statistics) statistics.set(name, data)
      for (const name of ['loss', 'positive', 'negative'] as const) numbers[name] += result[name] / accumulate
    }
    if (accumulate > 1)
      for (const gradient of gradients.values())
        for (let i = 0; i < gradient.length; i++) gradient[i] /= accumulate
    const { clip, learning_rate, steps } = recipe.schedule
    const gradientNorm = clip === undefined ? globalNorm(gradients) : clipByGlobalNorm(gradients, clip)
    assertFinite(index + 1, numbers.loss, gradientNorm, gradients)

    const learningRate = learning_rate * this.schedule.factorAt(index)
    this.optimizer.step(gradients, learningRate)
    for (const [name, data] of statistics) parameters.get(name)!.data.set(data)
    const logScale = parameters.get(LOG_SCALE)
    if (logScale) clampLogScale(logScale.data)
    this.average?.update()
    this.taken++
    const report: StepReport = {
      step: this.taken,
      steps,
      ...numbers,
      temperature: Math.exp(-(logScale?.data[0] ?? 0)),
      learningRate,
      gradientNorm,
      seconds: (now() - started) / 1000,
      waited: waited / 1000,
      pairs: batch * accumulate,
    }
    return { ...report, ...(await this.validated()) }
  }

  private async validated(): Promise<Pick<StepReport, 'validation' | 'best'>> {
    const { recipe, validate } = this.parts
    const { validate_every, steps, best_by, early_stop } = recipe.schedule
    if (!validate || (this.taken % validate_every !== 0 && this.taken !== steps)) return {}
    this.assertFinite()
    const validation = await validate(this.weights)
    this.schedule.observe(validation[best_by])
    const best = isBetter(best_by, validation[best_by], this.best?.value)
    if (best) this.best = { step: this.taken, value: validation[best_by] }
    if (early_stop) {
      const value = validation[early_stop.metric]
      this.stopping = isBetter(early_stop.metric, value, this.stopping?.value)
        ? { value, since: 0 }
        : { ...this.stopping, since: (this.stopping?.since ?? 0) + 1 }
    }
    return { validation, best }
  }

  /**
   * What is to be kept must be whole: a step may take a weight out of range, and only the next one would notice.
   * @throws AntiphonError `failed`, naming step and parameter
   */
  assertFinite(): void {
    for (const [name, { data }] of this.carried) {
      let zero = 0
      for (let i = 0; i < data.length; i++) zero += data[i] * 0 // NaN if any is not finite
      if (zero === 0) continue
      const value = data.find((one) => !Number.isFinite(one))
      throw new AntiphonError('failed', `Step ${this.taken}: the parameter "${name}" has ${value}`)
    }
  }
}

function isBetter(metric: Metric, value: number, best: number | undefined): boolean {
  if (Number.isNaN(value)) return false
  if (best === undefined) return true
  return isBetterSmall(metric) ? value < best : value > best
}

function withStatistics(
  parameters: ReadonlyMap<string, Parameter>,
  statistics: ReadonlyMap<string, Float32Array>,
): Map<string, Parameter> {
  const carried = new Map(parameters)
  for (const [name, data] of statistics) carried.set(name, { data, shape: parameters.get(name)!.shape })
  return carried
}

function assertFinite(
  step: number,
  loss: number,
  norm: number,
  gradients: ReadonlyMap<string, Float32Array>,
): void {
  if (Number.isFinite(loss) && Number.isFinite(norm)) return
  const broken = [...gradients].find(([, gradient]) => !gradient.every(Number.isFinite))
  const where = !Number.isFinite(loss)
    ? `the loss is ${loss}`
    : broken
      ? `the gradient of "${broken[0]}" has ${broken[1].find((value) => !Number.isFinite(value))}`
      : `the norm of all gradients is ${norm}`
  throw new AntiphonError('failed', `Step ${step}: ${where}`)
}

/** A group that says something of a frozen tower alone has nothing to say here. */
function optimizerOptions({ schedule }: Recipe, trained: Iterable<string>, all: Iterable<string>) {
  const { optimizer, betas, epsilon, weight_decay, groups, learning_rate } = schedule
  const [here, known] = [[...trained], [...all]]
  const matches = (names: readonly string[], match: string): boolean =>
    names.some((name) => namePattern(match).test(name))
  const own = groups.filter(({ match }) => matches(here, match) || !matches(known, match))
  const rules = own.map(({ match, learning_rate: own, weight_decay: decay, freeze }) => ({
    match,
    ...(own === undefined ? {} : { learningRate: own / learning_rate }),
    ...(decay === undefined ? {} : { weightDecay: decay }),
    ...(freeze === undefined ? {} : { frozen: freeze }),
  }))
  const shared = { weightDecay: weight_decay, rules }
  return optimizer === 'sgd'
    ? { kind: optimizer, momentum: betas[0], ...shared }
    : { kind: optimizer, beta1: betas[0], beta2: betas[1], epsilon, ...shared }
}

function scheduleOptions({ schedule }: Recipe): ScheduleOptions {
  const { shape, steps, warmup, plateau, best_by } = schedule
  switch (shape) {
    case 'constant':
      return { kind: 'constant', warmup }
    case 'cosine':
    case 'linear':
      return { kind: shape, steps, warmup }
    case 'one_cycle':
      return { kind: 'one-cycle', steps }
    case 'plateau':
      return { kind: 'plateau', warmup, mode: isBetterSmall(best_by) ? 'min' : 'max', ...plateau }
  }
}
