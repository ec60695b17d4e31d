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

export const TEXT = z.strictObject({
  encoder: z.string().min(1),
  options: ENCODER_OPTIONS,
  pretrained: PRETRAINED.optional(),
  /** A directory with a tokenizer.json, or one that is made. Default: `pretrained`. */
  tokenizer: z.union([PRETRAINED, z.strictObject({ bpe: BPE })]).optional(),
  freeze: FREEZE,
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
  if (text.tokenizer === undefined && text.pretrained === undefined)
    refuse(
      'text.tokenizer',
      'name a directory with a tokenizer.json, or say `bpe` to learn one: without `pretrained` there is none',
    )
}
