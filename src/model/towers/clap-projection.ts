import { z } from 'zod'
import type { Tensor } from '../../graph/index.js'
import type { Scope } from '../scope.js'
import { ACTIVATIONS, activate, dense } from './layers.js'

/** The way from a tower of CLAP to the joint space (Wu et al. 2023), under the names of a published `config.json`. */
export const CLAP_PROJECTION_OPTIONS = {
  /** Length of the joint vectors; null: the tower ends before. */
  projection_dim: z.int().positive().nullable().default(null),
  projection_hidden_act: z.enum(ACTIVATIONS).default('relu'),
}
export type ClapProjectionOptions = z.infer<z.ZodObject<typeof CLAP_PROJECTION_OPTIONS>>

/** Two dense layers `audio_projection` or `text_projection`, where the options have a joint space; not normalised. */
export function clapProjection(
  x: Tensor,
  name: 'audio_projection' | 'text_projection',
  scope: Scope,
  { projection_dim: dim, projection_hidden_act: activation }: ClapProjectionOptions,
): Tensor {
  if (dim === null) return x
  const inner = activate(dense(x, `${name}.linear1`, dim, scope), activation)
  return dense(inner, `${name}.linear2`, dim, scope)
}
