import { z } from 'zod'
import { MADE_KINDS, TEXT_KINDS } from '../data/index.js'
import { checkMining, FILTER, MINE } from './recipe-mining.js'
import { checkFactors, FACTORS } from './recipe-factors.js'
import { checkObjective, LOSS, NEGATIVES, PROJECTION, resolveObjective } from './recipe-objective.js'
import { checkText, ENCODER_OPTIONS, FREEZE, PRETRAINED, resolveText, TEXT } from './recipe-text.js'

export { LOSS_KINDS, type LossKind } from './recipe-objective.js'

const positive = z.number().positive()
const share = z.number().min(0).max(1)
const count = z.int().nonnegative()
const atLeastOne = z.int().positive()

const AUGMENT = z.strictObject({
  /** Decibels; each chunk is made louder or softer by up to so many. */
  gain_db: z.number().min(0).max(60).default(0),
  /** White noise with up to this share of the chunk's own level (RMS). */
  noise: share.default(0),
  /**
   * Another chunk of the batch lies behind, with up to this share of the power; the text stays. BYOL-A's mixup
   * (Niizumi et al. 2021, section III-B1, there 0.4), of waveforms.
   */
  mixup: z.number().min(0).max(0.5).default(0),
  /** Bands of the features that are blanked out: SpecAugment (Park et al. 2019, section 2), without warping. */
  spec_augment: z
    .strictObject({
      time_masks: count.default(0),
      /** Frames, at most; the width is drawn. */
      time_width: count.default(0),
      mel_masks: count.default(0),
      /** Mel bands, at most. */
      mel_width: count.default(0),
    })
    .prefault({}),
})

const AUDIO = z.strictObject({
  encoder: z.string().min(1),
  options: ENCODER_OPTIONS,
  pretrained: PRETRAINED.optional(),
  freeze: FREEZE,
  /** Length of what the tower hears at once; 10 s as in MuLan (Huang et al. 2022) and LAION-CLAP (Wu et al. 2023). */
  chunk_seconds: positive.default(10),
  /** Between the starts of chunks of a track: for validation, for a frozen tower and for kept features. Default: chunk_seconds. */
  hop_seconds: positive.optional(),
  augment: AUGMENT.prefault({}),
  /**
   * What is kept on disk: decoded `waveforms`, cut anywhere and augmented anew each time, or the tower's input `features`
   * of chunks a hop apart, which cost no front end in the step and take no change to the sound.
   */
  cache: z.enum(['waveforms', 'features']).default('waveforms'),
  /** What is known of the items beside their sound. */
  factors: FACTORS.optional(),
})

/**
 * Kinds of text that are drawn: those of data sets, and those made of what is known of a track. `metadata` says title, artist and
 * album in one text; `similarity` asks for music like artists and tracks of a graph, of which this one is (Doh et al. 2024).
 */
export const DRAWN_KINDS = [...TEXT_KINDS, ...MADE_KINDS, 'metadata', 'similarity'] as const
export type DrawnKind = (typeof DRAWN_KINDS)[number]

const TEXT_POLICY = z.strictObject({
  /** How often each kind of text is drawn; a pair without a kind draws among those it has. */
  kinds: z
    .partialRecord(z.enum(DRAWN_KINDS), z.number().nonnegative())
    .refine((kinds) => Object.values(kinds).some((weight) => weight > 0), 'give one kind a weight above 0')
    .default({ caption: 1, tag: 1 }),
  /**
   * What a text of tags is: one of them, all in a row, or a random number of them in random order, the stochastic text of
   * Doh et al. 2023 (section 2.3), which found it best for tags and sentences alike.
   */
  tags: z.enum(['one', 'all', 'some']).default('some'),
  tag_separator: z.string().default(', '),
  /** Chance of each tag to be left out; one always stays. Text dropout: Manco et al. 2024 (Augment, Drop & Swap). */
  tag_dropout: z.number().min(0).lt(1).default(0),
  /** Chance of a text of tags to be said in sentences: keyword-to-caption (LAION-CLAP, Wu et al. 2023, section 3.3), by a grammar. */
  tag_captions: share.default(0),
  /**
   * Chance of each part of a text to be left out: its sentences, clauses or words; one always stays. Text dropout: Manco et
   * al. 2024. Titles and names stay whole, and tags have their own.
   */
  dropout: z.number().min(0).lt(1).default(0),
  /** Chance of each word that has a synonym in the tables to be replaced by one; titles and names stay. */
  synonyms: share.default(0),
  /**
   * What `text_swap` puts in: tags of the data set, or what contradicts the text by the table of swaps, and tags where the
   * table has nothing for it.
   */
  swaps: z.enum(['tags', 'table']).default('tags'),
  /** Share of the texts of kind similarity that have behind them what the graph says of whom they name. */
  similarity_context: share.default(0.5),
  /** Which texts become sentences and aspects before training. */
  mine: MINE.optional(),
  /** Which texts lose the sentences that say little of sound. */
  filter: FILTER.optional(),
  /** Texts drawn for each pair of a batch. Default: 1; for multi_positive 2. */
  texts: atLeastOne.max(16).optional(),
})

