import { add, mean, relu, sub, transpose, type Tensor } from '../../graph/index.js'
import { minedNegatives, type Mining } from './mining.js'
import {
  lossError,
  diagonal,
  pairCount,
  pairSimilarities,
  similarities,
  type Direction,
} from './similarity.js'

export interface TripletOptions {
  /** By how much the right answer is to be nearer than a wrong one, in cosines. Choi et al. 2019 take 0.4. @default 0.4 */
  readonly margin?: number
}

/**
 * Triplet hinge with given negatives: mean_i max(0, margin - a_i·t_i + a_i·n_i), n the negative texts (Weinberger & Saul 2009;
 * Choi et al. 2019). With negative audio m also, max(0, margin - a_i·t_i + m_i·t_i) is added (Kiros et al. 2014).
 * All vectors are unit vectors, [pairs, width].
 */
export function triplet(
  audio: Tensor,
  text: Tensor,
  {
    margin = 0.4,
    negativeText,
    negativeAudio,
  }: TripletOptions & { negativeText?: Tensor; negativeAudio?: Tensor },
): Tensor {
  const positive = pairSimilarities(audio, text)
  const losses: Tensor[] = []
  for (const [anchor, negative] of [
    [audio, negativeText],
    [text, negativeAudio],
  ] as const) {
    if (!negative) continue
    pairCount('triplet', anchor, negative)
    losses.push(hinge(margin, positive, pairSimilarities(anchor, negative)))
  }
  if (losses.length === 0) throw lossError('triplet', 'needs negative texts or negative audio')
  return losses.reduce(add)
}

/**
 * Triplet hinge with negatives chosen within the batch by similarity S = audio textᵀ:
 * mean_i max(0, margin - S_ii + S_ij), j chosen from row i. The gradient knows the chosen, not the choice.
 * @param audio unit vectors [pairs, width]
 * @param text unit vectors [pairs, width]
 * @param options.direction symmetric adds the loss of Sᵀ. @default 'symmetric'
 */
export function minedTriplet(
  audio: Tensor,
  text: Tensor,
  { margin = 0.4, direction = 'symmetric', ...mining }: TripletOptions & { direction?: Direction } & Mining,
): Tensor {
  const pairs = pairCount('minedTriplet', audio, text)
  const width = audio.shape[1] as number
  const toText = similarities(audio, text)
  const searches = [
    ...(direction === 'text-to-audio' ? [] : [toText]),
    ...(direction === 'audio-to-text' ? [] : [transpose(toText)]),
  ]
  const { uniform } = 'uniform' in mining ? mining : {}
  if (uniform && (uniform.rank !== 2 || uniform.shape[0] !== searches.length || uniform.shape[1] !== pairs))
    throw lossError(
      'minedTriplet',
      `uniform ${uniform.toString()} is not [${searches.length}, ${pairs}]: a draw for each direction and pair`,
    )
  const positive = diagonal(toText)
  return searches
    .map((cosines, row) => hinge(margin, positive, minedNegatives(cosines, positive, mining, { width, row })))
    .reduce(add)
}

function hinge(margin: number, positive: Tensor, negative: Tensor): Tensor {
  return mean(relu(add(sub(margin, positive), negative)))
}
