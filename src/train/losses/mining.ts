import {
  add,
  amax,
  amin,
  and,
  cast,
  cumulativeSum,
  equal,
  greater,
  less,
  lessOrEqual,
  log,
  maximum,
  minimum,
  mul,
  neg,
  not,
  or,
  slice,
  softmax,
  sqrt,
  square,
  stopGradient,
  sub,
  sum,
  transpose,
  unsqueeze,
  where,
  type Tensor,
} from '../../graph/index.js'
import { LOWEST, onDiagonal, places, withDiagonal } from './similarity.js'

/** How a wrong answer j is chosen for each row i of a matrix of cosines S. */
export type Mining =
  /**
   * `hardest`: the largest S_ij, j ≠ i (VSE++, Faghri et al. 2018). `semi-hard`: the largest S_ij below S_ii; where there is
   * none, the smallest of all S_ij, j ≠ i (FaceNet, Schroff et al. 2015).
   */
  | { readonly negatives: 'hardest' | 'semi-hard' }
  /** Any j ≠ i. `uniform` [directions, pairs] are draws from [0, 1) for each row. */
  | { readonly negatives: 'random'; readonly uniform: Tensor }
  | ({ readonly negatives: 'distance-weighted'; readonly uniform: Tensor } & DistanceWeighting)

/** Negatives of all distances alike (Wu et al. 2017; for music Won et al. 2021). */
export interface DistanceWeighting {
  /** Nearer ones are drawn as if at this distance, which limits the weight of the very near. @default 0.5 */
  readonly cutoff?: number
  /** Farther ones are not drawn, unless all are farther. @default 1.4 */
  readonly farthest?: number
}

/**
 * Cosine of the negative chosen in each row: [pairs]. The gradient flows into it and not through the choice.
 * @param cosines [pairs, pairs]
 * @param positive the diagonal, [pairs]
 * @param options.width of the vectors; their distances on the sphere depend on it
 * @param options.row which row of `uniform` to draw by
 */
export function minedNegatives(
  cosines: Tensor,
  positive: Tensor,
  mining: Mining,
  { width, row }: { width: number; row: number },
): Tensor {
  switch (mining.negatives) {
    case 'hardest':
      return amax(withDiagonal(cosines, LOWEST), { axis: 1 })
    case 'semi-hard':
      return semiHard(cosines, positive)
    case 'random': {
      const own = onDiagonal(cosines.graph, count(cosines))
      return drawn(cosines, softmax(where(own, LOWEST, 0), { axis: 1 }), mining.uniform, row)
    }
    case 'distance-weighted':
      return drawn(cosines, distanceProbabilities(cosines, { width, ...mining }), mining.uniform, row)
  }
}

/**
 * P(j | i) of distance-weighted sampling, [pairs, pairs]: proportional to 1 / q(max(d_ij, cutoff)), where
 * q(d) = d^(n-2) (1 - d²/4)^((n-3)/2) is the density of distances between points on the sphere of n dimensions.
 */
export function distanceProbabilities(
  cosines: Tensor,
  { width, cutoff = 0.5, farthest = 1.4 }: DistanceWeighting & { width: number },
): Tensor {
  const own = onDiagonal(cosines.graph, count(cosines))
  const distance = sqrt(maximum(sub(2, mul(stopGradient(cosines), 2)), 0))
  const clipped = maximum(distance, cutoff)
  // At distance 2, opposite, the density is 0: a weight without bound is held here.
  const cap = log(maximum(sub(1, mul(square(clipped), 0.25)), SMALLEST_CAP))
  const logWeight = neg(add(mul(log(clipped), width - 2), mul(cap, (width - 3) / 2)))
  const near = and(less(distance, farthest), not(own))
  const anyNear = greater(amax(cast(near, 'float32'), { axis: 1, keepDims: true }), 0)
  const allowed = or(near, and(not(anyNear), not(own)))
  return softmax(where(allowed, logWeight, LOWEST), { axis: 1 })
}

const SMALLEST_CAP = 1e-6
const ALMOST_ALL = 1 - 1e-6 // no draw falls beyond the last sum, which rounding may leave below 1

function semiHard(cosines: Tensor, positive: Tensor): Tensor {
  const own = onDiagonal(cosines.graph, count(cosines))
  const below = and(less(stopGradient(cosines), unsqueeze(stopGradient(positive), 1)), not(own))
  const anyBelow = greater(amax(cast(below, 'float32'), { axis: 1 }), 0)
  const hardest = amax(where(below, cosines, LOWEST), { axis: 1 })
  const easiest = amin(where(own, -LOWEST, cosines), { axis: 1 })
  return where(anyBelow, hardest, easiest)
}

/** The cosine at the first place of each row whose cumulative probability exceeds the draw. */
function drawn(cosines: Tensor, probabilities: Tensor, uniform: Tensor, row: number): Tensor {
  const { graph } = cosines
  const cumulative = cumulativeSum(probabilities, { axis: 1 })
  const total = amax(cumulative, { axis: 1, keepDims: true })
  const draws = transpose(slice(uniform, { axis: 0, start: row, end: row + 1 }))
  const passed = cast(lessOrEqual(cumulative, minimum(draws, mul(total, ALMOST_ALL))), 'float32')
  const chosen = cast(sum(passed, { axis: 1, keepDims: true }), 'int32')
  return sum(where(equal(unsqueeze(places(graph, count(cosines)), 0), chosen), cosines, 0), { axis: 1 })
}

const count = (cosines: Tensor): number => cosines.shape[0] as number
