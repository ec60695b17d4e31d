import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { Random, split, type Pair, type PairSet } from '../../data/index.js'
import { AntiphonError } from '../../errors/index.js'
import {
  float32,
  Graph,
  parseSafetensors,
  toOnnx,
  type OnnxRuntime,
  type ProgramOptions,
} from '../../graph/index.js'
import {
  createTextEncoder,
  loadPretrained,
  trainingScope,
  type PretrainedReport,
  type ScopeParameter,
} from '../../model/index.js'
import { createTokenizer, type Tokenizer } from '../../text/index.js'
import { cachedStep } from '../cached-step.js'
import type { LogRecord } from '../curves-page.js'
import { Embedder } from '../embedder.js'
import { frozenBy, isWholeFrozen } from '../frozen.js'
import type { Counts } from '../objective.js'
import type { Parameter } from '../optimizer/optimizer.js'
import { formatRecipe, parseRecipe } from '../recipe-file.js'
import type { Recipe } from '../recipe.js'
import { audioSide, textSide, type Side } from '../sides.js'
import { wholeStep, type StepDesign, type TrainingStep } from '../step.js'
import { TextSwap } from '../swap-texts.js'
import { Trainer, type Scores, type StepReport, type TrainerState } from '../trainer.js'
import { openBatches, type Batches } from './batches.js'
import { checkpointSteps, latestCheckpoint, loadCheckpoint, saveCheckpoint } from './checkpoint.js'
import { writeWhole } from './draft.js'
import { frozenAudioOutputs, FrozenText } from './frozen-outputs.js'
import { EventQueue } from './event-queue.js'
import { RunLog } from './run-log.js'
import { stepInputs } from './step-inputs.js'
import { openTowers, type Towers } from './towers.js'
import { Validation, type Score } from './validation.js'
import { modelFiles, writeModelDirectory } from './write-model.js'

