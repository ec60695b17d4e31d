import { AntiphonError } from '../errors/index.js'
import {
  compile,
  Graph,
  gradients,
  type NumericArray,
  type OnnxRuntime,
  type Program,
  type ProgramOptions,
  type Tensor,
  type Value,
} from '../graph/index.js'
import { trainingScope, type ScopeParameter } from '../model/index.js'
import { drawMasks } from './masks.js'
import { objective, type Counts } from './objective.js'
import type { Parameter } from './optimizer/optimizer.js'
import type { Recipe } from './recipe.js'
import { rowInputs, type Side } from './sides.js'

/** The two sides of a model in training, and what brings them together. */
export interface StepDesign {
  readonly recipe: Recipe
  readonly audio: Side
  readonly text: Side
  readonly counts: Counts
  /** Which parameters stay as they are, by full name. */
  readonly frozen: (name: string) => boolean
}

/** Inputs of a program by name. */
export type StepFeeds = Readonly<Record<string, NumericArray | Value>>

/** Which part of a batch: gradient caching reads it chunk by chunk, and each chunk twice. */
export interface PartOfBatch {
  readonly chunk: number
  readonly pass: number
}

/** What a step reads. */
export interface StepInputs {
  /** The rows of one side; of text, the hard texts of a chunk stand behind the texts of its pairs. */
  rows(side: 'audio' | 'text', part: PartOfBatch): Promise<StepFeeds> | StepFeeds
  /** What the loss asks for beside the vectors, as `objectiveInputs` tells; asked for once all rows were read. */
  extra?(): Promise<StepFeeds> | StepFeeds
}

export interface StepResult {
  readonly loss: number
  /** Mean cosine of audio with its own text, and with those of others. */
  readonly positive: number
  readonly negative: number
  /** d loss / d parameter for each that is trained. */
  readonly gradients: Map<string, Float32Array>
  /** Running statistics after the step. */
  readonly statistics: Map<string, Float32Array>
}

/** A whole training step but for the optimiser: forward, loss and backward. */
export interface TrainingStep {
  /** Trained and carried, by full name, in the order in which the model asked for them. */
  readonly parameters: ReadonlyMap<string, ScopeParameter>
  /**
   * @param seed of the dropout masks; the same seed drops the same
   * @throws AntiphonError `usage` for feeds that don't fit
   */
  run(parameters: ReadonlyMap<string, Parameter>, inputs: StepInputs, seed: string): Promise<StepResult>
  close(): Promise<void>
}

/** The step as one program: everything of the batch is in memory at once. */
export async function wholeStep(
  runtime: OnnxRuntime,
  design: StepDesign,
  options: ProgramOptions = {},
): Promise<TrainingStep> {
  const { scope, outputs } = stepGraph(design)
  const program = await compile(runtime, { outputs, ...options })
  return {
    parameters: scope.parameters,
    async run(parameters, inputs, seed) {
      const whole = { chunk: 0, pass: 0 }
      const rows = { ...(await inputs.rows('audio', whole)), ...(await inputs.rows('text', whole)) }
      const values = await program.run({
        ...feedsOf(program, parameters),
        ...rows,
        ...(await inputs.extra?.()),
        ...drawMasks(scope.masks, seed),
      })
      return {
        ...numbersOf(values),
        gradients: named(values, GRADIENT),
        statistics: named(values, STATISTIC),
      }
    },
    close: () => program.close(),
  }
}

export const GRADIENT = 'gradient/'
export const STATISTIC = 'statistic/'

/** The graph of a whole step, its gradients and new statistics among the outputs. */
export function stepGraph({ recipe, audio, text, counts, frozen }: StepDesign) {
  const graph = new Graph()
  const scope = trainingScope(graph, '', { frozen })
  const a = audio.embed(rowInputs(graph, audio, counts.audio), scope.within('audio.'))
  const t = text.embed(rowInputs(graph, text, counts.texts + counts.hardTexts), scope.within('text.'))
  const { loss, positive, negative } = objective(a, t, { recipe, counts, scope })
  const outputs: Record<string, Tensor> = { loss, positive, negative }
  addGradients(outputs, loss, scope.parameters)
  for (const [name, update] of scope.updates) outputs[STATISTIC + name] = update
  return { scope, outputs }
}

/** Adds d loss / d parameter for each parameter that is trained. */
export function addGradients(
  outputs: Record<string, Tensor>,
  loss: Tensor,
  parameters: ReadonlyMap<string, ScopeParameter>,
): void {
  const trained = [...parameters].filter(([, { kind, frozen }]) => kind === 'weight' && !frozen)
  const slopes = gradients(
    loss,
    trained.map(([, { tensor }]) => tensor),
  )
  for (const [i, [name]] of trained.entries()) outputs[GRADIENT + name] = slopes[i]
}

/** The parameters that a program reads. */
export function feedsOf(program: Program, parameters: ReadonlyMap<string, Parameter>): Record<string, Value> {
  const feeds: Record<string, Value> = {}
  for (const { name } of program.inputs) {
    const parameter = parameters.get(name)
    if (parameter) feeds[name] = parameter
  }
  return feeds
}

/** Outputs below a prefix, without it. */
export function named(values: Readonly<Record<string, Value>>, prefix: string): Map<string, Float32Array> {
  const found = new Map<string, Float32Array>()
  for (const [name, { data }] of Object.entries(values))
    if (name.startsWith(prefix)) found.set(name.slice(prefix.length), data as Float32Array)
  return found
}

export function numbersOf(values: Readonly<Record<string, Value>>) {
  const number = (name: string): number => {
    const value = values[name]
    if (!value) throw new AntiphonError('failed', `The step has no "${name}"`)
    return Number(value.data[0])
  }
  return { loss: number('loss'), positive: number('positive'), negative: number('negative') }
}
