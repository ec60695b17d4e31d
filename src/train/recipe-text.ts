import { z } from 'zod'
import { BPE_STYLES } from '../text/index.js'

/** A directory, or `hub:owner/name@revision`. */
export const PRETRAINED = z.string().min(1)

/** True for a whole tower; or names of its parameters, `*` standing for any run of characters: `encoder.layer.0.*`. */
export const FREEZE = z.union([z.boolean(), z.string().min(1), z.array(z.string().min(1))]).default(false)

/** What an encoder takes beside its name is checked by the encoder itself. */
export const ENCODER_OPTIONS = z.record(z.string(), z.unknown()).default({})

/** A byte-level BPE tokenizer that is learnt from the texts of training (Sennrich et al. 2016), and belongs to the run. */
const BPE = z.strictObject({
  /** Tokens at most, the bytes among them: 49,408 in CLIP. */
  vocabulary: z.int().min(2).max(1_000_000),
  /** CLIP's: small letters, the end of a word marked; or GPT-2's, as RoBERTa frames it: a word takes the space before it along. */
  style: z.enum(BPE_STYLES).default('clip'),
  /** Default: true for clip. */
  lowercase: z.boolean().optional(),
  /** Pairs of tokens that are rarer aren't joined. */
  min_count: z.int().positive().default(2),
})

/** Skip-gram with negative sampling (Mikolov et al. 2013) over the texts of training; the defaults are those of the authors' program. */
const SKIP_GRAM = z.strictObject({
  /** Of a vector. */
  dim: z.int().min(2).default(300),
  /** Words to each side, at most. */
  window: z.int().positive().default(5),
  negatives: z.int().positive().default(5),
  epochs: z.int().positive().default(5),
  /** Rarer words are left out. */
  min_count: z.int().positive().default(5),
  /** Words with a larger share of the texts are thinned out; 0 for none. */
  sample: z.number().min(0).default(1e-3),
  learning_rate: z.number().positive().default(0.025),
  /** Score above which two words are one (section 4 of the paper, times the words there are); 0 for none. */
  phrase_threshold: z.number().min(0).default(100),
})

/** Where the vectors of the encoder `words` come from: one of file, encoder and skip_gram. */
const VECTORS = z.strictObject({
  /** GloVe's or word2vec's text format, gzipped if it ends in .gz. */
  file: z.string().min(1).optional(),
  /** A sentence encoder in MiniLM's size, which embeds words one by one. */
  encoder: PRETRAINED.optional(),
  skip_gram: SKIP_GRAM.optional(),
  /** Words beside those of the data set: the first of the file, or of the encoder's vocabulary. */
  most_words: z.int().nonnegative().default(50_000),
})

export const TEXT = z.strictObject({
  encoder: z.string().min(1),
  options: ENCODER_OPTIONS,
  pretrained: PRETRAINED.optional(),
  /** A directory with a tokenizer.json, or one that is made. Default: `pretrained`. */
  tokenizer: z.union([PRETRAINED, z.strictObject({ bpe: BPE })]).optional(),
  vectors: VECTORS.optional(),
  freeze: FREEZE,
  /** The encoder of a paper whose place this one takes, such as BERT base: the card of the model says so. */
  stands_in_for: z.string().min(1).optional(),
  /** Longer texts lose their end. 77 as in CLIP and MusCALL (Manco et al. 2022), LAION-CLAP (Wu et al. 2023). */
  max_tokens: z.int().min(3).max(512).default(77),
  /** Tokens to one vector; sentence-BERT found the mean best (Reimers & Gurevych 2019, section 6). */
  pooling: z.enum(['mean', 'cls', 'pooler']).default('mean'),
})

type TextFields = z.infer<typeof TEXT>

/** The defaults that follow from other fields. */
export function resolveText(text: TextFields) {
  const tokenizer = text.tokenizer ?? text.pretrained
  return { ...text, ...(tokenizer !== undefined && { tokenizer }) }
}

export function checkText(text: TextFields, refuse: (path: string, message: string) => void): void {
  if (text.encoder === 'words') return checkWords(text, refuse)
  if (text.vectors) refuse('text.vectors', `word vectors are for the encoder "words", not "${text.encoder}"`)
  if (text.tokenizer === undefined && text.pretrained === undefined)
    refuse(
      'text.tokenizer',
      'name a directory with a tokenizer.json, or say `bpe` to learn one: without `pretrained` there is none',
    )
}

function checkWords(
  { vectors, tokenizer, pretrained }: TextFields,
  refuse: (path: string, message: string) => void,
): void {
  const sources = [vectors?.file, vectors?.encoder, vectors?.skip_gram].filter(
    (source) => source !== undefined,
  )
  if (sources.length !== 1)
    refuse(
      'text.vectors',
      'the encoder "words" takes its vectors from one place: expected file, encoder or skip_gram',
    )
  for (const [key, value] of Object.entries({ tokenizer, pretrained }))
    if (value !== undefined)
      refuse(`text.${key}`, 'the encoder "words" has its words from text.vectors: leave it out')
}