const DATA = z.strictObject({
  /**
   * What a pair is: a track, with a text drawn each time by the weights of the kinds; or a text of a kind that has a weight, tags
   * of a track together, so that a batch may hold more of them than there are tracks. Texts of one track are then each other's
   * negatives.
   */
  pairs: z.enum(['tracks', 'texts']).default('tracks'),
  /** Pairs of a step, among which negatives are found. 128 is what two cores take in seconds; CLIP 32,768, MusCALL 256. */
  batch: z.int().min(2).default(128),
  /** Pairs that are in memory at once; a larger batch is computed chunk by chunk (GradCache, Gao et al. 2021). Default: the batch. */
  chunk: atLeastOne.optional(),
  /** Batches whose gradients are added up for a step; negatives stay within a batch. */
  accumulate: atLeastOne.default(1),
  /** Shares of the pairs. */
  validation: z.number().min(0).max(0.9).default(0.1),
  test: z.number().min(0).max(0.9).default(0),
  /**
   * What is never on two sides of the split; by artist against the album effect (Flexer & Schnitzer 2010). By part: as the
   * publishers of the data set divided it.
   */
  split_by: z.enum(['artist', 'track', 'part']).default('artist'),
  /**
   * Tags that no text of training or validation tells of: a share of them all, by a seed of their own. They are left out of tags, and
   * captions and the like that have one as whole words are left out too (Choi et al. 2019).
   */
  unseen_tags: z.strictObject({ share: z.number().positive().lt(1), seed: count.default(1) }).optional(),
  /** Who heard what how often, for audio.factors. Default: the listening in the data folder. */
  listening: z.string().min(1).optional(),
  /** A knowledge graph, for texts of kind similarity. Default: the graph in the data folder. */
  knowledge: z.string().min(1).optional(),
  /** Rows of the data set, and audio files, that may be wrong and are passed by. */
  wrong_share: share.default(0.05),
})

export const METRICS = ['loss', 'recall@1', 'recall@5', 'recall@10', 'mrr', 'map', 'median_rank'] as const
/** Of validation, text to music. */
export type Metric = (typeof METRICS)[number]

/** Whether a smaller value is a better one. */
export const isBetterSmall = (metric: Metric): boolean => metric === 'loss' || metric === 'median_rank'

const metric = z.enum(METRICS)

const SCHEDULE = z.strictObject({
  optimizer: z.enum(['sgd', 'adam', 'adamw']).default('adamw'),
  /** 1e-4 as in Won et al. 2021 and LAION-CLAP (Wu et al. 2023, section 4.2). */
  learning_rate: positive.default(1e-4),
  /** Of Adam, AdamW; 0.98 as in CLIP and MusCALL. SGD's momentum is the first. */
  betas: z.tuple([z.number().min(0).lt(1), z.number().min(0).lt(1)]).default([0.9, 0.98]),
  /** 1e-6 as in CLIP and MusCALL. */
  epsilon: positive.default(1e-6),
  /** Of matrices, not of vectors and scalars. 0.2 as in CLIP and MusCALL. */
  weight_decay: z.number().nonnegative().default(0.2),
  steps: atLeastOne.default(10_000),
  /** Steps in which the rate rises. */
  warmup: count.default(0),
  shape: z.enum(['constant', 'cosine', 'linear', 'one_cycle', 'plateau']).default('cosine'),
  /** Of `plateau`: what the rate is multiplied with once `best_by` was no better so often (PyTorch's defaults). */
  plateau: z
    .strictObject({
      factor: z.number().positive().lt(1).default(0.1),
      patience: count.default(10),
    })
    .prefault({}),
  /** Largest norm of all gradients together. */
  clip: positive.optional(),
  /** Share of the old in the average of weights that is validated and kept, such as 0.999. */
  ema: z.number().min(0).lt(1).optional(),
  /** Steps. */
  validate_every: atLeastOne.default(500),
  checkpoint_every: atLeastOne.default(500),
  /** Ends the run when the metric was no better for so many validations. */
  early_stop: z.strictObject({ metric: metric.default('recall@10'), patience: atLeastOne }).optional(),
  /** Which checkpoint is the best one. */
  best_by: metric.default('recall@10'),
  /** What is special about parameters of some names; the last that matches counts. */
  groups: z
    .array(
      z.strictObject({
        /** Full names, `*` standing for any run of characters: `text.*`, `*.bias`. */
        match: z.string().min(1),
        learning_rate: positive.optional(),
        weight_decay: z.number().nonnegative().optional(),
        freeze: z.boolean().optional(),
      }),
    )
    .default([]),
})

