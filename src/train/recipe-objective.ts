import { z } from 'zod'
import { createTextEncoder } from '../model/index.js'

const positive = z.number().positive()
const atLeastOne = z.int().positive()

const DIM = 512 // LAION-CLAP (Wu et al. 2023, section 3.1), MusCALL and CLIP

export const PROJECTION = z.strictObject({
  /**
   * Which sides have one. `audio`: texts stay as their encoder gives them, but of unit length, and audio comes to them; the
   * space has the width of the text encoder.
   */
  sides: z.enum(['both', 'audio']).default('both'),
  /** Of the joint space. Default: 512; for sides `audio` the width of the text encoder, as far as its options tell it. */
  dim: atLeastOne.optional(),
  /** Linear layers: two with an activation between them in LAION-CLAP, one (a matrix) in CLIP. */
  layers: atLeastOne.max(8).default(2),
  /** Width between the layers. Default: dim. */
  hidden: atLeastOne.optional(),
  activation: z.enum(['relu', 'gelu', 'silu', 'tanh']).default('relu'),
  dropout: z.number().min(0).lt(1).default(0),
  /** Between the layers, before the activation: Won et al. 2021 (train/model.py of their code). */
  batch_norm: z.boolean().default(false),
})

export const LOSS_KINDS = [
  'triplet',
  'info_nce',
  'dcl',
  'siglip',
  'nt_xent',
  'muscall',
  'multi_positive',
  'text_swap',
  'regression',
] as const
export type LossKind = (typeof LOSS_KINDS)[number]

/** Where learning starts: CLIP's (Radford et al. 2021, section 2.5), but SigLIP's and SimCLR's own (Zhai et al. 2023; Chen et al. 2020, table 5). */
const CLIP_TEMPERATURE = 0.07
const TEMPERATURES: Readonly<Partial<Record<LossKind, number>>> = { siglip: 0.1, nt_xent: 0.1 }

/** Losses that have no temperature. */
const WITHOUT_TEMPERATURE: ReadonlySet<LossKind> = new Set(['triplet', 'regression'])

export const LOSS = z.strictObject({
  kind: z.enum(LOSS_KINDS).default('info_nce'),
  /** Of the triplet loss, in cosine; 0.4 in Won et al. 2021 (train/main.py of their code). */
  margin: positive.max(2).default(0.4),
  direction: z.enum(['symmetric', 'audio_to_text', 'text_to_audio']).default('symmetric'),
  /** At the start. Default: 0.07, but 0.1 for siglip and nt_xent. */
  temperature: positive.optional(),
  learn_temperature: z.boolean().default(true),
  /** For muscall: the sentence encoder that tells how alike texts are (Manco et al. 2022, section 3.3). A BERT in MiniLM's size. */
  content: z.string().min(1).default('models/towers/minilm'),
  /**
   * Audio is to know itself again: NT-Xent (Chen et al. 2020) between two views of each track, crops at two places that are
   * changed as `audio.augment` says. The loss is (1 - weight) of the main one and weight of this, as in MusCALL (Manco et al.
   * 2022), whose values these are (configs/models/muscall.yaml and muscall/models/muscall.py of their code).
   */
  self_supervision: z
    .strictObject({
      weight: z.number().gt(0).lt(1).default(0.3),
      /** Stays as it is. */
      temperature: positive.default(0.5),
      /** Length of the vectors that views are compared by, behind a head of their own. */
      dim: atLeastOne.default(128),
      /** Width within that head. Default: that of the encoder. */
      hidden: atLeastOne.optional(),
    })
    .optional(),
})

export const NEGATIVES = z.strictObject({
  /** All others of the batch, or the one chosen for each pair. Default: in_batch; for the triplet loss distance_weighted (Wu et al. 2017), as in Won et al. 2021. */
  kind: z.enum(['in_batch', 'random', 'hardest', 'semi_hard', 'distance_weighted']).optional(),
})

interface ObjectiveFields {
  readonly projection: z.infer<typeof PROJECTION>
  readonly loss: z.infer<typeof LOSS>
  readonly negatives: z.infer<typeof NEGATIVES>
  readonly audio: { readonly freeze: boolean | string | readonly string[] }
  readonly text: {
    readonly encoder: string
    readonly options: Readonly<Record<string, unknown>>
    readonly freeze: boolean | string | readonly string[]
  }
}

/** The defaults that follow from other fields. */
export function resolveObjective({ projection, loss, negatives, text }: ObjectiveFields) {
  const dim = projection.dim ?? (projection.sides === 'audio' ? textWidth(text) : undefined) ?? DIM
  const kind =
    negatives.kind ?? (loss.kind === 'triplet' ? ('distance_weighted' as const) : ('in_batch' as const))
  return {
    projection: { ...projection, dim, hidden: projection.hidden ?? dim },
    loss: { ...loss, temperature: loss.temperature ?? TEMPERATURES[loss.kind] ?? CLIP_TEMPERATURE },
    negatives: { kind },
  }
}

/** What is wrong about them together: the path of a field, and what is expected there. */
export function checkObjective(
  { projection, loss, negatives, audio, text }: ObjectiveFields,
  refuse: (path: string, message: string) => void,
): void {
  const mined = negatives.kind !== undefined && negatives.kind !== 'in_batch'
  if (mined && loss.kind !== 'triplet')
    refuse('negatives.kind', `"${negatives.kind}" is for the triplet loss; "${loss.kind}" has "in_batch"`)
  if (negatives.kind === 'in_batch' && loss.kind === 'triplet')
    refuse(
      'negatives.kind',
      'the triplet loss has one negative a pair (expected random, hardest, semi_hard or distance_weighted)',
    )
  if (loss.kind === 'regression' && (projection.sides !== 'audio' || text.freeze !== true))
    refuse(
      'loss.kind',
      'regression has no negatives: texts that are trained would all come to one point (expected projection.sides: audio and text.freeze: true with it)',
    )
  if (loss.self_supervision && audio.freeze === true)
    refuse(
      'loss.self_supervision',
      'an encoder that is frozen learns nothing from it, and its outputs are computed once: expected audio.freeze: false, or names of some parameters',
    )
}

/** Whether the logit scale stays where it begins. */
export const isTemperatureFixed = ({
  loss,
}: {
  loss: Pick<z.infer<typeof LOSS>, 'kind' | 'learn_temperature'>
}): boolean => !loss.learn_temperature || WITHOUT_TEMPERATURE.has(loss.kind)

/** Undefined where the options are wrong, or files tell it: both are said when the tower is opened. */
function textWidth({ encoder, options }: ObjectiveFields['text']): number | undefined {
  try {
    return createTextEncoder({ encoder, options }).width
  } catch {
    return undefined
  }
}
