import { unitMean } from '../model/index.js'

export { combine, mean, normalised } from '../model/index.js'

/** a · b; for unit vectors, their cosine. */
export function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let d = 0; d < a.length; d++) sum += a[d] * b[d]
  return sum
}

/** A track's vector: the normalised mean of its moments. */
export function trackVector(moments: readonly { readonly vector: Float32Array }[]): Float32Array {
  return unitMean(moments.map((moment) => moment.vector))
}
