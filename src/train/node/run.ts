import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { split, type Pair, type PairSet } from '../../data/index.js'
import { AntiphonError } from '../../errors/index.js'
import {
  float32,
  Graph,
  parseSafetensors,
  toOnnx,
  type OnnxRuntime,
  type ProgramOptions,
} from '../../graph/index.js'
import { createTextEncoder, loadModel, type ModelSource } from '../../model/index.js'
import { createTokenizer, type Tokenizer } from '../../text/index.js'
import { cachedStep } from '../cached-step.js'
import type { LogRecord } from '../curves-page.js'
import { Embedder } from '../embedder.js'
import { checkNames, frozenBy, isWholeFrozen } from '../frozen.js'
import type { Counts } from '../objective.js'
import type { Parameter } from '../optimizer/optimizer.js'
import type { Recipe } from '../recipe.js'
import { audioSide, textSide, type Side } from '../sides.js'
import { wholeStep, type StepDesign, type TrainingStep } from '../step.js'
import { TextSwap } from '../swap-texts.js'
import { Trainer, type Scores, type StepReport } from '../trainer.js'
import { openBatches, type Batches } from './batches.js'
import {
  checkpointName,
  checkpointSteps,
  latestCheckpoint,
  loadCheckpoint,
  saveCheckpoint,
} from './checkpoint.js'
import { EventQueue } from './event-queue.js'
import { declareAll, firstValues, numbersIn, takeOver, weightsOf, type TowerReport } from './first-values.js'
import { frozenAudioOutputs, FrozenText } from './frozen-outputs.js'
import { identityOf, originOfRun, resumeCommand, RunDirectory } from './run-directory.js'
import { RunLog } from './run-log.js'
import { stepInputs } from './step-inputs.js'
import { openTowers, type Towers } from './towers.js'
import { Validation, type Score } from './validation.js'
import {
  eightBitCard,
  eightBitSource,
  modelFiles,
  modelSource,
  writeModelDirectory,
  type TrainedModel,
} from './write-model.js'

export interface TrainOptions {
  readonly recipe: Recipe
  readonly pairs: PairSet
  /** Where the pairs were read from, for a later `resume`. */
  readonly data: string
  /** The run's directory: new or empty, or one that is gone on with; of one process at a time. */
  readonly out: string
  /** The folder that relative names in the recipe start from, for a later `resume`. @default the current one */
  readonly base?: string
  /** Goes on from the last checkpoint in `out`. @default false */
  readonly resume?: boolean
  /** Where decoded audio and the outputs of frozen towers are kept. */
  readonly cacheDir: string
  readonly runtime: OnnxRuntime
  /** Threads and execution providers of the engine. */
  readonly engine?: ProgramOptions
  /** The directory of a pretrained model, by the name that a recipe gives it. */
  readonly find: (name: string) => Promise<string>
  /** Metrics of text-to-music retrieval. */
  readonly score: Score
  /** Writes the model in 8 bits too, with what that costs in its card. @default false */
  readonly eightBits?: boolean
  /** Stops after the step that is being taken, with a checkpoint. */
  readonly signal?: AbortSignal
}

export type TrainEvent =
  /** Something long goes on before the first step. */
  | {
      readonly kind: 'preparing'
      readonly what: 'audio' | 'outputs'
      readonly done: number
      readonly total: number
    }
  /** Audio that can't be used. */
  | { readonly kind: 'wrong'; readonly file: string; readonly line: number; readonly reason: string }
  | ({ readonly kind: 'pretrained' } & TowerReport)
  /** A checkpoint that can't be read, and is passed by. */
  | { readonly kind: 'damaged'; readonly path: string }
  | {
      readonly kind: 'start'
      readonly step: number
      readonly steps: number
      /** Whether there is nothing left to train. */
      readonly done: boolean
      /** Pairs. */
      readonly train: number
      readonly validation: number
      /** Numbers that are trained, of all. */
      readonly trained: number
      readonly parameters: number
    }
  | { readonly kind: 'step'; readonly report: StepReport }
  | { readonly kind: 'checkpoint'; readonly step: number; readonly path: string }
  | {
      readonly kind: 'done'
      readonly step: number
      /** The model directory. */
      readonly model: string
      /** Of the weights in it. */
      readonly modelStep: number
      readonly best?: { readonly step: number; readonly value: number }
      readonly scores?: Scores
      /** The model in 8 bits, where it was asked for. */
      readonly eightBits?: { readonly model: string; readonly scores?: Scores }
      readonly stoppedEarly: boolean
    }

