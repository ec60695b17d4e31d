/** Terms, and a vector each. */
export interface WordVectors {
  readonly terms: readonly string[]
  readonly dim: number
  /** [terms, dim], row by row. */
  readonly data: Float32Array
}

export interface Neighbour {
  readonly term: string
  readonly cosine: number
}

/** The terms nearest to one by cosine, itself left out; none where it has no vector. */
export function neighbours(vectors: WordVectors, term: string, most: number): Neighbour[] {
  const { terms, dim, data } = vectors
  const at = terms.indexOf(term)
  if (at < 0) return []
  const row = (i: number): Float32Array => data.subarray(i * dim, (i + 1) * dim)
  const own = row(at)
  return terms
    .map((other, i) => ({ term: other, cosine: cosine(own, row(i)) }))
    .filter((_, i) => i !== at)
    .sort((a, b) => b.cosine - a.cosine)
    .slice(0, most)
}

function cosine(a: Float32Array, b: Float32Array): number {
  let [dot, ofA, ofB] = [0, 0, 0]
  for (let i = 0; i < a.length; i++) {
    dot += a[i] * b[i]
    ofA += a[i] * a[i]
    ofB += b[i] * b[i]
  }
  return dot / (Math.sqrt(ofA * ofB) || 1)
}
