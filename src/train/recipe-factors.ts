import { z } from 'zod'

const positive = z.number().positive()

/**
 * What an item is known by beside its sound: factors of a listening matrix, found by alternating least squares (Hu, Koren &
 * Volinsky 2008), joined to what the audio encoder says (Won et al. 2021, the hybrid model).
 */
export const FACTORS = z
  .strictObject({
    /** Length of the factors: 200 in Won et al. 2021 (train/model.py of their code). */
    dim: z.int().positive().max(1024).default(64),
    /** Width of the layer that they go through. Default: dim. */
    hidden: z.int().positive().optional(),
    /** Chance in training that a pair's factors are left out, so that the model serves by audio alone. */
    dropout: z.number().min(0).lt(1).default(0.5),
    /** How often all listeners and items are solved for. */
    sweeps: z.int().positive().default(10),
    /** λ of the least squares. */
    regularisation: positive.default(10),
    /** α: how much more one believes in what was heard. */
    alpha: positive.default(2),
    /** What α multiplies: 1, 1 + ln(count), or the count. */
    weight: z.enum(['heard', 'log', 'count']).default('log'),
  })
  .transform((factors) => ({ ...factors, hidden: factors.hidden ?? factors.dim }))

export function checkFactors(
  {
    audio,
    data,
    loss,
  }: {
    readonly audio: { readonly factors?: unknown }
    readonly data: { readonly listening?: string }
    readonly loss: { readonly self_supervision?: unknown }
  },
  refuse: (path: string, message: string) => void,
): void {
  if (data.listening !== undefined && !audio.factors)
    refuse('data.listening', 'listening is for the factors of items: expected audio.factors with it')
  if (audio.factors && loss.self_supervision !== undefined)
    refuse('loss.self_supervision', 'audio.factors has no second view: leave one of them out')
}
