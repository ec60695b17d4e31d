import { createAdamKernel } from './adam-kernel.js'
import type { UpdateRule } from './update-rule.js'

export interface AdamOptions {
  /** `adamw` shrinks the weights beside the step (Loshchilov & Hutter 2019), `adam` adds the decay to the gradient. */
  readonly kind: 'adam' | 'adamw'
  /** @default 0.9 */
  readonly beta1?: number
  /** @default 0.999 */
  readonly beta2?: number
  /** @default 1e-8 */
  readonly epsilon?: number
}

/**
 * Adam (Kingma & Ba 2015), k counted from 1:
 *
 *     m = β₁ m + (1-β₁) g      v = β₂ v + (1-β₂) g²
 *     p -= rate (m / (1-β₁ᵏ)) / (√(v / (1-β₂ᵏ)) + ε)
 */
export function adam({ kind, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }: AdamOptions): UpdateRule {
  const kernel = createAdamKernel()
  return {
    slots: ['exp_avg', 'exp_avg_sq'],
    update(parameter, gradient, [first, second], { step, learningRate, weightDecay }) {
      kernel(parameter, gradient, first, second, {
        shrink: kind === 'adamw' ? 1 - learningRate * weightDecay : 1,
        l2: kind === 'adam' ? weightDecay : 0,
        beta1,
        rest1: 1 - beta1,
        beta2,
        rest2: 1 - beta2,
        rate: learningRate / (1 - beta1 ** step),
        correction: 1 / Math.sqrt(1 - beta2 ** step),
        epsilon,
      })
    },
  }
}