export interface TrainOptions {
  readonly recipe: Recipe
  readonly pairs: PairSet
  /** Where the pairs were read from, for a later `resume`. */
  readonly data: string
  /** The run's directory: new or empty, or one that is gone on with. */
  readonly out: string
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
  | {
      readonly kind: 'pretrained'
      readonly side: 'audio' | 'text'
      readonly name: string
      readonly report: PretrainedReport
    }
  | {
      readonly kind: 'start'
      readonly step: number
      readonly steps: number
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
      readonly best?: { readonly step: number; readonly value: number }
      readonly scores?: Scores
      readonly stoppedEarly: boolean
    }

export const RECIPE_FILE = 'recipe.yaml'
const ORIGIN_FILE = 'run.json'
const CHECKPOINTS = 'checkpoints'
const MODEL = 'model'
const TOKEN_STEP = 8 // rows of tokens come in multiples, so that one word more makes no other program

/**
 * Trains a recipe. The directory holds the resolved recipe, the log and the page of its curves, checkpoints and, at the end,
 * the model directory.
 * @throws AntiphonError `usage` for a recipe or directory that doesn't fit, `model` for towers, `interrupted` with how to go
 *   on, `failed` when the loss is not finite, naming the last good checkpoint
 */
export async function* train(options: TrainOptions): AsyncGenerator<TrainEvent, void, void> {
  const { recipe, pairs, runtime, engine = {}, find, score, signal } = options
  const out = resolve(options.out)
  const checkpoints = join(out, CHECKPOINTS)
  await openDirectory(out, options)
  const towers = await openTowers(recipe, find)
  const parts = splitPairs(recipe, pairs)
  const tokenizer = createTokenizer(towers.tokenizer, { maxTokens: recipe.text.max_tokens })
  const tokens = longestRow(pairs.pairs, recipe, tokenizer)
  const front = featureProgram(recipe, towers)
  const events = new EventQueue<TrainEvent>()
  const frozenAudio = isWholeFrozen(recipe, 'audio')
  const frozenText = isWholeFrozen(recipe, 'text')
  const closing: (() => Promise<void>)[] = []
  try {
    const declared = declareAll(recipe, towers, front.shape, tokens)
    const { parameters, reports } = firstValues(recipe, towers, declared)
    for (const event of reports) yield event

    const open = (of: readonly Pair[], windowsOnly: boolean, passes: number): Promise<Batches> =>
      openBatches({
        pairs: of,
        recipe: { ...recipe, text: { ...recipe.text, max_tokens: tokens } },
        sampleRate: towers.audio.encoder.sampleRate,
        features: front.bytes,
        tokenizer: towers.tokenizer,
        windowsOnly,
        passes,
        cacheDir: options.cacheDir,
        onProgress: ({ done, total }) => events.push({ kind: 'preparing', what: 'audio', done, total }),
        signal,
      })
    const passes = recipe.data.chunk < recipe.data.batch ? 2 : 1
    const batches = yield* events.until(open(parts.train, frozenAudio, passes))
    closing.push(() => batches.close())
    const held =
      parts.validation.length > 0 ? yield* events.until(open(parts.validation, false, 1)) : undefined
    if (held) closing.push(() => held.close())
    for (const { file, line, reason } of [...batches.failed, ...(held?.failed ?? [])])
      yield { kind: 'wrong', file, line, reason }

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
    const heldOutputs =
      frozenAudio && held ? { rows: yield* events.until(outputsOf(held)), width } : undefined
    const sentences = frozenText
      ? await FrozenText.open({ ...engine, runtime, parameters, encoder: towers.text.encoder, tokenizer })
      : undefined
    if (sentences) closing.push(() => sentences.close())

    const textOf = (length: number | 'tokens'): Side =>
      textSide({
        encoder: towers.text.encoder,
        projection: recipe.projection,
        tokens: length,
        frozen: frozenText,
      })
    const sides = {
      audio: audioSide({
        encoder: towers.audio.encoder,
        projection: recipe.projection,
        featureShape: front.shape,
        frozen: frozenAudio,
      }),
      text: textOf(tokens),
    }
    const counts = countsOf(recipe)
    const step = await openStep(runtime, { recipe, ...sides, counts, frozen: frozenBy(recipe) }, engine)
    closing.push(() => step.close())
    setFirst(parameters, step.parameters, recipe.seed) // what belongs to neither tower: the temperature
    const content = recipe.loss.kind === 'muscall' ? await openContent(options) : undefined
    if (content) closing.push(() => content.encoder.close())
    const swap = recipe.loss.kind === 'text_swap' ? openSwap(parts.train) : undefined

    const validation = held
      ? new Validation({
          pairs: parts.validation,
          batches: held,
          audio: await Embedder.open(runtime, sides.audio, engine),
          text: await Embedder.open(runtime, textOf('tokens'), engine),
          audioOutputs: heldOutputs,
          frozenText: sentences,
          textWidth: towers.text.encoder.width,
          tokenizer,
          score,
        })
      : undefined
    if (validation) closing.push(() => validation.close())

    const from = options.resume ? await latestCheckpoint(checkpoints) : undefined
    if (from) takeOver(parameters, from)
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
      from,
    })
    const { step: begun } = trainer.state
    const log = await RunLog.open(out, recipe.name, begun)
    yield {
      kind: 'start',
      step: begun,
      steps: recipe.schedule.steps,
      train: batches.usable.length,
      validation: held?.usable.length ?? 0,
      trained: numbersIn(step.parameters, ({ kind, frozen }) => kind === 'weight' && !frozen),
      parameters: numbersIn(declared, () => true),
    }

    let saved = begun
    const save = async (): Promise<TrainEvent> => {
      const { state } = trainer
      const path = await saveCheckpoint(checkpoints, state, { keep: state.best ? [state.best.step] : [] })
      saved = state.step
      await log.drawPage()
      return { kind: 'checkpoint', step: state.step, path }
    }
    if (begun === 0) yield await save()
    let scores: Scores | undefined
    while (!trainer.done) {
      if (signal?.aborted) {
        if (saved !== trainer.state.step) yield await save()
        throw new AntiphonError(
          'interrupted',
          `Stopped after step ${trainer.state.step} of ${recipe.schedule.steps}. Go on with: antiphon train --resume ${options.out}`,
        )
      }
      let report: StepReport
      try {
        report = await trainer.step()
      } catch (error) {
        throw await withLastCheckpoint(error, checkpoints)
      }
      await log.add(recordOf(report))
      scores = report.validation ?? scores
      yield { kind: 'step', report }
      const due = report.step % recipe.schedule.checkpoint_every === 0
      if (due || report.best || trainer.done) yield await save()
    }

