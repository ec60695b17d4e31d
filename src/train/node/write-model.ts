import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Graph, type NamedTensor, type OnnxRuntime, type Tensor } from '../../graph/index.js'
import {
  joinFactors,
  makeModel,
  project,
  quantizeModel,
  servingScope,
  type ItemFactors,
  type ModelConfig,
  type ModelSource,
} from '../../model/index.js'
import { LOG_SCALE } from '../objective.js'
import type { Parameter } from '../optimizer/optimizer.js'
import { formatRecipe } from '../recipe-file.js'
import type { Recipe } from '../recipe.js'
import { projectText } from '../sides.js'
import type { Scores } from '../trainer.js'
import { asWriteError } from './draft.js'
import { textBeginning, unseenNote } from './text-note.js'
import type { PretrainedTower, Towers } from './towers.js'

const MIN_REST_SECONDS = 3 // a shorter rest of a track says too little to be a chunk

export interface TrainedModel {
  readonly recipe: Recipe
  readonly towers: Towers
  /** Of items, beside their sound. */
  readonly factors?: ItemFactors
  readonly parameters: ReadonlyMap<string, Parameter>
  readonly step: number
  /** Of validation, where there was one. */
  readonly scores?: Scores
  /** How far a fitting track stands above the background, in cosine. */
  readonly matchScale: number
  /** What the data set was: pairs trained on and validated with. */
  readonly pairs: { readonly train: number; readonly validation: number }
}

/** A trained model as it serves: no export step lies between. */
export function modelSource(model: TrainedModel): ModelSource {
  const { recipe, towers, parameters } = model
  const config = configOf(model)
  const text = new Graph()
  const ids = text.input('input_ids', ['batch', 'tokens'], 'int64')
  const mask = text.input('attention_mask', ['batch', 'tokens'], 'int64')
  const textScope = servingScope(text, 'text.')
  const weights = new Map<string, NamedTensor>()
  for (const [name, { data, shape }] of parameters)
    weights.set(name, {
      dtype: 'F32',
      shape,
      bytes: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    })
  return {
    config,
    audio: audioProgram(model),
    ...(model.factors && {
      items: { audio: audioProgram(model, { known: true }), factors: model.factors },
    }),
    text: projectText(towers.text.encoder.encode(ids, mask, textScope), recipe.projection, textScope),
    weights,
    tokenizer: towers.tokenizer,
    card: cardOf(model),
  }
}

/** From a waveform to unit vectors; of known items with inputs `factors` and `present` too. */
function audioProgram({ recipe, towers }: TrainedModel, { known = false } = {}): Tensor {
  const { encoder } = towers.audio
  const { factors, chunk_seconds: seconds } = recipe.audio
  const graph = new Graph()
  const waveform = graph.input('waveform', ['batch', Math.round(encoder.sampleRate * seconds)])
  const scope = servingScope(graph, 'audio.')
  const heard = encoder.encode(encoder.features(waveform), scope)
  if (!factors) return project(heard, recipe.projection, scope)
  const inputs = known
    ? {
        factors: graph.input('factors', ['batch', factors.dim]),
        present: graph.input('present', ['batch', 1]),
      }
    : undefined
  return project(joinFactors(heard, inputs, factors, scope), recipe.projection, scope)
}

/** The files of a model directory, the recipe among them. */
export async function modelFiles(
  source: ModelSource,
  { recipe }: Pick<TrainedModel, 'recipe'>,
  runtime: OnnxRuntime,
): Promise<Map<string, Uint8Array>> {
  const files = await makeModel(source, runtime)
  files.set('recipe.yaml', new TextEncoder().encode(formatRecipe(recipe)))
  return files
}

/** The model with its matrices in 8 bits. */
export function eightBitSource(source: ModelSource): ModelSource {
  const { config } = source
  return quantizeModel({ ...source, config: { ...config, name: `${config.name}-int8` } })
}

