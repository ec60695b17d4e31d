import {
  createAudioEncoder,
  createTextEncoder,
  type AudioEncoder,
  type TextEncoder,
} from '../src/model/index.js'
import { audioSide, parseRecipe, textSide, type StepDesign } from '../src/train/index.js'

/** Encoder and its options, named as in a recipe; `frozen` for one whose outputs are fed. */
export type Tower = { readonly encoder: string } & Readonly<Record<string, unknown>>

/** A model, how it is trained and what one batch of it looks like; tools/reference/train_model.py builds the same. */
export interface TrainModel {
  readonly audio: Tower
  readonly text: Tower
  readonly projection: {
    readonly dim: number
    readonly layers: number
    readonly hidden: number
    readonly activation: 'relu'
  }
  readonly optimizer: {
    readonly learning_rate: number
    readonly betas: readonly [number, number]
    readonly epsilon: number
    readonly weight_decay: number
  }
  /** The first is audio's, the others are text's; the first axis is the batch. */
  readonly inputs: readonly ModelInput[]
  /** How many there are; a step takes one after the other, and the first one again after the last. */
  readonly batches: number
}

export interface ModelInput {
  readonly name: string
  readonly shape: readonly number[]
  readonly dtype: 'float32' | 'int32'
}

const ADAMW = { learning_rate: 1e-3, betas: [0.9, 0.999], epsilon: 1e-8, weight_decay: 0.05 } as const

const logMel = (batch: number, frames: number, mels: number): ModelInput => ({
  name: 'features',
  shape: [batch, frames, mels],
  dtype: 'float32',
})

const tokens = (batch: number, length: number): ModelInput[] =>
  ['input_ids', 'attention_mask'].map((name) => ({ name, shape: [batch, length], dtype: 'int32' }))

/** Transformers of 6 million parameters: patches of a spectrogram of 256 frames, and 32 tokens. */
export function twoTower(batch: number): TrainModel {
  return {
    audio: { encoder: 'transformer', width: 192, heads: 3, mlp_ratio: 4, layers: 6, patch: 16 },
    text: {
      encoder: 'transformer',
      vocab_size: 8000,
      max_tokens: 32,
      width: 192,
      heads: 3,
      mlp_ratio: 4,
      layers: 4,
    },
    projection: { dim: 128, layers: 1, hidden: 128, activation: 'relu' },
    optimizer: ADAMW,
    inputs: [logMel(batch, 256, 64), ...tokens(batch, 32)],
    batches: 1,
  }
}

/** CLIP's ResNet, small, over 10 s of 128 mels; a small BERT. */
export const CONVOLUTIONAL: TrainModel = {
  audio: { encoder: 'resnet', width: 32, layers: [2, 2, 2, 2], heads: 8, output: 256 },
  text: {
    encoder: 'bert',
    vocab_size: 8000,
    hidden_size: 256,
    num_hidden_layers: 4,
    num_attention_heads: 4,
    intermediate_size: 1024,
    max_position_embeddings: 64,
    hidden_dropout_prob: 0,
    attention_probs_dropout_prob: 0,
  },
  projection: { dim: 128, layers: 1, hidden: 128, activation: 'relu' },
  // Batch norms magnify rounding: at 1e-3 the losses of two engines part by 1e-3 within four steps.
  optimizer: { ...ADAMW, learning_rate: 1e-4 },
  inputs: [logMel(16, 313, 128), ...tokens(16, 32)],
  batches: 1,
}

/** Projections of two layers over outputs that were computed before. */
export const FROZEN: TrainModel = {
  audio: { encoder: 'frozen' },
  text: { encoder: 'frozen' },
  projection: { dim: 128, layers: 2, hidden: 512, activation: 'relu' },
  optimizer: ADAMW,
  inputs: ['audio_outputs', 'text_outputs'].map((name) => ({ name, shape: [256, 512], dtype: 'float32' })),
  batches: 1,
}

/** Small, over many batches: for the curve of its loss. */
export const CURVE: TrainModel = {
  audio: { encoder: 'transformer', width: 48, heads: 3, mlp_ratio: 4, layers: 2, patch: 16 },
  text: {
    encoder: 'transformer',
    vocab_size: 500,
    max_tokens: 16,
    width: 48,
    heads: 3,
    mlp_ratio: 4,
    layers: 2,
  },
  projection: { dim: 32, layers: 1, hidden: 32, activation: 'relu' },
  optimizer: ADAMW,
  inputs: [logMel(16, 64, 64), ...tokens(16, 16)],
  batches: 40,
}

/** The model's training step over so many pairs, all of a batch by default: symmetric InfoNCE, nothing frozen. */
export function designOf(model: TrainModel, pairs = model.inputs[0].shape[0]): StepDesign {
  const { audio, text, projection, inputs } = model
  const recipe = parseRecipe(
    JSON.stringify({
      name: 'benchmark',
      audio: { encoder: audio.encoder },
      text: { encoder: text.encoder, tokenizer: 'none' },
      projection,
    }),
  )
  const [first, second] = inputs
  return {
    recipe,
    audio: audioSide({
      encoder: audio.encoder === 'frozen' ? outputs(first) : createAudioEncoder(choice(audio)),
      projection: recipe.projection,
      featureShape: first.shape.slice(1),
      frozen: audio.encoder === 'frozen',
    }),
    text: textSide({
      encoder: text.encoder === 'frozen' ? outputs(second) : createTextEncoder(choice(text)),
      projection: recipe.projection,
      tokens: second.shape[1],
      frozen: text.encoder === 'frozen',
    }),
    counts: { audio: pairs, texts: pairs, hardTexts: 0 },
    frozen: () => false,
  }
}

const choice = ({ encoder, ...options }: Tower) => ({ encoder, options })

/** In the place of an encoder whose outputs are fed: only its width is asked for. */
function outputs({ shape }: ModelInput): AudioEncoder & TextEncoder {
  const never = (): never => {
    throw new Error('A frozen encoder is not computed')
  }
  return {
    width: shape[1],
    sampleRate: 16_000,
    maxTokens: 1,
    vocabularySize: 1,
    features: never,
    encode: never,
  }
}
