const MARGIN = 1e-6 // of PyTorch's clip_grad_norm_, so that a norm of 0 divides

/** Euclidean length of all gradients together; NaN or infinite where one of them is. */
export function globalNorm(gradients: ReadonlyMap<string, Float32Array>): number {
  let total = 0
  for (const gradient of gradients.values()) total += sumOfSquares(gradient)
  return Math.sqrt(total)
}

/**
 * Scales gradients in place so that their global norm is at most `maxNorm` (Pascanu et al. 2013).
 * @returns the norm before. One that is not finite leaves the gradients as they are: the caller stops.
 */
export function clipByGlobalNorm(gradients: ReadonlyMap<string, Float32Array>, maxNorm: number): number {
  const norm = globalNorm(gradients)
  const factor = maxNorm / (norm + MARGIN)
  if (factor < 1 && Number.isFinite(norm))
    for (const gradient of gradients.values()) for (let i = 0; i < gradient.length; i++) gradient[i] *= factor
  return norm
}

/** Four sums side by side: one alone would wait for itself at every addition. */
function sumOfSquares(x: Float32Array): number {
  let [a, b, c, d] = [0, 0, 0, 0]
  const whole = x.length - (x.length % 4)
  for (let i = 0; i < whole; i += 4) {
    a += x[i] * x[i]
    b += x[i + 1] * x[i + 1]
    c += x[i + 2] * x[i + 2]
    d += x[i + 3] * x[i + 3]
  }
  for (let i = whole; i < x.length; i++) a += x[i] * x[i]
  return a + b + (c + d)
}
