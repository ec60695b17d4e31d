import { nodeRuntime } from '../src/graph/node.js'
import type { OnnxRuntime, ProgramOptions } from '../src/graph/index.js'
import {
  cachedStep,
  clampLogScale,
  createOptimizer,
  wholeStep,
  type StepInputs,
  type StepResult,
} from '../src/train/index.js'
import { designOf } from './train-models.js'
import type { TrainFolder } from './train-folder.js'

export interface TrainLoopOptions {
  /** The first so many of each batch. Default: all. */
  readonly pairs?: number
  /** Pairs of a chunk, for gradient caching. Default: the step is one program. */
  readonly chunk?: number
  readonly engine?: ProgramOptions
  readonly runtime?: OnnxRuntime
}

export interface TrainLoop {
  /** Forward, loss, backward; nothing changes. */
  gradients(): Promise<StepResult>
  /** The same with AdamW behind it. The loss is that before the update. */
  step(): Promise<number>
  close(): Promise<void>
}

/** Our side of a comparison: the model of a folder, trained on its batches. A batch that is cut into chunks is read chunk by chunk. */
export async function trainLoop(folder: TrainFolder, options: TrainLoopOptions = {}): Promise<TrainLoop> {
  const { model, parameters } = folder
  const { pairs = model.inputs[0].shape[0], chunk, engine = {} } = options
  const runtime = options.runtime ?? (await nodeRuntime())
  const design = designOf(model, pairs)
  const step = chunk
    ? await cachedStep(runtime, design, { ...engine, chunk })
    : await wholeStep(runtime, design, engine)
  const { learning_rate, betas, epsilon, weight_decay } = model.optimizer
  const trained = new Map([...parameters].filter(([name]) => step.parameters.get(name)?.kind === 'weight'))
  const optimizer = createOptimizer(
    { kind: 'adamw', beta1: betas[0], beta2: betas[1], epsilon, weightDecay: weight_decay },
    trained,
  )
  const inputsOf = (batch: number): StepInputs => {
    const rows = (side: 'audio' | 'text', from: number, to: number) => {
      const inputs = side === 'audio' ? model.inputs.slice(0, 1) : model.inputs.slice(1)
      return Object.fromEntries(inputs.map((input) => [input.name, folder.rows(input, batch, from, to)]))
    }
    if (chunk) return { rows: (side, part) => rows(side, part.chunk * chunk, (part.chunk + 1) * chunk) }
    const whole = { audio: rows('audio', 0, pairs), text: rows('text', 0, pairs) } // in memory, as PyTorch's are
    return { rows: (side) => whole[side] }
  }
  const batches = Array.from({ length: model.batches }, (_, batch) => inputsOf(batch))
  let taken = 0
  const gradients = () => step.run(parameters, batches[taken % batches.length], String(taken))
  return {
    gradients,
    async step() {
      const result = await gradients()
      taken++
      optimizer.step(result.gradients, learning_rate)
      for (const [name, data] of result.statistics) parameters.get(name)!.data.set(data)
      clampLogScale(parameters.get('log_scale')!.data)
      return result.loss
    },
    close: () => step.close(),
  }
}
