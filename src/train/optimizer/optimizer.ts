import { AntiphonError } from '../../errors/index.js'
import { adam, type AdamOptions } from './adam.js'
import { parameterSettings, type ParameterRule, type ParameterSettings } from './parameter-rules.js'
import { sgd, type SgdOptions } from './sgd.js'
import type { UpdateRule } from './update-rule.js'

export type OptimizerOptions = (AdamOptions | SgdOptions) & {
  /** Of matrices; vectors and scalars have none unless a rule says so. @default 0 */
  readonly weightDecay?: number
  /** What is special about some parameters. */
  readonly rules?: readonly ParameterRule[]
}

/** A trainable array, updated in place. */
export interface Parameter {
  readonly data: Float32Array
  readonly shape: readonly number[]
}

interface Memory {
  /** Steps that this parameter has taken. */
  step: number
  readonly slots: readonly Float32Array[]
}

const STEP = 'step'

export class Optimizer {
  /** How each parameter is trained. */
  readonly settings: ReadonlyMap<string, ParameterSettings>
  private readonly memories = new Map<string, Memory>()

  constructor(
    private readonly rule: UpdateRule,
    private readonly parameters: ReadonlyMap<string, Parameter>,
    { weightDecay, rules = [] }: Pick<OptimizerOptions, 'weightDecay' | 'rules'> = {},
  ) {
    this.settings = parameterSettings(parameters, rules, { weightDecay })
  }

  /**
   * Updates the parameters that have a gradient and are not frozen; the others stay as they are, and so does their memory.
   * @param learningRate of this step, before the factors of the rules
   * @throws AntiphonError `usage` for a gradient that belongs to no parameter, or has another length.
   */
  step(gradients: ReadonlyMap<string, Float32Array>, learningRate: number): void {
    for (const [name, gradient] of gradients) {
      const { data } = this.named(name)
      if (gradient.length !== data.length)
        throw new AntiphonError(
          'usage',
          `The gradient of "${name}" has ${gradient.length} numbers, expected ${data.length}`,
        )
    }
    for (const [name, gradient] of gradients) {
      const settings = this.settings.get(name)!
      if (settings.frozen) continue
      const memory = this.memoryOf(name)
      memory.step++
      this.rule.update(this.named(name).data, gradient, memory.slots, {
        step: memory.step,
        learningRate: learningRate * settings.learningRate,
        weightDecay: settings.weightDecay,
      })
    }
  }

  /**
   * What a checkpoint keeps: `<parameter>/<slot>` for each parameter that has taken a step, in the order of the parameters.
   * Valid until the next step.
   */
  state(): Map<string, Float32Array> {
    const state = new Map<string, Float32Array>()
    for (const name of this.parameters.keys()) {
      const memory = this.memories.get(name)
      if (!memory) continue
      const { step, slots } = memory
      state.set(`${name}/${STEP}`, Float32Array.of(step)) // exact up to 16.7 million steps
      for (const [i, slot] of slots.entries()) state.set(`${name}/${this.rule.slots[i]}`, slot)
    }
    return state
  }

  /**
   * Goes on from a saved state, which is copied.
   * @throws AntiphonError `model` when it is not one of this optimiser and these parameters; nothing is changed then.
   */
  load(state: ReadonlyMap<string, Float32Array>): void {
    const loaded = new Map<string, Memory>()
    const left = new Set(state.keys())
    const take = (key: string, length: number): Float32Array => {
      const found = state.get(key)
      if (found?.length !== length)
        throw new AntiphonError(
          'model',
          `The optimiser's state has ${found ? `${found.length} numbers of` : 'no'} "${key}", expected ${length}; was it saved by another recipe?`,
        )
      left.delete(key)
      return found.slice()
    }
    for (const [name, { data }] of this.parameters) {
      const keys = [STEP, ...this.rule.slots].map((slot) => `${name}/${slot}`)
      if (!keys.some((key) => state.has(key))) continue
      const [[step], ...slots] = keys.map((key, i) => take(key, i === 0 ? 1 : data.length))
      loaded.set(name, { step, slots })
    }
    for (const key of left)
      throw new AntiphonError(
        'model',
        `The optimiser's state has "${key}", which is not expected; was it saved by another recipe?`,
      )
    this.memories.clear()
    for (const [name, memory] of loaded) this.memories.set(name, memory)
  }

  private named(name: string): Parameter {
    const parameter = this.parameters.get(name)
    if (!parameter) throw new AntiphonError('usage', `A gradient names "${name}", which is not a parameter`)
    return parameter
  }

  private memoryOf(name: string): Memory {
    let memory = this.memories.get(name)
    if (!memory) {
      const { length } = this.named(name).data
      memory = { step: 0, slots: this.rule.slots.map(() => new Float32Array(length)) }
      this.memories.set(name, memory)
    }
    return memory
  }
}

/** The optimiser of these options for these parameters, whose arrays it updates in place. */
export function createOptimizer(
  options: OptimizerOptions,
  parameters: ReadonlyMap<string, Parameter>,
): Optimizer {
  return new Optimizer(options.kind === 'sgd' ? sgd(options) : adam(options), parameters, options)
}
