import { z } from 'zod'
import { AntiphonError } from '../../errors/index.js'
import { checked } from '../../schema/index.js'
import { AST_OPTIONS, astEncoder } from './ast.js'
import { CONV1D_OPTIONS, conv1dEncoder } from './conv1d.js'
import type { AudioEncoder } from './encoder.js'
import { HTSAT_OPTIONS, htsatEncoder } from './htsat.js'
import { MUSIC_TRANSFORMER_OPTIONS, musicTransformerEncoder } from './music-transformer.js'
import { MUSICNN_ENCODER } from './musicnn.js'
import { publishedOptions, type ModelTypes, type PublishedConfig } from './published-config.js'
import { RESNET_OPTIONS, resnetEncoder } from './resnet.js'
import { SHORT_CHUNK_OPTIONS, shortChunkEncoder } from './short-chunk.js'
import { AUDIO_TRANSFORMER_OPTIONS, audioTransformerEncoder } from './transformer.js'
import { YAMNET_ENCODER } from './yamnet.js'

interface AudioTower {
  readonly options: z.ZodObject
  readonly modelTypes: ModelTypes
  readonly create: (options: unknown) => AudioEncoder
}

const AUDIO_TOWERS: Readonly<Record<string, AudioTower>> = {
  musicnn: tower(z.strictObject({}), () => MUSICNN_ENCODER),
  yamnet: tower(z.strictObject({}), () => YAMNET_ENCODER),
  conv1d: tower(CONV1D_OPTIONS, conv1dEncoder),
  short_chunk: tower(SHORT_CHUNK_OPTIONS, shortChunkEncoder),
  resnet: tower(RESNET_OPTIONS, resnetEncoder),
  ast: tower(AST_OPTIONS, astEncoder, { 'audio-spectrogram-transformer': 'whole' }),
  htsat: tower(HTSAT_OPTIONS, htsatEncoder, { clap: 'audio_config', clap_audio_model: 'whole' }),
  music_transformer: tower(MUSIC_TRANSFORMER_OPTIONS, musicTransformerEncoder),
  transformer: tower(AUDIO_TRANSFORMER_OPTIONS, audioTransformerEncoder),
}

export interface AudioEncoderChoice {
  /** A recipe's `encoder`. */
  readonly encoder: string
  /** What the tower takes; wins over the published files. */
  readonly options?: Readonly<Record<string, unknown>>
  /** Of the pretrained tower, for its sizes. */
  readonly published?: PublishedConfig
}

/**
 * An audio tower by name.
 * @throws AntiphonError `usage` for an unknown name or option, with the known ones; `model` for files of another model.
 */
export function createAudioEncoder({ encoder, options = {}, published }: AudioEncoderChoice): AudioEncoder {
  if (!Object.hasOwn(AUDIO_TOWERS, encoder))
    throw new AntiphonError(
      'usage',
      `Unknown audio encoder "${encoder}" (expected ${Object.keys(AUDIO_TOWERS).join(', ')})`,
      { field: 'encoder' },
    )
  const { options: schema, modelTypes, create } = AUDIO_TOWERS[encoder]
  const sizes = published ? publishedOptions(encoder, schema, modelTypes, published) : {}
  return create(
    checked(
      schema,
      { ...sizes, ...options },
      { what: `audio encoder "${encoder}"`, code: 'usage', within: 'options' },
    ),
  )
}

function tower<T extends z.ZodObject>(
  options: T,
  create: (options: z.infer<T>) => AudioEncoder,
  modelTypes: ModelTypes = {},
): AudioTower {
  return { options, modelTypes, create: (checkedOptions) => create(checkedOptions as z.infer<T>) }
}
