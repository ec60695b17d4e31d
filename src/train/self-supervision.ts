import { concat, l2Normalize, linear, relu, slice, type Tensor } from '../graph/index.js'
import { project, type Scope } from '../model/index.js'
import type { Recipe } from './recipe.js'
import { audioSide, type AudioSideOptions, type Side } from './sides.js'

export type SelfSupervision = NonNullable<Recipe['loss']['self_supervision']>

/** Below it are the parameters of the head, which is trained and doesn't serve. */
export const SELF_SUPERVISION = 'self_supervision.'

/** The audio side as a step trains it. */
export function trainedAudioSide({
  recipe: { audio, projection, loss },
  frozen = false,
  ...options
}: Omit<AudioSideOptions, 'projection' | 'factors'> & {
  readonly recipe: Pick<Recipe, 'projection' | 'loss'> & { readonly audio: Pick<Recipe['audio'], 'factors'> }
}): Side {
  const { self_supervision: selfSupervision } = loss
  return selfSupervision
    ? twoViewSide({ ...options, projection, selfSupervision })
    : audioSide({ ...options, projection, factors: audio.factors, frozen })
}

interface TwoViewOptions extends Omit<AudioSideOptions, 'frozen' | 'factors'> {
  readonly selfSupervision: SelfSupervision
}

/**
 * Audio in training that is to know itself again, as in MusCALL (Manco et al. 2022): two views of each track, inputs
 * `features` and `second_features`. The first goes into the joint space; outputs of the encoder for both go through a head
 * of their own. They lie side by side in a row, [rows, dim + 2 · self-supervised dim], so that gradient caching carries them
 * like any vectors: `viewsOf` takes them apart. Batch norm sees both views at once.
 */
function twoViewSide({ encoder, projection, featureShape, selfSupervision }: TwoViewOptions): Side {
  const view = { shape: featureShape, dtype: 'float32' } as const
  return {
    name: 'audio',
    inputs: [
      { name: 'features', ...view },
      { name: 'second_features', ...view },
    ],
    embed([first, second], scope) {
      const rows = first.shape[0] as number
      const outputs = encoder.encode(concat([first, second], { axis: 0 }), scope)
      const joint = project(slice(outputs, { axis: 0, end: rows }), projection, scope)
      const views = head(outputs, selfSupervision, scope.within(SELF_SUPERVISION))
      return concat([joint, slice(views, { axis: 0, end: rows }), slice(views, { axis: 0, start: rows })], {
        axis: 1,
      })
    },
  }
}

export interface Views {
  /** Unit vectors in the joint space, [rows, dim]. */
  readonly joint: Tensor
  /** Unit vectors of the two views, [rows, self-supervised dim]. */
  readonly views?: readonly [first: Tensor, second: Tensor]
}

/** What `twoViewSide` put side by side; of any other side the vectors themselves. */
export function viewsOf(rows: Tensor, { projection, loss }: Pick<Recipe, 'projection' | 'loss'>): Views {
  if (!loss.self_supervision) return { joint: rows }
  const middle = projection.dim + loss.self_supervision.dim
  return {
    joint: slice(rows, { axis: 1, end: projection.dim }),
    views: [
      slice(rows, { axis: 1, start: projection.dim, end: middle }),
      slice(rows, { axis: 1, start: middle }),
    ],
  }
}

/** Outputs of the encoder [rows, width] to unit vectors: two linear layers without biases, as SimCLR's (Chen et al. 2020, section 2.1). */
function head(x: Tensor, { dim, hidden }: SelfSupervision, scope: Scope): Tensor {
  const width = x.shape[1] as number
  const middle = hidden ?? width
  const y = relu(linear(x, scope.parameter('0.weight', [middle, width])))
  return l2Normalize(linear(y, scope.parameter('1.weight', [dim, middle])))
}
