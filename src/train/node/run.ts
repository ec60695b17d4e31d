import { resolve } from 'node:path'
import { AntiphonError } from '../../errors/index.js'
import type { LogRecord } from '../curves-page.js'
import type { StepReport } from '../trainer.js'
import { checkpointSteps, saveCheckpoint } from './checkpoint.js'
import { finish } from './finish.js'
import { prepare, type Prepared } from './prepare.js'
import { resumeCommand, RunDirectory } from './run-directory.js'
import { RunLog } from './run-log.js'
import type { TrainEvent, TrainOptions } from './run-options.js'

/**
 * Trains a recipe. The directory holds the resolved recipe, the log and the page of its curves, checkpoints and, at the end,
 * the model directory.
 * @throws AntiphonError `usage` for a recipe or directory that doesn't fit, `model` for towers, `locked` where another
 *   process trains in the directory, `interrupted` with how to go on, `failed` when the loss is not finite, naming the last
 *   good checkpoint, or when the disk is full
 */
export async function* train(options: TrainOptions): AsyncGenerator<TrainEvent, void, void> {
  const directory = await RunDirectory.open(resolve(options.out), { resume: options.resume ?? false })
  try {
    yield* trainIn(directory, options)
  } finally {
    await directory.close()
  }
}

async function* trainIn(
  directory: RunDirectory,
  options: TrainOptions,
): AsyncGenerator<TrainEvent, void, void> {
  const closing: (() => Promise<void>)[] = []
  try {
    const prepared = prepare(directory, options, closing)
    const run = yield* stoppedBefore(prepared)
    try {
      yield* takeSteps(directory, options, run)
      yield* finish(directory, options, run)
    } catch (error) {
      throw await withLastCheckpoint(error, directory.checkpoints, options.out)
    }
  } finally {
    for (const close of closing.reverse()) await close()
  }
}

/** Work that is stopped before it has a checkpoint is begun again; what was read of the audio is kept. */
async function* stoppedBefore<Event, Result>(
  work: AsyncGenerator<Event, Result, void>,
): AsyncGenerator<Event, Result, void> {
  try {
    return yield* work
  } catch (error) {
    if (!(error instanceof AntiphonError) || error.code !== 'interrupted') throw error
    const how = 'The same command goes on; what was read of the audio is kept'
    throw new AntiphonError('interrupted', `Stopped before the next step. ${how}.`, { cause: error })
  }
}

async function* takeSteps(
  directory: RunDirectory,
  { recipe, out, signal }: TrainOptions,
  { trainer, pairs, numbers }: Prepared,
): AsyncGenerator<TrainEvent, void, void> {
  const { steps, checkpoint_every } = recipe.schedule
  const { checkpoints } = directory
  const begun = trainer.state.step
  const log = await RunLog.open(directory.path, recipe.name, begun)
  yield {
    kind: 'start',
    step: begun,
    steps,
    done: trainer.done,
    ...pairs,
    trained: numbers.trained,
    parameters: numbers.all,
    flopsPerPair: numbers.flopsPerPair,
  }

  let saved: number | undefined = begun === 0 ? undefined : begun
  const save = async (): Promise<TrainEvent> => {
    const { state } = trainer
    const path = await saveCheckpoint(checkpoints, state, { keep: state.best ? [state.best.step] : [] })
    saved = state.step
    await log.drawPage()
    return { kind: 'checkpoint', step: state.step, path }
  }
  if (saved === undefined) yield await save()
  while (!trainer.done) {
    if (signal?.aborted) {
      trainer.assertFinite()
      if (saved !== trainer.state.step) yield await save()
      throw new AntiphonError(
        'interrupted',
        `Stopped after step ${trainer.state.step} of ${steps}. Go on with: ${resumeCommand(out)}`,
      )
    }
    const report = await trainer.step()
    const due = report.step % checkpoint_every === 0 || report.best === true || trainer.done
    if (due) trainer.assertFinite()
    await log.add(recordOf(report))
    yield { kind: 'step', report }
    if (due) yield await save()
  }
}

/** Says from where a run that failed can go on. */
async function withLastCheckpoint(error: unknown, checkpoints: string, out: string): Promise<unknown> {
  if (!(error instanceof AntiphonError) || error.code !== 'failed') return error
  const last = (await checkpointSteps(checkpoints)).at(-1)
  const kept =
    last === undefined
      ? 'There is no checkpoint before it'
      : `The last good checkpoint is of step ${last}, in ${checkpoints}`
  const { code } = (error.cause ?? {}) as NodeJS.ErrnoException
  const advice =
    error.cause === undefined
      ? 'A smaller schedule.learning_rate, a warm-up or schedule.clip may help'
      : `${code === undefined ? 'Go' : 'Once it can be written, go'} on with: ${resumeCommand(out)}`
  return new AntiphonError('failed', `${error.message}. ${kept}. ${advice}`, { cause: error })
}

/** A line of the log: flat, so that any tool reads it. */
function recordOf({ validation, ...report }: StepReport): LogRecord {
  const scores = Object.entries(validation ?? {}).map(([metric, value]) => [`validation.${metric}`, value])
  return { ...report, ...(Object.fromEntries(scores) as Record<string, number>) }
}
