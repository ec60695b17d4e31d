import {
  l2Normalize,
  type Dimension,
  type ElementType,
  type Graph,
  type Shape,
  type Tensor,
} from '../graph/index.js'
import { joinFactors, project, type AudioEncoder, type Scope, type TextEncoder } from '../model/index.js'
import type { Recipe } from './recipe.js'

/** What one row of a side's input looks like. */
export interface RowInput {
  readonly name: string
  readonly shape: Shape
  readonly dtype: ElementType
}

/** Audio or text on its way into the joint space. */
export interface Side {
  readonly name: 'audio' | 'text'
  readonly inputs: readonly RowInput[]
  /** Rows of the inputs to unit vectors [rows, dim]. */
  embed(inputs: readonly Tensor[], scope: Scope): Tensor
}

/** Declares the inputs of a number of rows. */
export function rowInputs(graph: Graph, { inputs }: Side, rows: number): Tensor[] {
  return inputs.map(({ name, shape, dtype }) => graph.input(name, [rows, ...shape], dtype))
}

export interface AudioSideOptions {
  readonly encoder: AudioEncoder
  readonly projection: Recipe['projection']
  /** Of one example, as the encoder's `features` makes them. */
  readonly featureShape: readonly number[]
  /** Factors of the items are joined to the encoder's outputs. */
  readonly factors?: Pick<ItemFactorFields, 'dim' | 'hidden'>
  /** Its outputs are computed beforehand and fed. @default false */
  readonly frozen?: boolean
}

type ItemFactorFields = NonNullable<Recipe['audio']['factors']>

/** Input `features`, of a frozen encoder `audio_outputs`; with factors also `factors` and `present`. */
export function audioSide({
  encoder,
  projection,
  featureShape,
  factors,
  frozen = false,
}: AudioSideOptions): Side {
  return {
    name: 'audio',
    inputs: [
      frozen
        ? { name: 'audio_outputs', shape: [encoder.width], dtype: 'float32' }
        : { name: 'features', shape: featureShape, dtype: 'float32' },
      ...(factors
        ? ([
            { name: 'factors', shape: [factors.dim], dtype: 'float32' },
            { name: 'present', shape: [1], dtype: 'float32' },
          ] as const)
        : []),
    ],
    embed([x, known, present], scope) {
      const heard = frozen ? x : encoder.encode(x, scope)
      const whole = factors ? joinFactors(heard, { factors: known, present }, factors, scope) : heard
      return project(whole, projection, scope)
    },
  }
}

export interface TextSideOptions {
  readonly encoder: TextEncoder
  readonly projection: Recipe['projection']
  /** Length of a row of tokens; a name where any length is taken. */
  readonly tokens: Dimension
  /** Its outputs are computed beforehand and fed. @default false */
  readonly frozen?: boolean
}

/** Inputs `input_ids` and `attention_mask`; of a frozen encoder `text_outputs`. */
export function textSide({ encoder, projection, tokens, frozen = false }: TextSideOptions): Side {
  return {
    name: 'text',
    inputs: frozen
      ? [{ name: 'text_outputs', shape: [encoder.width], dtype: 'float32' }]
      : [
          { name: 'input_ids', shape: [tokens], dtype: 'int32' },
          { name: 'attention_mask', shape: [tokens], dtype: 'int32' },
        ],
    embed: (inputs, scope) =>
      projectText(frozen ? inputs[0] : encoder.encode(inputs[0], inputs[1], scope), projection, scope),
  }
}

/** Outputs of a text encoder [batch, width] to unit vectors [batch, dim]: through a projection, or as they are. */
export function projectText(x: Tensor, projection: Recipe['projection'], scope: Scope): Tensor {
  return projection.sides === 'audio' ? l2Normalize(x) : project(x, projection, scope)
}
