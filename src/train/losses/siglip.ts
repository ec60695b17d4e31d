import { add, mean, mul, softplus, sub, sum, type Tensor } from '../../graph/index.js'
import { pairCount, pairSimilarities, similarities } from './similarity.js'

/**
 * Sigmoid loss (SigLIP, Zhai et al. 2023): each audio and text of the batch alone is asked whether they belong together,
 * -(1/N) Σ_ij ln sigmoid(±(logitScale a_i·t_j + bias)), + where i = j. Written with -ln sigmoid(-z) = softplus(z) and
 * -ln sigmoid(z) = softplus(z) - z, so that no matrix of signs is needed.
 * @param audio unit vectors [pairs, width]
 * @param text unit vectors [pairs, width]
 * @param logitScale exp(log_scale); the paper starts at 10
 * @param bias learnable, [] or [1]; the paper starts at -10
 */
export function sigmoidLoss(audio: Tensor, text: Tensor, logitScale: Tensor, bias: Tensor): Tensor {
  pairCount('sigmoidLoss', audio, text)
  const positive = add(mul(pairSimilarities(audio, text), logitScale), bias)
  const all = add(similarities(audio, text, logitScale), bias)
  return mean(sub(sum(softplus(all), { axis: 1 }), positive))
}