const FIELDS = z.strictObject({
  name: z.string().regex(/^[a-z0-9][\w.-]*$/i, 'letters, digits, dots, hyphens'),
  audio: AUDIO,
  text: TEXT,
  projection: PROJECTION.prefault({}),
  loss: LOSS.prefault({}),
  negatives: NEGATIVES.prefault({}),
  text_policy: TEXT_POLICY.prefault({}),
  data: DATA.prefault({}),
  schedule: SCHEDULE.prefault({}),
  seed: z.int().nonnegative().default(1),
})

type Fields = z.infer<typeof FIELDS>

/** A recipe as a file may say it, all fields known. */
export const RECIPE = FIELDS.superRefine(checkTogether).transform(resolve)

/** A whole recipe: every choice made, defaults included. */
export type Recipe = ReturnType<typeof resolve>

/** The defaults that follow from other fields. */
function resolve(recipe: Fields) {
  const { audio, text, loss, text_policy, data } = recipe
  return {
    ...recipe,
    audio: {
      ...audio,
      hop_seconds: audio.hop_seconds ?? audio.chunk_seconds,
    },
    text: resolveText(text),
    ...resolveObjective(recipe),
    text_policy: { ...text_policy, texts: text_policy.texts ?? (loss.kind === 'multi_positive' ? 2 : 1) },
    data: { ...data, chunk: Math.min(data.chunk ?? data.batch, data.batch) },
  }
}

/** What each field allows by itself, and the others don't. */
function checkTogether(recipe: Fields, context: z.RefinementCtx): void {
  const { audio, text, loss, text_policy, data, schedule } = recipe
  const refuse = (path: string, message: string): void =>
    context.addIssue({ code: 'custom', path: path.split('.'), message })
  checkText(text, refuse)
  const { gain_db, noise, mixup } = audio.augment
  if (audio.cache === 'features' && (gain_db > 0 || noise > 0 || mixup > 0))
    refuse('audio.cache', 'gain_db, noise and mixup change the sound: expected "waveforms" with them')
  checkObjective(recipe, refuse)
  checkFactors(recipe, refuse)
  checkMining(text_policy, refuse)
  const { similarity = 0, metadata = 0 } = text_policy.kinds
  const wantsAll = loss.kind === 'text_swap' || loss.kind === 'multi_positive' || similarity + metadata > 0
  if (data.pairs === 'texts' && wantsAll)
    refuse(
      'data.pairs',
      'text_swap, multi_positive and texts of kind similarity and metadata need all that is said of a track: expected "tracks"',
    )
  if (data.knowledge !== undefined && similarity === 0)
    refuse(
      'data.knowledge',
      'a graph is for texts of kind "similarity": give text_policy.kinds.similarity a weight',
    )
  const tellsMore =
    similarity > 0 || text_policy.synonyms > 0 || (loss.kind === 'text_swap' && text_policy.swaps === 'table')
  if (data.unseen_tags && tellsMore)
    refuse(
      'data.unseen_tags',
      'texts of kind similarity, synonyms and swaps by the table may tell of any tag: expected none of them with it',
    )
  const { texts = 1 } = text_policy
  if (texts > 1 && loss.kind !== 'multi_positive')
    refuse('text_policy.texts', `${texts} texts a pair are for multi_positive; "${loss.kind}" has one`)
  if (data.validation + data.test >= 1) refuse('data.validation', 'with test it leaves nothing to train on')
  if (schedule.warmup >= schedule.steps)
    refuse('schedule.warmup', `${schedule.warmup} of ${schedule.steps} steps leave none to train in`)
  if (schedule.shape === 'one_cycle' && schedule.warmup > 0)
    refuse('schedule.warmup', 'one_cycle has its own rise: expected 0')
  if (data.validation === 0 && schedule.early_stop)
    refuse('schedule.early_stop', 'it needs pairs to validate with: data.validation is 0')
  if (data.validation === 0 && schedule.shape === 'plateau')
    refuse('schedule.shape', 'plateau needs pairs to validate with: data.validation is 0')
}
