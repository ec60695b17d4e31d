import { createHash } from 'node:crypto'
import type { Pair } from '../../data/index.js'
import { isWholeFrozen } from '../frozen.js'
import type { Parameter } from '../optimizer/optimizer.js'
import { openBatches, type Batches, type SourceShare } from './batches.js'
import { EventQueue } from './event-queue.js'
import { frozenAudioOutputs } from './frozen-outputs.js'
import { changedSince, type Origin } from './run-directory.js'
import type { TrainEvent, TrainOptions } from './run-options.js'
import type { Towers } from './towers.js'
import type { TrainingPairs } from './training-pairs.js'

export interface RunBatchesOptions {
  readonly options: TrainOptions
  readonly pairs: TrainingPairs
  readonly towers: Towers
  /** The front end, as a program and by what it makes of a chunk. */
  readonly front: { readonly bytes: Uint8Array; readonly shape: readonly number[] }
  /** Length of a row of tokens. */
  readonly tokens: number
  readonly parameters: ReadonlyMap<string, Parameter>
  readonly origin: Origin | undefined
  /** What is to be closed, last first; filled as things are opened. */
  readonly closing: (() => Promise<void>)[]
}

/** Outputs of a frozen audio encoder, by chunk. */
export interface AudioOutputs {
  readonly rows: Float32Array
  readonly width: number
}

export interface RunBatches {
  readonly train: Batches
  /** To validate with. */
  readonly held?: Batches
  readonly trainOutputs?: AudioOutputs
  readonly heldOutputs?: AudioOutputs
  /** Hash of what could be read of the audio. */
  readonly audio: string
  /** The pairs that are validated with, as waveforms. */
  readonly waveforms: () => Promise<Batches>
}

interface OpenHow {
  readonly windowsOnly?: boolean
  readonly passes?: number
  readonly views?: 1 | 2
  readonly waveforms?: boolean
  readonly shares?: readonly SourceShare[]
}

/**
 * Brings the audio of a run near, and what a frozen tower makes of it.
 * @throws AntiphonError `failed` where too little of it can be read, `usage` where it has changed, `interrupted`
 */
export async function* openRunBatches(run: RunBatchesOptions): AsyncGenerator<TrainEvent, RunBatches, void> {
  const { options, pairs, towers, front, parameters, origin, closing } = run
  const { recipe, runtime, engine = {}, cacheDir, signal } = options
  const { train: toTrain, validation } = pairs.parts
  const events = new EventQueue<TrainEvent>()
  const open = opening(run, events)
  const isFrozen = isWholeFrozen(recipe, 'audio')
  const train = yield* events.until(
    open(toTrain, {
      windowsOnly: isFrozen,
      passes: recipe.data.chunk < recipe.data.batch ? 2 : 1,
      views: recipe.loss.self_supervision ? 2 : 1,
      shares: sharesOf(options.pairs),
    }),
  )
  closing.push(() => train.close())
  train.indices(0) // says so where too little of the audio can be read
  const held = validation.length > 0 ? yield* events.until(open(validation)) : undefined
  if (held) closing.push(() => held.close())
  for (const { file, line, reason } of [...train.failed, ...(held?.failed ?? [])])
    yield { kind: 'wrong', file, line, reason }
  const audio = audioIdentity(held ? [train, held] : [train])
  if (origin && origin.audio !== audio) throw changedSince(`The audio in ${options.data}`, options.out)

  const outputsOf = async (of: Batches): Promise<AudioOutputs> => ({
    rows: await frozenAudioOutputs(of, {
      ...engine,
      runtime,
      parameters,
      encoder: towers.audio.encoder,
      featureShape: front.shape,
      cacheDir,
      onProgress: (done, total) => events.push({ kind: 'preparing', what: 'outputs', done, total }),
      signal,
    }),
    width: towers.audio.encoder.width,
  })
  return {
    train,
    held,
    trainOutputs: isFrozen ? yield* events.until(outputsOf(train)) : undefined,
    heldOutputs: isFrozen && held ? yield* events.until(outputsOf(held)) : undefined,
    audio,
    waveforms: () => open(validation, { waveforms: true }),
  }
}

function opening(
  { options, pairs, towers, front, tokens }: RunBatchesOptions,
  events: EventQueue<TrainEvent>,
) {
  const { recipe, cacheDir, signal } = options
  const { tables, similarity } = pairs
  return (
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
      cacheDir,
      onProgress: ({ done, total }) => events.push({ kind: 'preparing', what: 'audio', done, total }),
      signal,
    })
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
