import { createHash } from 'node:crypto'
import { split, type Pair, type PairSet } from '../../data/index.js'
import { AntiphonError } from '../../errors/index.js'
import { Graph, toOnnx, type OnnxRuntime, type ProgramOptions } from '../../graph/index.js'
import type { ItemFactors } from '../../model/index.js'
import { createTokenizer } from '../../text/index.js'
import { readTables } from '../../text/node.js'
import { cachedStep } from '../cached-step.js'
import { Embedder } from '../embedder.js'
import { checkNames, frozenBy, isWholeFrozen } from '../frozen.js'
import { minesTexts } from '../mine-texts.js'
import type { Counts } from '../objective.js'
import type { Parameter } from '../optimizer/optimizer.js'
import type { Recipe } from '../recipe.js'
import { pairsByText } from '../pairs-by-text.js'
import { trainedAudioSide } from '../self-supervision.js'
import { audioSide, textSide, type Side } from '../sides.js'
import { flopsPerPair } from '../step-cost.js'
import { withoutUnseenTags } from '../unseen-tags.js'
import { wholeStep, type StepDesign, type TrainingStep } from '../step.js'
import { Trainer } from '../trainer.js'
import { openBatches, type Batches, type SourceShare } from './batches.js'
import { latestCheckpoint } from './checkpoint.js'
import { EventQueue } from './event-queue.js'
import { declareAll, firstValues, numbersIn, takeOver } from './first-values.js'
import { frozenAudioOutputs, FrozenText } from './frozen-outputs.js'
import { makeFactors } from './item-factors.js'
import { MADE_FACTORS, readMadeFiles } from './made-files.js'
import { makeText } from './made-text.js'
import { minedPairs } from './mining.js'
import { PairFactors } from './pair-factors.js'
import { identityOf, originOfRun, type RunDirectory } from './run-directory.js'
import type { TrainEvent, TrainOptions } from './run-options.js'
import { stepInputs } from './step-inputs.js'
import { longestRow, openSwap, wantsTables } from './text-rows.js'
import { openSentenceEncoder } from './sentence-encoder.js'
import { openSimilarity } from './side-data.js'
import { openTowers, type Towers } from './towers.js'
import { Validation } from './validation.js'

interface OpenHow {
  readonly windowsOnly?: boolean
  readonly passes?: number
  readonly views?: 1 | 2
  readonly waveforms?: boolean
  readonly shares?: readonly SourceShare[]
}

/** All that is needed before the first step. */
export interface Prepared {
  readonly trainer: Trainer
  readonly towers: Towers
  readonly parameters: ReadonlyMap<string, Parameter>
  /** Of items, beside their sound. */
  readonly factors?: ItemFactors
  readonly validation?: Validation
  /** The pairs that are validated with, as waveforms. */
  readonly waveforms?: () => Promise<Batches>
  readonly pairs: { readonly train: number; readonly validation: number }
  /** Numbers that are trained, and all; floating-point operations of a step for each pair. */
  readonly numbers: { readonly trained: number; readonly all: number; readonly flopsPerPair: number }
}

/**
 * Reads what a recipe names, brings the data near, and makes a trainer that stands where the run does. The directory becomes
 * a run at the end: until then what is wrong leaves nothing behind.
 * @param closing what is to be closed, last first; filled as things are opened
 */