    const { best, step: last } = trainer.state
    const kept = best && best.step !== last ? await loadCheckpoint(checkpoints, best.step) : undefined
    const weights = kept ? weightsOf(parameters, kept) : trainer.weights
    const finalScores = validation ? await validation.scores(weights) : undefined
    const model = join(out, MODEL)
    await writeModelDirectory(
      model,
      await modelFiles(
        {
          recipe,
          towers,
          parameters: weights,
          step: kept?.step ?? last,
          scores: finalScores,
          matchScale: validation
            ? Math.max(LEAST_MATCH_SCALE, await validation.standing(weights))
            : MATCH_SCALE,
          pairs: { train: batches.usable.length, validation: held?.usable.length ?? 0 },
        },
        runtime,
      ),
    )
    yield {
      kind: 'done',
      step: last,
      model,
      best,
      scores: finalScores,
      stoppedEarly: last < recipe.schedule.steps,
    }
  } finally {
    for (const close of closing.reverse()) await close()
  }
}

const LEAST_MATCH_SCALE = 0.02 // below it rounding would look like a match
const MATCH_SCALE = 0.2 // where nothing was validated

/** The recipe of a run that is gone on with. @throws AntiphonError `usage` when the directory is not that of a run. */
export async function recipeOfRun(dir: string): Promise<Recipe> {
  return parseRecipe(await fileOfRun(dir, RECIPE_FILE), { file: join(dir, RECIPE_FILE) })
}

/** Where a run read its pairs. @throws AntiphonError `usage` when the directory is not that of a run. */
export async function dataOfRun(dir: string): Promise<string> {
  return (await originOfRun(dir)).data
}

/** What a run was begun with. */
interface Origin {
  readonly data: string
  /** Of the pairs: a run that is gone on with must see the same. */
  readonly pairs: string
}

async function originOfRun(dir: string): Promise<Origin> {
  try {
    return JSON.parse(await fileOfRun(dir, ORIGIN_FILE)) as Origin
  } catch (error) {
    if (error instanceof AntiphonError) throw error
    throw new AntiphonError('usage', `${join(dir, ORIGIN_FILE)} is damaged: it is not JSON`, { cause: error })
  }
}

async function fileOfRun(dir: string, name: string): Promise<string> {
  try {
    return await readFile(join(dir, name), 'utf8')
  } catch (cause) {
    throw new AntiphonError('usage', `${dir} is not the directory of a run: it has no ${name}`, { cause })
  }
}

async function openDirectory(
  out: string,
  { recipe, pairs, data, resume = false }: TrainOptions,
): Promise<void> {
  const identity = identityOf(pairs)
  if (resume) {
    const origin = await originOfRun(out)
    if (origin.pairs === identity) return
    throw new AntiphonError(
      'usage',
      `The pairs in ${data} are not those that the run in ${out} was begun with, so it can't go on to the same weights; begin a new run`,
    )
  }
  await mkdir(out, { recursive: true })
  const names = await readdir(out)
  if (names.includes(RECIPE_FILE))
    throw new AntiphonError(
      'usage',
      `${out} holds a run already. Go on with it: antiphon train --resume ${out}; or name another --out`,
    )
  if (names.length > 0)
    throw new AntiphonError('usage', `${out} is not empty (${names[0]}): expected a new or empty directory`)
  await mkdir(join(out, CHECKPOINTS), { recursive: true })
  const origin = `${JSON.stringify({ data, pairs: identity } satisfies Origin, null, 1)}\n`
  await writeWhole(join(out, ORIGIN_FILE), (file) => file.writeFile(origin))
  const text = formatRecipe(recipe)
  await writeWhole(join(out, RECIPE_FILE), (file) => file.writeFile(text)) // last: with it the directory is a run
}

