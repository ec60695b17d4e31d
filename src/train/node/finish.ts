import { join } from 'node:path'
import type { OnnxRuntime } from '../../graph/index.js'
import { loadModel, type ModelSource } from '../../model/index.js'
import type { Scores } from '../trainer.js'
import { checkpointName, loadCheckpoint } from './checkpoint.js'
import { weightsOf } from './first-values.js'
import type { Prepared } from './prepare.js'
import type { RunDirectory } from './run-directory.js'
import type { TrainEvent, TrainOptions } from './run-options.js'
import {
  eightBitCard,
  eightBitSource,
  modelFiles,
  modelSource,
  writeModelDirectory,
  type TrainedModel,
} from './write-model.js'

const LEAST_MATCH_SCALE = 0.02 // below it rounding would look like a match
const MATCH_SCALE = 0.2 // where nothing was validated

/**
 * Writes the model of a run that has taken its last step: of the best checkpoint, or of the last weights.
 * @throws AntiphonError `failed` when the disk is full
 */
export async function* finish(
  directory: RunDirectory,
  { recipe, runtime, eightBits = false }: TrainOptions,
  { trainer, towers, parameters, factors, validation, waveforms, pairs }: Prepared,
): AsyncGenerator<TrainEvent, void, void> {
  const { checkpoints } = directory
  const { best, step: last } = trainer.state
  let weights = trainer.weights
  let step = last
  if (best && best.step !== last)
    try {
      weights = weightsOf(parameters, await loadCheckpoint(checkpoints, best.step))
      step = best.step
    } catch {
      yield { kind: 'damaged', path: join(checkpoints, checkpointName(best.step)) }
    }
  const judged = await validation?.judge(weights)
  const matchScale = judged ? Math.max(LEAST_MATCH_SCALE, judged.standing) : MATCH_SCALE
  let small: Extract<TrainEvent, { kind: 'done' }>['eightBits']
  const model = {
    recipe,
    towers,
    factors,
    parameters: weights,
    step,
    scores: judged?.scores,
    matchScale,
    pairs,
  }
  const source = modelSource(model)
  const files = await modelFiles(source, model, runtime)
  await writeModelDirectory(directory.model, files)
  if (eightBits) {
    const { scores, ...made } = await inEightBits(source, model, { files, validation, waveforms, runtime })
    await writeModelDirectory(directory.eightBitModel, made.files)
    small = { model: directory.eightBitModel, ...(scores && { scores }) }
  }
  yield {
    kind: 'done',
    step: last,
    model: directory.model,
    modelStep: step,
    best,
    scores: judged?.scores,
    eightBits: small,
    stoppedEarly: last < recipe.schedule.steps,
  }
}

/** The model in 8 bits, and what that costs: measured as it serves, from waveforms and strings. */
async function inEightBits(
  exact: ModelSource,
  model: TrainedModel,
  {
    files,
    validation,
    waveforms,
    runtime,
  }: Pick<Prepared, 'validation' | 'waveforms'> & {
    files: ReadonlyMap<string, Uint8Array>
    runtime: OnnxRuntime
  },
) {
  const small = await modelFiles(eightBitSource(exact), model, runtime)
  let scores: Scores | undefined
  if (validation && waveforms) {
    const batches = await waveforms()
    const served = await loadModel((name) => Promise.resolve(small.get(name)!), runtime)
    try {
      scores = (await validation.judgeServed(served, batches)).scores
    } finally {
      await served.close()
      await batches.close()
    }
  }
  const sizeOf = (all: ReadonlyMap<string, Uint8Array>): number =>
    [...all.values()].reduce((sum, { byteLength }) => sum + byteLength, 0)
  const card = eightBitCard(model, { bytes: sizeOf(small), exactBytes: sizeOf(files), scores })
  small.set('README.md', new TextEncoder().encode(card))
  return { files: small, scores }
}
