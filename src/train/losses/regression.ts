import { mean, sub, type Tensor } from '../../graph/index.js'
import { pairCount, pairSimilarities } from './similarity.js'

/**
 * Mean cosine distance of audio from its own text, mean_i (1 - a_i·t_i): half the squared distance of unit vectors. There
 * are no negatives: without texts that stay as they are, everything would fall into one point.
 * @param audio unit vectors [pairs, width]
 * @param text unit vectors [pairs, width], of an encoder that is not trained
 */
export function regression(audio: Tensor, text: Tensor): Tensor {
  pairCount('regression', audio, text)
  return mean(sub(1, pairSimilarities(audio, text)))
}