export async function* prepare(
  directory: RunDirectory,
  options: TrainOptions,
  closing: (() => Promise<void>)[],
): AsyncGenerator<TrainEvent, Prepared, void> {
  const { recipe, pairs, runtime, engine = {}, find, score, signal, resume = false } = options
  const origin = resume ? await originOfRun(directory.path) : undefined
  const identity = identityOf(pairs)
  if (origin && origin.pairs !== identity) throw changed(`The pairs in ${options.data}`, directory.path)
  const divided = splitPairs(recipe, pairs)
  const events = new EventQueue<TrainEvent>()
  const isMined = minesTexts(recipe.text_policy)
  const tables = isMined || wantsTables(recipe) ? await readTables() : undefined
  const mined = isMined ? yield* minedPairs(divided.train, tables!.miner, options) : divided.train
  const isByText = recipe.data.pairs === 'texts'
  const parts = { ...divided, train: isByText ? pairsByText(mined, recipe.text_policy) : mined }
  const similarity = await openSimilarity(options, parts)
  if (origin && origin.knowledge !== similarity?.hash)
    throw changed('The relations of the knowledge graph', directory.path)
  const made = origin
    ? await readMadeFiles(directory.path, origin.made)
    : yield* events.until(
        makeText({
          ...options,
          pairs: parts.train,
          all: pairs.pairs,
          onWrong: (file, line, reason) => events.push({ kind: 'wrong', file, line, reason }),
          onProgress: (what, done, total) => events.push({ kind: 'preparing', what, done, total }),
        }),
      )
  const factorFile = origin
    ? made.get(MADE_FACTORS)
    : yield* events.until(
        makeFactors(options, (done, total) =>
          events.push({ kind: 'preparing', what: 'factors', done, total }),
        ),
      )
  const factorsOf = (of: readonly Pair[]): PairFactors | undefined =>
    factorFile && new PairFactors(factorFile, of, recipe.audio.factors?.dropout)
  const towers = await openTowers(recipe, find, made)
  const tokenizer = createTokenizer(towers.tokenizer, { maxTokens: recipe.text.max_tokens })
  const tokens = longestRow(parts.train, recipe, tokenizer)
  const front = featureProgram(recipe, towers)
  const counts = countsOf(recipe)
  const declared = declareAll({ recipe, towers, counts, featureShape: front.shape, tokens })
  checkNames(recipe, [...declared.keys()])
  const { parameters, reports } = firstValues(recipe, towers, declared)
  for (const report of reports) yield { kind: 'pretrained', ...report }

  const frozenAudio = isWholeFrozen(recipe, 'audio')
  const frozenText = isWholeFrozen(recipe, 'text')
  const open = (
    of: readonly Pair[],
    { windowsOnly = false, passes = 1, views = 1, waveforms = false, shares }: OpenHow = {},
  ): Promise<Batches> =>
    openBatches({
      pairs: of,
      shares,
      recipe: {
        ...recipe,
        audio: { ...recipe.audio, cache: waveforms ? 'waveforms' : recipe.audio.cache },
        text: { ...recipe.text, max_tokens: tokens },
      },
      sampleRate: towers.audio.encoder.sampleRate,
      ...(!waveforms && { features: front.bytes }),
      tokenizer: towers.tokenizer,
      tables,
      similarity: similarity?.texts,
      windowsOnly,
      passes,
      views,
      cacheDir: options.cacheDir,
      onProgress: ({ done, total }) => events.push({ kind: 'preparing', what: 'audio', done, total }),
      signal,
    })
  const passes = recipe.data.chunk < recipe.data.batch ? 2 : 1
  const views = recipe.loss.self_supervision ? 2 : 1
  const batches = yield* events.until(
    open(parts.train, { windowsOnly: frozenAudio, passes, views, shares: sharesOf(pairs) }),
  )
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
    factors: recipe.audio.factors,
    frozen: frozenAudio,
  })
  const design = {
    recipe,
    audio: trainedAudioSide({
      encoder: towers.audio.encoder,
      featureShape: front.shape,
      frozen: frozenAudio,
      recipe,
    }),
    text: textOf(tokens),
    counts,
    frozen: frozenBy(recipe),
  }
  const step = await openStep(runtime, design, engine)
  closing.push(() => step.close())
  const content =
    recipe.loss.kind === 'muscall' ? await openSentenceEncoder(recipe.loss.content, options) : undefined
  if (content) closing.push(() => content.encoder.close())
  const rowTokenizer = createTokenizer(towers.tokenizer, { maxTokens: tokens })
  const swap = recipe.loss.kind === 'text_swap' ? openSwap(parts.train, recipe, tables) : undefined

  const validation = held
    ? new Validation({
        pairs: parts.validation,
        batches: held,
        audio: await Embedder.open(runtime, audioOf, engine),
        text: await Embedder.open(runtime, textOf('tokens'), engine),
        audioOutputs: heldOutputs,
        factors: factorsOf(parts.validation),
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
  const factors = factorsOf(parts.train)
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
          tokenizer: rowTokenizer,
          audioOutputs,
          factors,
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
    await directory.begin(
      recipe,
      {
        data: options.data,
        ...(options.reading && { reading: options.reading }),
        base: options.base ?? process.cwd(),
        pairs: identity,
        audio,
        ...(similarity && { knowledge: similarity.hash }),
      },
      factorFile ? new Map([...made, [MADE_FACTORS, factorFile]]) : made,
    )
  return {
    trainer,
    towers,
    parameters,
    factors: factors?.all,
    validation,
    ...(validation && { waveforms: () => open(parts.validation, { waveforms: true }) }),
    pairs: { train: batches.usable.length, validation: held?.usable.length ?? 0 },
    numbers: {
      trained: numbersIn(step.parameters, ({ kind, frozen }) => kind === 'weight' && !frozen),
      all: numbersIn(declared),
      flopsPerPair: flopsPerPair(design),
    },
  }
}

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

/** Of batches, where the sources have weights. */
function sharesOf({ sources = [] }: TrainOptions['pairs']): SourceShare[] | undefined {
  const shares = sources.flatMap(({ name, share }) => (share === undefined ? [] : [{ name, share }]))
  return shares.length > 0 ? shares : undefined
}

function splitPairs(recipe: Recipe, { pairs }: PairSet) {
  const { validation, test, split_by: by } = recipe.data
  const { unseen_tags: unseen } = recipe.data
  const whole = split(pairs, { by, validation, test, seed: recipe.seed })
  const told = (part: readonly Pair[]) => (unseen ? withoutUnseenTags(part, pairs, unseen) : part)
  const parts = { ...whole, train: told(whole.train), validation: told(whole.validation) }
  if (recipe.data.pairs === 'tracks' && parts.train.length < recipe.data.batch)
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