/** The card of a model in 8 bits, with what that cost. */
export function eightBitCard(
  model: TrainedModel,
  { bytes, exactBytes, scores }: { bytes: number; exactBytes: number; scores?: Scores },
): string {
  const megabytes = (size: number): string => `${(size / 1e6).toFixed(1)} MB`
  const rows = Object.entries(scores ?? {}).map(
    ([metric, value]) => `| ${metric} | ${short(model.scores![metric as keyof Scores])} | ${short(value)} |`,
  )
  return [
    cardOf(model).replace(/^# .*$/m, `# ${model.recipe.name}-int8`),
    '## In 8 bits',
    '',
    `The weights of matrices are kept in 8 bits with a scale for each output, but where that would cost too much; activations are scaled example by example, so that a vector does not depend on its batch. Its vectors are a space of their own. ${megabytes(bytes)} in place of ${megabytes(exactBytes)}.`,
    '',
    ...(rows.length > 0
      ? ['| validation | float32 | 8 bits |', '|---|---|---|', ...rows, '']
      : ['No pairs were kept apart, so it is not known what this costs.', '']),
  ].join('\n')
}

/**
 * Writes a directory that is there whole or not at all; one that was there is replaced.
 * @throws AntiphonError `failed` when the disk is full
 */
export async function writeModelDirectory(
  dir: string,
  files: ReadonlyMap<string, Uint8Array>,
): Promise<void> {
  const draft = `${dir}.${process.pid}.part`
  try {
    await rm(draft, { recursive: true, force: true })
    await mkdir(draft, { recursive: true })
    for (const [name, bytes] of files) await writeFile(join(draft, name), bytes, { flush: true })
    await rm(dir, { recursive: true, force: true })
    await rename(draft, dir)
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    throw asWriteError(error, dir)
  }
}

function configOf({ recipe, towers, parameters, matchScale, step, factors }: TrainedModel): ModelConfig {
  const { audio, text, projection } = recipe
  const sources = [towers.audio.pretrained, towers.text.pretrained].filter(
    (tower) => tower !== undefined && tower.isOwn !== true,
  ) as PretrainedTower[]
  return {
    format: 1,
    name: recipe.name,
    version: `step-${step}`,
    dim: projection.dim,
    logitScale: Math.exp(parameters.get(LOG_SCALE)?.data[0] ?? 0),
    matchScale,
    languages: ['en'],
    audio: {
      sampleRate: towers.audio.encoder.sampleRate,
      chunkSeconds: audio.chunk_seconds,
      hopSeconds: audio.chunk_seconds,
      minRestSeconds: Math.min(MIN_REST_SECONDS, audio.chunk_seconds),
    },
    text: { maxTokens: text.max_tokens },
    ...(factors && { items: { dim: factors.dim } }),
    madeFrom: sources.map(({ name }) => ({ name, license: 'that of its publisher', source: name })),
  }
}

function cardOf({ recipe, step, scores, pairs, towers, factors }: TrainedModel): string {
  const tower = (side: 'audio' | 'text'): string => {
    const { encoder, pretrained, freeze } = recipe[side]
    const ofAudio = pretrained === undefined ? 'from random weights' : `from ${pretrained}`
    const beginning = side === 'text' ? textBeginning(recipe.text) : ofAudio
    return `${encoder}, ${beginning}${freeze === true ? ', frozen' : ''}`
  }
  const table = scores
    ? [
        '## Validation',
        '',
        `Text to music over ${pairs.validation} pairs that were not trained on: each caption (of a pair without one, its tags) asks for its track, a track being the mean of its chunks of ${recipe.audio.chunk_seconds} s. Ties count as chance.`,
        '',
        '| metric | value |',
        '|---|---|',
        ...Object.entries(scores).map(([metric, value]) => `| ${metric} | ${short(value)} |`),
        '',
      ]
    : ['No pairs were kept apart, so nothing is known of how well it finds what it was not trained on.', '']
  return [
    `# ${recipe.name}`,
    '',
    `Audio and text in one space of ${recipe.projection.dim} dimensions, trained by Antiphon from the recipe beside this card (recipe.yaml): step ${step} of ${recipe.schedule.steps}, ${pairs.train} pairs.`,
    '',
    `- audio: ${tower('audio')}; chunks of ${recipe.audio.chunk_seconds} s at ${towers.audio.encoder.sampleRate} Hz`,
    `- text: ${tower('text')}; at most ${recipe.text.max_tokens} tokens`,
    ...(factors
      ? [
          `- items: ${factors.dim} factors of each of ${factors.names.length} items, of who listens to them, beside their sound (item.onnx, factors.safetensors); audio.onnx hears alone. Validation is with them.`,
        ]
      : []),
    `- loss: ${lossOf(recipe)}, batch of ${recipe.data.batch} pairs`,
    ...unseenNote(recipe.data),
    '',
    ...table,
  ].join('\n')
}

function lossOf({ loss: { kind, self_supervision: own } }: Recipe): string {
  return own ? `${kind}, with self-supervision of weight ${own.weight}` : kind
}

const short = (value: number): string => String(Number(value.toPrecision(4)))
