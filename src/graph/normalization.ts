import { reshape } from './arrangement.js'
import { add, div, mul, neg, sqrt, square, sub } from './elementwise.js'
import { knownSize, type Tensor } from './graph.js'
import { sameShape } from './dimension.js'
import { mean, sum } from './reduction.js'
import { shapeError } from './shape-error.js'

export interface BatchNormWeights {
  /** Scale and offset of each channel, [channels]. */
  readonly weight: Tensor
  readonly bias: Tensor
  /** Running statistics, [channels]. */
  readonly mean: Tensor
  readonly variance: Tensor
}

/** Batch normalisation (Ioffe & Szegedy 2015) of x [batch, channels, …] with running statistics: inference. */
export function batchNorm(
  x: Tensor,
  weights: BatchNormWeights,
  { epsilon = 1e-5 }: { epsilon?: number } = {},
): Tensor {
  const { weight, bias, mean, variance } = checkedBatchNorm(x, weights)
  return x.graph.apply('BatchNormalization', [x, weight, bias, mean, variance], { epsilon }, [x])[0]
}

/**
 * Batch normalisation with the statistics of this batch: training. Normalises with the biased variance; the running
 * variance takes the unbiased one, as PyTorch does. running = (1 - momentum) running + momentum batch.
 * @throws AntiphonError `shape` also where a channel has fewer than two values, of which there is no unbiased variance.
 */
export function batchNormTraining(
  x: Tensor,
  weights: BatchNormWeights,
  { epsilon = 1e-5, momentum = 0.1 }: { epsilon?: number; momentum?: number } = {},
): { output: Tensor; mean: Tensor; variance: Tensor } {
  const running = checkedBatchNorm(x, weights)
  const axis = x.shape.map((_, i) => i).filter((i) => i !== 1)
  const count = axis.reduce((size, i) => size * knownSize('batchNormTraining', x, i), 1)
  if (count < 2)
    throw shapeError('batchNormTraining', `${x.toString()} has ${count} value a channel, a variance needs 2`)
  const channels = running.mean.shape
  const { weight, bias } = running
  const batchMean = mean(x, { axis, keepDims: true })
  const centred = sub(x, batchMean)
  const batchVariance = mean(square(centred), { axis })
  const inverseDeviation = div(1, sqrt(add(batchVariance, epsilon)))
  const output = affine(centred, mul(weight, inverseDeviation), bias)
  // With x̂ = (x - μ)/σ, all means over the channel: dx = w/σ (g - mean g - x̂ mean(g x̂)), an affine map of g and of x - μ.
  x.graph.shortcuts.set(output, {
    inputs: [x, weight, bias],
    rule: (g) => {
      const total = once(() => sum(g, { axis }))
      const flow = once(() => mul(sum(mul(g, centred), { axis }), inverseDeviation))
      return [
        () => {
          const scale = mul(weight, inverseDeviation)
          const byCentred = neg(mul(mul(scale, inverseDeviation), mul(flow(), 1 / count)))
          const constant = neg(mul(scale, mul(total(), 1 / count)))
          return add(affine(g, scale, constant), affine(centred, byCentred))
        },
        flow,
        total,
      ]
    },
  })
  const blend = (old: Tensor, now: Tensor): Tensor => add(mul(old, 1 - momentum), mul(now, momentum))
  return {
    output,
    mean: blend(running.mean, reshape(batchMean, channels)),
    variance: blend(running.variance, mul(batchVariance, count / (count - 1))),
  }
}

/** x scale + bias by channel, in one pass: a batch normalisation that has nothing left to normalise. */
function affine(x: Tensor, scale: Tensor, bias?: Tensor): Tensor {
  const channels = scale.shape as number[]
  const fixed = (value: number): Tensor =>
    x.graph.constant(new Float32Array(channels[0]).fill(value), channels)
  const inputs = [x, scale, bias ?? fixed(0), fixed(0), fixed(1)]
  return x.graph.apply('BatchNormalization', inputs, { epsilon: 0 }, [x])[0]
}

/** A value made when first asked for. */
function once(make: () => Tensor): () => Tensor {
  let made: Tensor | undefined
  return () => (made ??= make())
}

export interface NormOptions {
  /** @default 1e-5 */
  readonly epsilon?: number
}

/** Layer normalisation (Ba et al. 2016) over the last axes, as many as weight has; biased variance. */
export function layerNorm(
  x: Tensor,
  weight: Tensor,
  bias: Tensor,
  { epsilon = 1e-5 }: NormOptions = {},
): Tensor {
  const axis = x.rank - weight.rank
  const normalized = x.shape.slice(Math.max(axis, 0))
  if (
    axis < 0 ||
    weight.rank === 0 ||
    !sameShape(normalized, weight.shape) ||
    !sameShape(weight.shape, bias.shape)
  )
    throw shapeError(
      'layerNorm',
      `weight ${weight.toString()} and bias ${bias.toString()} are not the last axes of ${x.toString()}`,
    )
  const statistics = x.shape.map((d, i) => (i < axis ? d : 1))
  // Mean and inverse deviation are there for the gradient; they are not computed unless something reads them.
  return x.graph.apply('LayerNormalization', [x, weight, bias], { axis, epsilon }, [
    x,
    { shape: statistics },
    { shape: statistics },
  ])[0]
}

/** Group normalisation (Wu & He 2018) of x [batch, channels, …]; with as many groups as channels, instance normalisation. */
export function groupNorm(
  x: Tensor,
  weight: Tensor,
  bias: Tensor,
  { groups, epsilon = 1e-5 }: NormOptions & { groups: number },
): Tensor {
  const channels = x.rank < 3 ? 0 : knownSize('groupNorm', x, 1)
  if (channels === 0 || channels % groups !== 0 || weight.shape[0] !== channels || bias.shape[0] !== channels)
    throw shapeError(
      'groupNorm',
      `weight ${weight.toString()} and bias ${bias.toString()} don't fit ${x.toString()} in ${groups} groups`,
    )
  const size = x.shape
    .slice(2)
    .reduce<number>((n, _, i) => n * knownSize('groupNorm', x, i + 2), channels / groups)
  const ones = x.graph.constant(new Float32Array(size).fill(1), [size])
  const zeros = x.graph.constant(new Float32Array(size), [size])
  const normal = reshape(layerNorm(reshape(x, [x.shape[0], groups, size]), ones, zeros, { epsilon }), x.shape)
  const perChannel = (values: Tensor): Tensor => reshape(values, [channels, ...x.shape.slice(2).map(() => 1)])
  return add(mul(normal, perChannel(weight)), perChannel(bias))
}

function checkedBatchNorm(x: Tensor, weights: BatchNormWeights): BatchNormWeights {
  const channels = x.rank < 2 ? undefined : x.shape[1]
  for (const [name, values] of Object.entries(weights) as [string, Tensor][])
    if (values.rank !== 1 || values.shape[0] !== channels)
      throw shapeError(
        'batchNorm',
        `${name} ${values.toString()} is not one number for each channel (axis 1) of ${x.toString()}`,
      )
  return weights
}
