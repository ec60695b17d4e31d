import { add, concat, logSoftmax, mean, mul, neg, slice, type Tensor } from '../../graph/index.js'
import { diagonal, LOWEST, pairCount, similarities, withDiagonal } from './similarity.js'

/**
 * NT-Xent (SimCLR, Chen et al. 2020): two views of N things, z = [first; second]; each of the 2N rows is to find its other
 * view p among all rows but itself: -mean_i ln( exp(scale z_i·z_p) / Σ_{k≠i} exp(scale z_i·z_k) ).
 * @param first unit vectors [things, width]
 * @param second unit vectors [things, width]
 * @param logitScale exp(log_scale), the inverse temperature
 */
export function ntXent(first: Tensor, second: Tensor, logitScale: Tensor): Tensor {
  const things = pairCount('ntXent', first, second)
  const views = concat([first, second], { axis: 0 })
  const logits = withDiagonal(similarities(views, views, logitScale), LOWEST)
  const chances = logSoftmax(logits)
  const toSecond = diagonal(slice(chances, { axis: 0, end: things }, { axis: 1, start: things }))
  const toFirst = diagonal(slice(chances, { axis: 0, start: things }, { axis: 1, end: things }))
  return neg(mul(add(mean(toSecond), mean(toFirst)), 0.5))
}
