import { add, exp, mean, mul, slice, sub, sum, type Tensor } from '../graph/index.js'
import type { Scope } from '../model/index.js'
import { contentWeights, decoupledContrastive, infoNce } from './losses/info-nce.js'
import { multiPositive } from './losses/multi-positive.js'
import { ntXent } from './losses/nt-xent.js'
import { regression } from './losses/regression.js'
import { sigmoidLoss } from './losses/siglip.js'
import type { Direction } from './losses/similarity.js'
import { minedTriplet } from './losses/triplet.js'
import type { Recipe } from './recipe.js'
import { viewsOf, type SelfSupervision, type Views } from './self-supervision.js'

/** The name of the learnt temperature: the natural logarithm of the logit scale. */
export const LOG_SCALE = 'log_scale'

const SIGLIP_BIAS = -10 // Zhai et al. 2023, section 3.3

const DIRECTIONS: Readonly<Record<Recipe['loss']['direction'], Direction>> = {
  symmetric: 'symmetric',
  audio_to_text: 'audio-to-text',
  text_to_audio: 'text-to-audio',
}

/** How many vectors meet in a step. */
export interface Counts {
  readonly audio: number
  /** Texts of the pairs, audio · texts a pair; those of one pair side by side. */
  readonly texts: number
  /** Texts behind them that belong to no audio. */
  readonly hardTexts: number
}

export interface ObjectiveOutputs {
  /** One number. */
  readonly loss: Tensor
  /** Mean cosine of audio with its own text (the first one). */
  readonly positive: Tensor
  /** Mean cosine of audio with the texts of others. */
  readonly negative: Tensor
}

/** Whether a step needs numbers beside the vectors, by the name of its input. */
export function objectiveInputs(recipe: Recipe, { audio }: Counts): Record<string, readonly number[]> {
  const { kind, direction } = recipe.loss
  if (kind === 'muscall') return { content: [audio, audio] }
  if (kind === 'triplet' && ['random', 'distance_weighted'].includes(recipe.negatives.kind))
    return { uniform: [direction === 'symmetric' ? 2 : 1, audio] }
  return {}
}

/**
 * The recipe's loss of unit vectors audio [pairs, dim], behind them those of their views where it asks for self-supervision
 * (`twoViewSide`), and text [texts, dim]. What it needs beside them comes as inputs
 * of the names that `objectiveInputs` tells: `content`, cosines of the texts under a frozen encoder; `uniform`, draws
 * from [0, 1).
 */
export function objective(
  audioRows: Tensor,
  text: Tensor,
  { recipe, counts, scope }: { recipe: Recipe; counts: Counts; scope: Scope },
): ObjectiveOutputs {
  const { graph } = audioRows
  const { joint: audio, views } = viewsOf(audioRows, recipe)
  const { loss: options, negatives } = recipe
  const direction = DIRECTIONS[options.direction]
  const extra = Object.fromEntries(
    Object.entries(objectiveInputs(recipe, counts)).map(([name, shape]) => [name, graph.input(name, shape)]),
  )
  const logScale = scope.parameter(LOG_SCALE, [], () => Float32Array.of(-Math.log(options.temperature)))
  const logitScale = exp(logScale)
  const texts = counts.hardTexts === 0 ? text : slice(text, { axis: 0, end: counts.texts })
  const loss = (): Tensor => {
    switch (options.kind) {
      case 'info_nce':
        return infoNce(audio, texts, logitScale, { direction })
      case 'dcl':
        return decoupledContrastive(audio, texts, logitScale, { direction })
      case 'siglip': {
        const bias = scope.parameter('bias', [], () => Float32Array.of(SIGLIP_BIAS))
        return sigmoidLoss(audio, texts, logitScale, bias)
      }
      case 'nt_xent':
        return ntXent(audio, texts, logitScale)
      case 'muscall':
        return infoNce(audio, texts, logitScale, { direction, weights: contentWeights(extra['content']) })
      case 'multi_positive': {
        const each = counts.texts / counts.audio
        const track = Int32Array.from({ length: counts.texts }, (_, i) => Math.floor(i / each))
        return multiPositive(audio, texts, logitScale, graph.constant(track, [counts.texts]))
      }
      case 'text_swap':
        return infoNce(audio, texts, logitScale, {
          direction,
          hardTexts: slice(text, { axis: 0, start: counts.texts }),
        })
      case 'regression':
        return regression(audio, texts)
      case 'triplet': {
        const { margin } = options
        switch (negatives.kind) {
          case 'random':
            return minedTriplet(audio, texts, {
              margin,
              direction,
              negatives: 'random',
              uniform: extra['uniform'],
            })
          case 'distance_weighted':
            return minedTriplet(audio, texts, {
              margin,
              direction,
              negatives: 'distance-weighted',
              uniform: extra['uniform'],
            })
          default:
            return minedTriplet(audio, texts, {
              margin,
              direction,
              negatives: negatives.kind === 'hardest' ? 'hardest' : 'semi-hard',
            })
        }
      }
    }
  }
  return { loss: withViews(loss(), views, options.self_supervision), ...gap(audio, texts, counts) }
}

/** The main loss and the self-supervised one, weighted as in MusCALL (Manco et al. 2022): weights of sum 1. */
function withViews(main: Tensor, views: Views['views'], selfSupervision?: SelfSupervision): Tensor {
  if (!views || !selfSupervision) return main
  const { weight, temperature } = selfSupervision
  const own = ntXent(...views, main.graph.scalar(1 / temperature))
  return add(mul(main, 1 - weight), mul(own, weight))
}

/** Mean cosines of those that belong together and of the others: Σ_ij a_i·t_j is the product of two sums. */
function gap(audio: Tensor, texts: Tensor, counts: Counts): Pick<ObjectiveOutputs, 'positive' | 'negative'> {
  const each = counts.texts / counts.audio
  const first = each === 1 ? texts : slice(texts, { axis: 0, step: each })
  const own = sum(mul(audio, first), { axis: 1 })
  const total = sum(mul(sum(audio, { axis: 0 }), sum(first, { axis: 0 })))
  const others = counts.audio * (counts.audio - 1)
  return { positive: mean(own), negative: mul(sub(total, sum(own)), 1 / others) }
}
