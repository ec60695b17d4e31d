import type { Pair } from '../../data/index.js'
import { AntiphonError } from '../../errors/index.js'
import { Graph, toOnnx } from '../../graph/index.js'
import type { ItemFactors } from '../../model/index.js'
import { createTokenizer } from '../../text/index.js'
import { Embedder } from '../embedder.js'
import { checkNames, isWholeFrozen } from '../frozen.js'
import type { Parameter } from '../optimizer/optimizer.js'
import type { Recipe } from '../recipe.js'
import { flopsPerPair } from '../step-cost.js'
import { Trainer } from '../trainer.js'
import type { Batches } from './batches.js'
import { latestCheckpoint } from './checkpoint.js'
import { declareAll, firstValues, numbersIn, takeOver } from './first-values.js'
import { FrozenText } from './frozen-outputs.js'
import { MADE_FACTORS } from './made-files.js'
import { makeFiles } from './make-files.js'
import { naming } from './naming.js'
import { PairFactors } from './pair-factors.js'
import { openRunBatches } from './run-batches.js'
import { originOfRun, type RunDirectory } from './run-directory.js'
import type { TrainEvent, TrainOptions } from './run-options.js'
import { countsOf, openStep, stepDesign, validatedSides } from './run-step.js'
import { openSentenceEncoder } from './sentence-encoder.js'
import { stepInputs } from './step-inputs.js'
import { longestRow, openSwap } from './text-rows.js'
import { openTowers, type Towers } from './towers.js'
import { openPairs } from './training-pairs.js'
import { Validation } from './validation.js'

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
  const { recipe, runtime, engine = {}, find, score, resume = false } = options
  const origin = resume ? await originOfRun(directory.path) : undefined
  const pairs = yield* openPairs(options, origin)
  const { parts, tables } = pairs
  const made = yield* makeFiles(options, parts.train, origin)
  const towers = await openTowers(recipe, find, made)
  const tokenizer = createTokenizer(towers.tokenizer, { maxTokens: recipe.text.max_tokens })
  const tokens = longestRow(parts.train, recipe, tokenizer)
  const front = featureProgram(recipe, towers)
  const counts = countsOf(recipe)
  const declared = declareAll({ recipe, towers, counts, featureShape: front.shape, tokens })
  checkNames(recipe, [...declared.keys()])
  const { parameters, reports } = firstValues(recipe, towers, declared)
  for (const report of reports) yield { kind: 'pretrained', ...report }

  const batches = yield* openRunBatches({
    options,
    pairs,
    towers,
    front,
    tokens,
    parameters,
    origin,
    closing,
  })
  const { train, held } = batches
  const factorFile = made.get(MADE_FACTORS)
  const factorsOf = (of: readonly Pair[]): PairFactors | undefined =>
    factorFile && new PairFactors(factorFile, of, recipe.audio.factors?.dropout)
  const sentences = isWholeFrozen(recipe, 'text')
    ? await FrozenText.open({ ...engine, runtime, parameters, encoder: towers.text.encoder, tokenizer })
    : undefined
  if (sentences) closing.push(() => sentences.close())

  const design = stepDesign({ recipe, towers, featureShape: front.shape, tokens, counts })
  const step = await openStep(runtime, design, engine)
  closing.push(() => step.close())
  const content =
    recipe.loss.kind === 'muscall'
      ? await naming('loss.content', openSentenceEncoder(recipe.loss.content, options))
      : undefined
  if (content) closing.push(() => content.encoder.close())
  const rowTokenizer = createTokenizer(towers.tokenizer, { maxTokens: tokens })
  const swap = recipe.loss.kind === 'text_swap' ? openSwap(parts.train, recipe, tables) : undefined

  const sides = validatedSides({ recipe, towers, featureShape: front.shape })
  const validation = held
    ? new Validation({
        pairs: parts.validation,
        batches: held,
        audio: await Embedder.open(runtime, sides.audio, engine),
        text: await Embedder.open(runtime, sides.text, engine),
        audioOutputs: batches.heldOutputs,
        factors: factorsOf(parts.validation),
        frozenText: sentences,
        textWidth: towers.text.encoder.width,
        tokenizer,
        tagSeparator: recipe.text_policy.tag_separator,
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
          batches: train,
          counts,
          tokenizer: rowTokenizer,
          audioOutputs: batches.trainOutputs,
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
        pairs: pairs.identity,
        audio: batches.audio,
        ...(pairs.similarity && { knowledge: pairs.similarity.hash }),
      },
      made,
    )
  return {
    trainer,
    towers,
    parameters,
    factors: factors?.all,
    validation,
    ...(validation && { waveforms: batches.waveforms }),
    pairs: { train: train.usable.length, validation: held?.usable.length ?? 0 },
    numbers: {
      trained: numbersIn(step.parameters, ({ kind, frozen }) => kind === 'weight' && !frozen),
      all: numbersIn(declared),
      flopsPerPair: flopsPerPair(design),
    },
  }
}

/** The front end as a program of one chunk, and the shape of what it makes. */
function featureProgram(recipe: Recipe, { audio }: Towers): { bytes: Uint8Array; shape: number[] } {
  const graph = new Graph()
  const samples = Math.round(audio.encoder.sampleRate * recipe.audio.chunk_seconds)
  const features = audio.encoder.features(graph.input('waveform', [1, samples]))
  return { bytes: toOnnx({ outputs: { features } }), shape: features.shape.slice(1) as number[] }
}
