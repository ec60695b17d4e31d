import type { UpdateRule } from './update-rule.js'

export interface SgdOptions {
  readonly kind: 'sgd'
  /** @default 0 */
  readonly momentum?: number
  /** Looks ahead along the momentum (Sutskever et al. 2013). @default false */
  readonly nesterov?: boolean
}

/** Stochastic gradient descent: g += decay p; m = momentum m + g; p -= rate m, with nesterov p -= rate (g + momentum m). */
export function sgd({ momentum = 0, nesterov = false }: SgdOptions): UpdateRule {
  return {
    slots: momentum > 0 ? ['momentum_buffer'] : [],
    update(parameter, gradient, slots, { learningRate, weightDecay }) {
      const buffer = slots[0] ?? new Float32Array(0)
      const buffered = momentum > 0
      for (let i = 0; i < parameter.length; i++) {
        const g = gradient[i] + weightDecay * parameter[i]
        let direction = g
        if (buffered) {
          const m = momentum * buffer[i] + g
          buffer[i] = m
          direction = nesterov ? g + momentum * m : m
        }
        parameter[i] -= learningRate * direction
      }
    },
  }
}
