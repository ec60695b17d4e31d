import { AntiphonError } from '../errors/index.js'
import {
  batchNorm,
  batchNormTraining,
  cast,
  dropout,
  type BatchNormWeights,
  type Graph,
  type Tensor,
} from '../graph/index.js'
import { defaultInitializer, type Initializer } from './initializer.js'

export interface BatchNormOptions {
  /** @default 1e-5 */
  readonly epsilon?: number
  /** Share of the new batch in the running statistics. @default 0.1 */
  readonly momentum?: number
}

/** What an encoder is written with: the same function serves and trains. */
export interface Scope {
  /** A weight by its name within this scope; asked for again it is the same one. */
  parameter(name: string, shape: readonly number[], init?: Initializer): Tensor
  /** Batch normalisation over axis 1, with `weight`, `bias`, `running_mean` and `running_var` below `name`. */
  batchNorm(x: Tensor, name: string, options?: BatchNormOptions): Tensor
  /** Drops this share of the numbers while training. */
  dropout(x: Tensor, rate: number): Tensor
  /** The scope whose names begin with `prefix`, such as `encoder.layer.0.`. */
  within(prefix: string): Scope
}

export interface ScopeParameter {
  readonly tensor: Tensor
  readonly init: Initializer
  /** Statistics are carried from step to step; they take no gradient. */
  readonly kind: 'weight' | 'statistic'
  readonly frozen: boolean
}

/** 1 keeps, 0 drops; fed with each step, so that a step can be repeated exactly. */
export interface DropoutMask {
  /** uint8, named `dropout.0`, `dropout.1`, … */
  readonly input: Tensor
  /** Share of ones. */
  readonly keep: number
}

export interface TrainingScope extends Scope {
  /** By full name, in the order in which the encoder asked. */
  readonly parameters: ReadonlyMap<string, ScopeParameter>
  /** Statistics after this step, by the full name of the parameter that they replace. */
  readonly updates: ReadonlyMap<string, Tensor>
  readonly masks: readonly DropoutMask[]
}

export interface TrainingScopeOptions {
  /**
   * Which parameters stay as they are, by full name. A batch norm whose weight is frozen uses its running statistics; a
   * scope whose own prefix is, such as `text.`, drops nothing.
   */
  readonly frozen?: (name: string) => boolean
}

/** For a program that serves: running statistics, no dropout. */
export function servingScope(graph: Graph, prefix = ''): Scope {
  const parameter = (name: string, shape: readonly number[]): Tensor => declared(graph, prefix + name, shape)
  return {
    parameter,
    batchNorm: (x, name, options) => batchNorm(x, batchNormWeights(x, name, parameter), options),
    dropout: (x) => x,
    within: (deeper) => servingScope(graph, prefix + deeper),
  }
}

/** For a training step: statistics of the batch, dropout by masks; notes what the trainer has to feed and to keep. */
export function trainingScope(
  graph: Graph,
  prefix = '',
  { frozen = () => false }: TrainingScopeOptions = {},
): TrainingScope {
  const parameters = new Map<string, ScopeParameter>()
  const updates = new Map<string, Tensor>()
  const masks: DropoutMask[] = []

  function scopeAt(prefix: string): Scope {
    const parameter = (name: string, shape: readonly number[], init?: Initializer): Tensor => {
      const full = prefix + name
      const tensor = declared(graph, full, shape)
      if (!parameters.has(full))
        parameters.set(full, {
          tensor,
          init: init ?? defaultInitializer(full, shape),
          kind: /(^|\.)running_(mean|var)$/.test(full) ? 'statistic' : 'weight',
          frozen: frozen(full),
        })
      return tensor
    }
    return {
      parameter,
      batchNorm(x, name, options) {
        const weights = batchNormWeights(x, name, parameter)
        const full = `${prefix}${name}`
        if (frozen(`${full}.weight`)) return batchNorm(x, weights, options)
        // A layer that is applied twice in a step counts both batches.
        const mean = updates.get(`${full}.running_mean`) ?? weights.mean
        const variance = updates.get(`${full}.running_var`) ?? weights.variance
        const now = batchNormTraining(x, { ...weights, mean, variance }, options)
        updates.set(`${full}.running_mean`, now.mean)
        updates.set(`${full}.running_var`, now.variance)
        return now.output
      },
      dropout(x, rate) {
        if (rate === 0 || frozen(prefix)) return x
        const keep = 1 - rate
        const input = graph.input(nextMaskName(graph), x.shape, 'uint8')
        masks.push({ input, keep })
        return dropout(x, cast(input, x.dtype), { keep })
      },
      within: (deeper) => scopeAt(prefix + deeper),
    }
  }
  return { ...scopeAt(prefix), parameters, updates, masks }
}

function declared(graph: Graph, name: string, shape: readonly number[]): Tensor {
  const known = graph.parameters.get(name)
  if (!known) return graph.parameter(name, shape)
  if (known.shape.join() !== shape.join())
    throw new AntiphonError(
      'shape',
      `The parameter "${name}" is ${known.toString()}; it is asked for again as [${shape.join(', ')}]`,
    )
  return known
}

function batchNormWeights(
  x: Tensor,
  name: string,
  parameter: (name: string, shape: readonly number[]) => Tensor,
): BatchNormWeights {
  const channels = x.shape[1]
  if (typeof channels !== 'number')
    throw new AntiphonError('shape', `batchNorm: axis 1 of ${x.toString()} must have a known size`)
  return {
    weight: parameter(`${name}.weight`, [channels]),
    bias: parameter(`${name}.bias`, [channels]),
    mean: parameter(`${name}.running_mean`, [channels]),
    variance: parameter(`${name}.running_var`, [channels]),
  }
}

/** Two towers of one program may each have a scope: the numbers go on. */
function nextMaskName(graph: Graph): string {
  let count = 0
  while (graph.inputs.has(`dropout.${count}`)) count++
  return `dropout.${count}`
}
