/** Sum of weight · vector, in float64. */
export function combine(
  terms: readonly (readonly [weight: number, vector: Float32Array])[],
  dim: number,
): Float64Array {
  const sum = new Float64Array(dim)
  for (const [weight, vector] of terms) for (let d = 0; d < dim; d++) sum[d] += weight * vector[d]
  return sum
}

/** The vector at unit length; zeros stay zeros. */
export function normalised(vector: Float32Array | Float64Array): Float32Array {
  let squares = 0
  for (const x of vector) squares += x * x
  const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0
  return Float32Array.from(vector, (x) => x * scale)
}

/** Arithmetic mean, [dim], in float64. */
export function mean(vectors: readonly Float32Array[], dim: number): Float64Array {
  return combine(
    vectors.map((vector) => [1 / vectors.length, vector]),
    dim,
  )
}

/** The mean at unit length of at least one vector: a track of its chunks, a query of its prompts. */
export function unitMean(vectors: readonly Float32Array[]): Float32Array {
  return normalised(mean(vectors, vectors[0].length))
}