/** Tracks and texts, wherever the audio lies now. */
function identityOf({ pairs }: PairSet): string {
  const hash = createHash('sha256')
  for (const { track, texts, audio } of pairs)
    hash.update(`${JSON.stringify([track.id, track.artist, texts, audio.start, audio.end])}\n`)
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

/** All parameters of both towers, those of frozen ones too. */
function declareAll(
  recipe: Recipe,
  towers: Towers,
  featureShape: readonly number[],
  tokens: number,
): ReadonlyMap<string, ScopeParameter> {
  const graph = new Graph()
  const scope = trainingScope(graph, '', { frozen: frozenBy(recipe) })
  const { projection } = recipe
  const sides: readonly Side[] = [
    audioSide({ encoder: towers.audio.encoder, projection, featureShape }),
    textSide({ encoder: towers.text.encoder, projection, tokens }),
  ]
  for (const side of sides) {
    const inputs = side.inputs.map(({ name, shape, dtype }) => graph.input(name, [2, ...shape], dtype))
    side.embed(inputs, scope.within(`${side.name}.`))
  }
  return scope.parameters
}

function firstValues(recipe: Recipe, towers: Towers, declared: ReadonlyMap<string, ScopeParameter>) {
  const parameters = new Map<string, Parameter>()
  const reports: TrainEvent[] = []
  const given = new Map<string, Float32Array>()
  for (const side of ['audio', 'text'] as const) {
    const { pretrained } = towers[side]
    if (!pretrained) continue
    const own = new Map([...declared].filter(([name]) => !name.startsWith(`${side}.projection.`)))
    const { values, report } = loadPretrained(pretrained.weights, own, { prefix: `${side}.` })
    if (values.size === 0)
      throw new AntiphonError(
        'model',
        `None of the weights of ${pretrained.name} belong to the ${side} encoder "${recipe[side].encoder}"`,
      )
    if (recipe[side].freeze === true && report.missing.length + report.misshapen.length > 0)
      throw new AntiphonError(
        'model',
        `${pretrained.name} lacks ${[...report.missing, ...report.misshapen.map(({ name }) => name)][0]} of the ${side} encoder "${recipe[side].encoder}", which is frozen: it would stay random`,
      )
    for (const [name, value] of values) given.set(name, value)
    reports.push({ kind: 'pretrained', side, name: pretrained.name, report })
  }
  for (const [name, data] of given)
    parameters.set(name, { data: data.slice(), shape: declared.get(name)!.tensor.shape as number[] })
  setFirst(parameters, declared, recipe.seed)
  return { parameters, reports }
}

/** Random values, by seed and name, for parameters that have none yet. */
function setFirst(
  parameters: Map<string, Parameter>,
  declared: ReadonlyMap<string, ScopeParameter>,
  seed: number,
): void {
  for (const [name, { tensor, init }] of declared) {
    if (parameters.has(name)) continue
    const shape = tensor.shape as number[]
    const random = new Random(`${seed}/${name}`)
    parameters.set(name, { data: init(shape, () => random.next()), shape })
  }
}

function numbersIn(
  parameters: ReadonlyMap<string, ScopeParameter>,
  which: (parameter: ScopeParameter) => boolean,
): number {
  return [...parameters.values()]
    .filter(which)
    .reduce((sum, { tensor }) => sum + (tensor.shape as number[]).reduce((a, b) => a * b, 1), 0)
}

/** Gives the parameters the values of a checkpoint, in place. @throws AntiphonError `model` where they are others */
function takeOver(
  parameters: ReadonlyMap<string, Parameter>,
  { parameters: saved, step }: TrainerState,
): void {
  for (const [name, { data }] of saved) {
    const parameter = parameters.get(name)
    if (parameter?.data.length !== data.length)
      throw new AntiphonError(
        'model',
        `The checkpoint of step ${step} has ${data.length} numbers of "${name}", the recipe's model ${parameter?.data.length ?? 'none'}: is it of another run?`,
      )
    parameter.data.set(data)
  }
}

/** The weights of a checkpoint, its average where it has one, with what no step changes. */
function weightsOf(parameters: ReadonlyMap<string, Parameter>, saved: TrainerState): Map<string, Parameter> {
  return new Map(
    [...parameters].map(([name, parameter]) => {
      const data = saved.average?.get(name) ?? saved.parameters.get(name)?.data ?? parameter.data
      return [name, { data, shape: parameter.shape }]
    }),
  )
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

async function withLastCheckpoint(error: unknown, checkpoints: string): Promise<unknown> {
  if (!(error instanceof AntiphonError) || error.code !== 'failed') return error
  const last = (await checkpointSteps(checkpoints)).at(-1)
  const kept =
    last === undefined
      ? 'There is no checkpoint before it.'
      : `The last good checkpoint is of step ${last}, in ${checkpoints}.`
  return new AntiphonError(
    'failed',
    `${error.message}. ${kept} A smaller schedule.learning_rate, a warm-up or schedule.clip may help.`,
    { cause: error },
  )
}

/** A line of the log: flat, so that any tool reads it. */
function recordOf({ validation, ...report }: StepReport): LogRecord {
  const scores = Object.entries(validation ?? {}).map(([metric, value]) => [`validation.${metric}`, value])
  return { ...report, ...(Object.fromEntries(scores) as Record<string, number>) }
}
