import type { OnnxRuntime, ProgramOptions } from '../../graph/index.js'
import { cachedStep } from '../cached-step.js'
import { frozenBy, isWholeFrozen } from '../frozen.js'
import type { Counts } from '../objective.js'
import type { Recipe } from '../recipe.js'
import { trainedAudioSide } from '../self-supervision.js'
import { audioSide, textSide, type Side } from '../sides.js'
import { wholeStep, type StepDesign, type TrainingStep } from '../step.js'
import type { Towers } from './towers.js'

export interface DesignOptions {
  readonly recipe: Recipe
  readonly towers: Towers
  readonly featureShape: readonly number[]
  /** Length of a row of tokens. */
  readonly tokens: number
  readonly counts: Counts
}

/** How many rows of each side a batch has. */
export function countsOf({ data, text_policy: policy, loss }: Recipe): Counts {
  return {
    audio: data.batch,
    texts: data.batch * policy.texts,
    hardTexts: loss.kind === 'text_swap' ? data.batch : 0,
  }
}

/** What a step is made of. */
export function stepDesign({ recipe, towers, featureShape, tokens, counts }: DesignOptions): StepDesign {
  const frozen = isWholeFrozen(recipe, 'audio')
  return {
    recipe,
    audio: trainedAudioSide({ encoder: towers.audio.encoder, featureShape, frozen, recipe }),
    text: textOf({ recipe, towers }, tokens),
    counts,
    frozen: frozenBy(recipe),
  }
}

/** The sides as validation embeds by them: one view, and rows as long as their texts. */
export function validatedSides({
  recipe,
  towers,
  featureShape,
}: Pick<DesignOptions, 'recipe' | 'towers' | 'featureShape'>): Readonly<Record<'audio' | 'text', Side>> {
  return {
    audio: audioSide({
      encoder: towers.audio.encoder,
      projection: recipe.projection,
      featureShape,
      factors: recipe.audio.factors,
      frozen: isWholeFrozen(recipe, 'audio'),
    }),
    text: textOf({ recipe, towers }, 'tokens'),
  }
}

export async function openStep(
  runtime: OnnxRuntime,
  design: StepDesign,
  engine: ProgramOptions,
): Promise<TrainingStep> {
  const { batch, chunk } = design.recipe.data
  return chunk < batch
    ? cachedStep(runtime, design, { ...engine, chunk })
    : wholeStep(runtime, design, engine)
}

const textOf = (
  { recipe, towers }: Pick<DesignOptions, 'recipe' | 'towers'>,
  tokens: number | 'tokens',
): Side =>
  textSide({
    encoder: towers.text.encoder,
    projection: recipe.projection,
    tokens,
    frozen: isWholeFrozen(recipe, 'text'),
  })
