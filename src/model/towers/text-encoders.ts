import { z } from 'zod'
import { AntiphonError } from '../../errors/index.js'
import { checked } from '../../schema/index.js'
import { BERT_SIZES, bertEncoder, type Pooling } from './bert.js'
import { CLAP_PROJECTION_OPTIONS } from './clap-projection.js'
import type { TextEncoder } from './encoder.js'
import { MINILM } from './minilm.js'
import { publishedOptions, type ModelTypes, type PublishedConfig } from './published-config.js'
import { WORDS_OPTIONS, wordsEncoder } from './words.js'
import { TEXT_TRANSFORMER_OPTIONS, textTransformerEncoder } from './transformer.js'

interface TextTower {
  readonly options: z.ZodObject
  readonly modelTypes: ModelTypes
  readonly create: (options: unknown, pooling: Pooling) => TextEncoder
}

const BERT_OPTIONS = BERT_SIZES.extend(CLAP_PROJECTION_OPTIONS)
/** The defaults are those of RoBERTa base (Liu et al. 2019). */
const ROBERTA_OPTIONS = BERT_OPTIONS.extend({
  vocab_size: BERT_SIZES.shape.vocab_size.default(50_265),
  max_position_embeddings: BERT_SIZES.shape.max_position_embeddings.default(514),
  type_vocab_size: BERT_SIZES.shape.type_vocab_size.default(1),
  layer_norm_eps: BERT_SIZES.shape.layer_norm_eps.default(1e-5),
  pad_token_id: BERT_SIZES.shape.pad_token_id.default(1),
})
const MINILM_OPTIONS = BERT_OPTIONS.extend({
  hidden_size: BERT_SIZES.shape.hidden_size.default(MINILM.hidden_size),
  num_hidden_layers: BERT_SIZES.shape.num_hidden_layers.default(MINILM.num_hidden_layers),
  intermediate_size: BERT_SIZES.shape.intermediate_size.default(MINILM.intermediate_size),
})

const TEXT_TOWERS: Readonly<Record<string, TextTower>> = {
  minilm: tower(
    MINILM_OPTIONS,
    (options, pooling) => bertEncoder(options, { kind: 'bert', pooling, maxTokens: MINILM.maxTokens }),
    { bert: 'whole' },
  ),
  bert: tower(BERT_OPTIONS, (options, pooling) => bertEncoder(options, { kind: 'bert', pooling }), {
    bert: 'whole',
  }),
  roberta: tower(ROBERTA_OPTIONS, (options, pooling) => bertEncoder(options, { kind: 'roberta', pooling }), {
    roberta: 'whole',
    'xlm-roberta': 'whole',
    camembert: 'whole',
    clap: 'text_config',
    clap_text_model: 'whole',
  }),
  transformer: tower(TEXT_TRANSFORMER_OPTIONS, textTransformerEncoder),
  words: tower(WORDS_OPTIONS, wordsEncoder),
}

export interface TextEncoderChoice {
  /** A recipe's `encoder`. */
  readonly encoder: string
  /** What the tower takes; wins over the published files. */
  readonly options?: Readonly<Record<string, unknown>>
  /** How tokens become one vector; CLAP's own is `pooler`. @default 'mean' */
  readonly pooling?: Pooling
  /** Of the pretrained tower, for its sizes. */
  readonly published?: PublishedConfig
}

/**
 * A text tower by name.
 * @throws AntiphonError `usage` for an unknown name or option, with the known ones; `model` for files of another model.
 */
export function createTextEncoder({
  encoder,
  options = {},
  pooling = 'mean',
  published,
}: TextEncoderChoice): TextEncoder {
  if (!Object.hasOwn(TEXT_TOWERS, encoder))
    throw new AntiphonError(
      'usage',
      `Unknown text encoder "${encoder}" (expected ${Object.keys(TEXT_TOWERS).join(', ')})`,
      { field: 'encoder' },
    )
  const { options: schema, modelTypes, create } = TEXT_TOWERS[encoder]
  const sizes = published ? publishedOptions(encoder, schema, modelTypes, published) : {}
  return create(
    checked(
      schema,
      { ...sizes, ...options },
      { what: `text encoder "${encoder}"`, code: 'usage', within: 'options' },
    ),
    pooling,
  )
}

function tower<T extends z.ZodObject>(
  options: T,
  create: (options: z.infer<T>, pooling: Pooling) => TextEncoder,
  modelTypes: ModelTypes = {},
): TextTower {
  return {
    options,
    modelTypes,
    create: (checkedOptions, pooling) => create(checkedOptions as z.infer<T>, pooling),
  }
}
