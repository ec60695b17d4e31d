import { z } from 'zod'
import { AntiphonError } from '../../errors/index.js'
import type { ModelConfig } from '../config.js'
import { checked } from '../../schema/index.js'
import type { ClapFrontEnd } from './front-end.js'

const MODEL = z.object({
  model_type: z.literal('clap'),
  projection_dim: z.int().positive(),
  logit_scale_init_value: z
    .number()
    .positive()
    .default(1 / 0.07), // CLIP's, section 2.5, which CLAP kept
  text_config: z.object({
    max_position_embeddings: z.int().positive().default(514), // RoBERTa's
    pad_token_id: z.int().nonnegative().default(1),
  }),
})

/** Defaults are those of transformers' ClapFeatureExtractor, which leaves out of the file what is equal to them. */
const PREPROCESSOR = z.object({
  feature_extractor_type: z.literal('ClapFeatureExtractor').default('ClapFeatureExtractor'),
  sampling_rate: z.int().positive().default(48_000),
  feature_size: z.int().positive().default(64),
  fft_window_size: z.int().positive().default(1024),
  hop_length: z.int().positive().default(480),
  max_length_s: z.number().positive().default(10),
  frequency_min: z.number().nonnegative().default(0),
  frequency_max: z.number().positive().default(14_000),
  top_db: z.null().optional(),
  truncation: z.enum(['rand_trunc', 'fusion']).default('fusion'),
})

const TOKENIZER = z.object({ model_max_length: z.number().positive().optional() })

/** A tail shorter than this says too little to be a chunk of its own. */
const MIN_REST_SECONDS = 3

/**
 * By the model's own softmax, a track that stands this many times above the background in probability fits well: with the published
 * temperatures that is about 0.3 in cosine, where music and its own captions lie.
 */
const FITTING_ODDS = 100

export interface ClapConfig {
  readonly config: ModelConfig
  readonly frontEnd: ClapFrontEnd
}

export interface ClapConfigFiles {
  /** What `config.json` holds. */
  readonly model: unknown
  readonly preprocessor: unknown
  readonly tokenizer?: unknown
}

/**
 * What a directory in the layout of transformers.js says of its CLAP model.
 * @param learntScale exp of the learnt `logit_scale_t`, where the directory has the weights; the towers don't hold it.
 * @throws AntiphonError `model`, naming each wrong field.
 */
export function readClapConfig(
  files: ClapConfigFiles,
  { name, dir, learntScale }: { name: string; dir: string; learntScale?: number },
): ClapConfig {
  const of = (file: string) => ({ what: `${dir}/${file}`, code: 'model' }) as const
  const model = checked(MODEL, files.model, of('config.json'))
  const audio = checked(PREPROCESSOR, files.preprocessor, of('preprocessor_config.json'))
  const tokenizer = checked(TOKENIZER, files.tokenizer ?? {}, of('tokenizer_config.json'))
  if (audio.frequency_max > audio.sampling_rate / 2)
    throw new AntiphonError(
      'model',
      `${dir}/preprocessor_config.json: frequency_max is ${audio.frequency_max}, expected at most half of sampling_rate ${audio.sampling_rate}`,
    )
  // RoBERTa counts places from the padding's id on.
  const places = model.text_config.max_position_embeddings - model.text_config.pad_token_id - 1
  const logitScale = learntScale ?? model.logit_scale_init_value
  return {
    config: {
      format: 1,
      name,
      version: '1',
      dim: model.projection_dim,
      logitScale,
      matchScale: Math.log(FITTING_ODDS) / logitScale,
      languages: ['en'], // the captions that the published models were trained on
      audio: {
        sampleRate: audio.sampling_rate,
        chunkSeconds: audio.max_length_s,
        hopSeconds: audio.max_length_s,
        minRestSeconds: Math.min(MIN_REST_SECONDS, audio.max_length_s),
      },
      text: { maxTokens: Math.min(places, tokenizer.model_max_length ?? Infinity) },
      madeFrom: [],
    },
    frontEnd: {
      samples: Math.round(audio.sampling_rate * audio.max_length_s),
      sampleRate: audio.sampling_rate,
      nFft: audio.fft_window_size,
      hopLength: audio.hop_length,
      nMels: audio.feature_size,
      fMin: audio.frequency_min,
      fMax: audio.frequency_max,
      truncation: audio.truncation,
    },
  }
}
