import {
  concat,
  div,
  logSoftmax,
  logSumExp,
  mean,
  mul,
  neg,
  softmax,
  stopGradient,
  sub,
  sum,
  transpose,
  add,
  type Tensor,
} from '../../graph/index.js'
import {
  LOWEST,
  diagonal,
  lossError,
  pairCount,
  pairSimilarities,
  similarities,
  withDiagonal,
  type Direction,
} from './similarity.js'

export interface InfoNceOptions {
  /** @default 'symmetric' */
  readonly direction?: Direction
  /** How much each pair counts, [pairs] with sum 1. @default all the same */
  readonly weights?: Tensor
  /**
   * Unit vectors of texts that belong to no audio of the batch, [any number, width]: more wrong answers for audio to text (TextSwap,
   * Manco et al. 2024; Yuksekgonul et al. 2023).
   */
  readonly hardTexts?: Tensor
}

/**
 * Contrastive loss (van den Oord et al. 2018; symmetric: Radford et al. 2021), Z = logitScale audio textᵀ:
 *
 *     -mean_i ln( exp Z_ii / Σ_j exp Z_ij )
 *
 * for audio to text, of Zᵀ for text to audio, the mean of both when symmetric.
 * @param audio unit vectors [pairs, width]
 * @param text unit vectors [pairs, width]
 * @param logitScale exp(log_scale), the inverse temperature
 */
export function infoNce(
  audio: Tensor,
  text: Tensor,
  logitScale: Tensor,
  { direction = 'symmetric', weights, hardTexts }: InfoNceOptions = {},
): Tensor {
  const pairs = pairCount('infoNce', audio, text)
  if (weights && (weights.rank !== 1 || weights.shape[0] !== pairs))
    throw lossError('infoNce', `weights ${weights.toString()} are not one number for each of ${pairs} pairs`)
  if (hardTexts && (hardTexts.rank !== 2 || hardTexts.shape[1] !== text.shape[1]))
    throw lossError('infoNce', `hard texts ${hardTexts.toString()} are not vectors like ${text.toString()}`)
  if (hardTexts && direction === 'text-to-audio')
    throw lossError(
      'infoNce',
      'hard texts are answers to audio: the direction text-to-audio has no place for them',
    )
  const logits = similarities(audio, text, logitScale)
  const wide = hardTexts ? concat([logits, similarities(audio, hardTexts, logitScale)], { axis: 1 }) : logits
  const average = (each: Tensor): Tensor => (weights ? sum(mul(each, weights)) : mean(each))
  // The logarithm of a softmax stays exact as a probability nears 1, where ln Σ exp Z - Z_ii would be lost in rounding.
  const search = (answers: Tensor): Tensor => neg(average(diagonal(logSoftmax(answers))))
  return directed(
    direction,
    () => search(wide),
    () => search(transpose(logits)),
  )
}

/**
 * Decoupled contrastive loss (Yeh et al. 2022): the right answer is not among those it is compared with,
 * mean_i [ -Z_ii + ln Σ_{j≠i} exp Z_ij ], Z = logitScale audio textᵀ. Directions and parameters as in `infoNce`.
 */
export function decoupledContrastive(
  audio: Tensor,
  text: Tensor,
  logitScale: Tensor,
  { direction = 'symmetric' }: { direction?: Direction } = {},
): Tensor {
  pairCount('decoupledContrastive', audio, text)
  const positive = mul(pairSimilarities(audio, text), logitScale)
  const others = withDiagonal(similarities(audio, text, logitScale), LOWEST)
  return directed(
    direction,
    () => mean(sub(logSumExp(others, { axis: 1 }), positive)),
    () => mean(sub(logSumExp(others, { axis: 0 }), positive)),
  )
}

/**
 * Weights of pairs by how much their texts are like the others' (MusCALL, Manco et al. 2022), for `infoNce`: the softmax of
 * (u / Σu) / temperature, u_i = mean_j [j≠i] similarity_ij. No gradient flows through them.
 * @param similarity [pairs, pairs] cosines of the texts under a frozen sentence encoder
 */
export function contentWeights(
  similarity: Tensor,
  { temperature = 0.01 }: { /** @default 0.01 */ temperature?: number } = {},
): Tensor {
  pairCount('contentWeights', similarity, transpose(similarity))
  const likeness = mean(withDiagonal(similarity, 0), { axis: 1 })
  return stopGradient(softmax(div(div(likeness, sum(likeness)), temperature)))
}

function directed(direction: Direction, toText: () => Tensor, toAudio: () => Tensor): Tensor {
  if (direction === 'audio-to-text') return toText()
  if (direction === 'text-to-audio') return toAudio()
  return mul(add(toText(), toAudio()), 0.5)
}