const TOKEN_STEP = 8 // rows of tokens come in multiples, so that one word more makes no other program

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
    yield* takeSteps(directory, options, run)
  } finally {
    for (const close of closing.reverse()) await close()
  }
}

/** All that is needed before the first step. */
interface Prepared {
  readonly trainer: Trainer
  readonly towers: Towers
  readonly parameters: ReadonlyMap<string, Parameter>
  readonly validation?: Validation
  /** The pairs that are validated with, as waveforms. */
  readonly waveforms?: () => Promise<Batches>
  readonly pairs: { readonly train: number; readonly validation: number }
  /** Numbers that are trained, and all. */
  readonly numbers: { readonly trained: number; readonly all: number }
}

async function* prepare(
  directory: RunDirectory,
  options: TrainOptions,
  closing: (() => Promise<void>)[],
): AsyncGenerator<TrainEvent, Prepared, void> {
  const { recipe, pairs, runtime, engine = {}, find, score, signal, resume = false } = options
  const origin = resume ? await originOfRun(directory.path) : undefined
  const identity = identityOf(pairs)
  if (origin && origin.pairs !== identity) throw changed(`The pairs in ${options.data}`, directory.path)
  const towers = await openTowers(recipe, find)
  const parts = splitPairs(recipe, pairs)
  const tokenizer = createTokenizer(towers.tokenizer, { maxTokens: recipe.text.max_tokens })
  const tokens = longestRow(pairs.pairs, recipe, tokenizer)
  const front = featureProgram(recipe, towers)
  const counts = countsOf(recipe)
  const declared = declareAll({ recipe, towers, counts, featureShape: front.shape, tokens })
  checkNames(recipe, [...declared.keys()])
  const { parameters, reports } = firstValues(recipe, towers, declared)
  for (const report of reports) yield { kind: 'pretrained', ...report }

  const events = new EventQueue<TrainEvent>()
  const frozenAudio = isWholeFrozen(recipe, 'audio')
  const frozenText = isWholeFrozen(recipe, 'text')
  const open = (
    of: readonly Pair[],
    { windowsOnly = false, passes = 1, waveforms = false } = {},
  ): Promise<Batches> =>
    openBatches({
      pairs: of,
      recipe: {
        ...recipe,
        audio: { ...recipe.audio, cache: waveforms ? 'waveforms' : recipe.audio.cache },
        text: { ...recipe.text, max_tokens: tokens },
      },
      sampleRate: towers.audio.encoder.sampleRate,
      ...(!waveforms && { features: front.bytes }),
      tokenizer: towers.tokenizer,
      windowsOnly,
      passes,
      cacheDir: options.cacheDir,
      onProgress: ({ done, total }) => events.push({ kind: 'preparing', what: 'audio', done, total }),
      signal,
    })
  const passes = recipe.data.chunk < recipe.data.batch ? 2 : 1
  const batches = yield* events.until(open(parts.train, { windowsOnly: frozenAudio, passes }))
  closing.push(() => batches.close())
  batches.indices(0) // says so where too little of the audio can be read
  const held = parts.validation.length > 0 ? yield* events.until(open(parts.validation)) : undefined
  if (held) closing.push(() => held.close())
  for (const { file, line, reason } of [...batches.failed, ...(held?.failed ?? [])])
    yield { kind: 'wrong', file, line, reason }
  const audio = audioIdentity(held ? [batches, held] : [batches])
  if (origin && origin.audio !== audio) throw changed(`The audio in ${options.data}`, directory.path)

  const outputsOf = (of: Batches): Promise<Float32Array> =>
    frozenAudioOutputs(of, {
      ...engine,
      runtime,
      parameters,
      encoder: towers.audio.encoder,
      featureShape: front.shape,
      cacheDir: options.cacheDir,
      onProgress: (done, total) => events.push({ kind: 'preparing', what: 'outputs', done, total }),
      signal,
    })
  const { width } = towers.audio.encoder
  const audioOutputs = frozenAudio ? { rows: yield* events.until(outputsOf(batches)), width } : undefined
  const heldOutputs = frozenAudio && held ? { rows: yield* events.until(outputsOf(held)), width } : undefined
  const sentences = frozenText
    ? await FrozenText.open({ ...engine, runtime, parameters, encoder: towers.text.encoder, tokenizer })
    : undefined
  if (sentences) closing.push(() => sentences.close())

  const { projection } = recipe
  const textOf = (length: number | 'tokens'): Side =>
    textSide({ encoder: towers.text.encoder, projection, tokens: length, frozen: frozenText })
  const audioOf = audioSide({
    encoder: towers.audio.encoder,
    projection,
    featureShape: front.shape,
    frozen: frozenAudio,
  })
  const design = { recipe, audio: audioOf, text: textOf(tokens), counts, frozen: frozenBy(recipe) }
  const step = await openStep(runtime, design, engine)
  closing.push(() => step.close())
  const content = recipe.loss.kind === 'muscall' ? await openContent(options) : undefined
  if (content) closing.push(() => content.encoder.close())
  const swap = recipe.loss.kind === 'text_swap' ? openSwap(parts.train) : undefined

  const validation = held
    ? new Validation({
        pairs: parts.validation,
        batches: held,
        audio: await Embedder.open(runtime, audioOf, engine),
        text: await Embedder.open(runtime, textOf('tokens'), engine),
        audioOutputs: heldOutputs,
        frozenText: sentences,
        textWidth: towers.text.encoder.width,
        tokenizer,
        score,
      })
    : undefined
  if (validation) closing.push(() => validation.close())
  if (validation?.size.items === 0)
    throw new AntiphonError('failed', 'None of the audio to validate with can be read')

  const latest = resume ? await latestCheckpoint(directory.checkpoints) : undefined
  for (const path of latest?.damaged ?? []) yield { kind: 'damaged', path }
  if (latest) takeOver(parameters, latest.state)
  const trainer = new Trainer({
    recipe,
    step,
    parameters,
    inputs: (index) =>
      Promise.resolve(
        stepInputs(index, {
          recipe,
          pairs: parts.train,
          batches,
          counts,
          tokenizer,
          tokens,
          audioOutputs,
          ...(sentences && { frozenText: { encoder: sentences, width: towers.text.encoder.width } }),
          content,
          swap,
        }),
      ),
    ...(validation && {
      validate: (weights: ReadonlyMap<string, Parameter>) => validation.scores(weights),
    }),
    from: latest?.state,
  })
  if (!resume)
    await directory.begin(recipe, {
      data: options.data,
      base: options.base ?? process.cwd(),
      pairs: identity,
      audio,
    })
  return {
    trainer,
    towers,
    parameters,
    validation,
    ...(validation && { waveforms: () => open(parts.validation, { waveforms: true }) }),
    pairs: { train: batches.usable.length, validation: held?.usable.length ?? 0 },
    numbers: {
      trained: numbersIn(step.parameters, ({ kind, frozen }) => kind === 'weight' && !frozen),
      all: numbersIn(declared),
    },
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
  { recipe, out, runtime, signal, eightBits = false }: TrainOptions,
  { trainer, towers, parameters, validation, waveforms, pairs, numbers }: Prepared,
): AsyncGenerator<TrainEvent, void, void> {
  const { steps, checkpoint_every } = recipe.schedule
  const { checkpoints } = directory
  const begun = trainer.state.step
  const log = await RunLog.open(directory.path, recipe.name, begun)
  yield { kind: 'start', step: begun, steps, done: trainer.done, ...pairs, ...parametersOf(numbers) }

  let saved: number | undefined = begun === 0 ? undefined : begun
  const save = async (): Promise<TrainEvent> => {
    const { state } = trainer
    const path = await saveCheckpoint(checkpoints, state, { keep: state.best ? [state.best.step] : [] })
    saved = state.step
    await log.drawPage()
    return { kind: 'checkpoint', step: state.step, path }
  }
  try {
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
  } catch (error) {
    throw await withLastCheckpoint(error, { checkpoints, out })
  }

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
  const model = { recipe, towers, parameters: weights, step, scores: judged?.scores, matchScale, pairs }
  try {
    const source = modelSource(model)
    const files = await modelFiles(source, model, runtime)
    await writeModelDirectory(directory.model, files)
    if (eightBits) {
      const { scores, ...made } = await inEightBits(source, model, { files, validation, waveforms, runtime })
      await writeModelDirectory(directory.eightBitModel, made.files)
      small = { model: directory.eightBitModel, ...(scores && { scores }) }
    }
  } catch (error) {
    throw await withLastCheckpoint(error, { checkpoints, out })
  }
  yield {
    kind: 'done',
    step: last,
    model: directory.model,
    modelStep: step,
    best,
    scores: judged?.scores,
    eightBits: small,
    stoppedEarly: last < steps,
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

const parametersOf = ({ trained, all }: Prepared['numbers']) => ({ trained, parameters: all })

const LEAST_MATCH_SCALE = 0.02 // below it rounding would look like a match
const MATCH_SCALE = 0.2 // where nothing was validated

function changed(what: string, out: string): AntiphonError {
  return new AntiphonError(
    'usage',
    `${what} are not what the run in ${out} was begun with, so it can't go on to the same weights; begin a new run`,
  )
}

/** How many chunks there are of which pair, wherever they lie. */
function audioIdentity(batches: readonly Batches[]): string {
  const hash = createHash('sha256')
  for (const { usable, pieceOf, windowOffsets } of batches)
    for (const numbers of [usable, pieceOf, windowOffsets]) hash.update(`${numbers.join()}\n`)
  return hash.digest('hex')
}

function splitPairs(recipe: Recipe, { pairs }: PairSet) {
  const { validation, test, split_by: by } = recipe.data
  const parts = split(pairs, { by, validation, test, seed: recipe.seed })
  if (parts.train.length < recipe.data.batch)
    throw new AntiphonError(
      'usage',
      `There are ${parts.train.length} pairs to train on, fewer than a batch of ${recipe.data.batch}; choose data.batch smaller`,
    )
  return parts
}

/** The front end as a program of one chunk, and the shape of what it makes. */
function featureProgram(recipe: Recipe, { audio }: Towers): { bytes: Uint8Array; shape: number[] } {
  const graph = new Graph()
  const samples = Math.round(audio.encoder.sampleRate * recipe.audio.chunk_seconds)
  const features = audio.encoder.features(graph.input('waveform', [1, samples]))
  return { bytes: toOnnx({ outputs: { features } }), shape: features.shape.slice(1) as number[] }
}

/** The longest row of tokens that a text of these pairs can make. */
function longestRow(
  pairs: readonly Pair[],
  { text, text_policy: policy }: Recipe,
  tokenizer: Tokenizer,
): number {
  let longest = 1
  for (const { texts } of pairs) {
    const tags = texts.filter(({ kind }) => kind === 'tag').map(({ value }) => value)
    for (const value of [...texts.map((one) => one.value), tags.join(policy.tag_separator)])
      longest = Math.max(longest, tokenizer.encode(value).length)
    if (longest >= text.max_tokens) return text.max_tokens
  }
  // A swapped word may take more tokens than the one it stands for.
  return Math.min(text.max_tokens, Math.ceil((longest + 1) / TOKEN_STEP) * TOKEN_STEP)
}

function countsOf({ data, text_policy: policy, loss }: Recipe): Counts {
  return {
    audio: data.batch,
    texts: data.batch * policy.texts,
    hardTexts: loss.kind === 'text_swap' ? data.batch : 0,
  }
}

async function openStep(
  runtime: OnnxRuntime,
  design: StepDesign,
  engine: ProgramOptions,
): Promise<TrainingStep> {
  const { batch, chunk } = design.recipe.data
  return chunk < batch
    ? cachedStep(runtime, design, { ...engine, chunk })
    : wholeStep(runtime, design, engine)
}

/** What tells how alike texts are, for the loss of MusCALL. */
async function openContent({ recipe, runtime, find, engine = {} }: TrainOptions) {
  const dir = await find(recipe.loss.content)
  const weights = parseSafetensors(await readFile(join(dir, 'model.safetensors')))
  const encoder = createTextEncoder({ encoder: 'minilm' })
  const parameters = new Map<string, Parameter>()
  for (const [name, { shape }] of weights.entries)
    parameters.set(name, { data: float32(weights, name), shape })
  const tokenizer = createTokenizer(await readFile(join(dir, 'tokenizer.json')), {
    maxTokens: encoder.maxTokens,
  })
  const text = await FrozenText.open({ ...engine, runtime, parameters, encoder, tokenizer, prefix: '' })
  return { encoder: text, width: encoder.width }
}

function openSwap(pairs: readonly Pair[]): TextSwap {
  const tags = pairs.flatMap(({ texts }) =>
    texts.filter(({ kind }) => kind === 'tag').map(({ value }) => value),
  )
  const swap = new TextSwap(tags)
  if (swap.size < 2)
    throw new AntiphonError(
      'usage',
      `The loss text_swap swaps tags of the data set within texts, and it has ${swap.size}: give the pairs tags, or choose another loss`,
    )
  return swap
}

/** Says from where a run that failed can go on. */
async function withLastCheckpoint(
  error: unknown,
  { checkpoints, out }: { readonly checkpoints: string; readonly out: string },
): Promise<unknown> {
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
