/** Row by row, [words, dim]. */
export interface SkipGramWeights {
  readonly dim: number
  /** Vectors of words: what is learnt. */
  readonly input: Float32Array
  /** Vectors of words as neighbours. */
  readonly output: Float32Array
}

/**
 * One step down the slope of -log σ(u_c · v_w) - Σ_n log σ(-u_n · v_w), w a word, c its neighbour and n the negatives (Mikolov et al. 2013,
 * section 2.2, equation 4). Vectors of neighbours move one after the other; that of the word moves once, in the end.
 * @param targets the neighbour, then the negatives; a negative that is the neighbour is passed by
 * @param slope room for dim numbers
 */
export function negativeSamplingStep(
  { dim, input, output }: SkipGramWeights,
  word: number,
  targets: Int32Array,
  rate: number,
  slope: Float32Array,
): void {
  const at = word * dim
  slope.fill(0)
  for (let n = 0; n < targets.length; n++) {
    if (n > 0 && targets[n] === targets[0]) continue
    const to = targets[n] * dim
    let dot = 0
    for (let i = 0; i < dim; i++) dot += input[at + i] * output[to + i]
    const step = rate * ((n === 0 ? 1 : 0) - 1 / (1 + Math.exp(-dot)))
    for (let i = 0; i < dim; i++) {
      slope[i] += step * output[to + i]
      output[to + i] += step * input[at + i]
    }
  }
  for (let i = 0; i < dim; i++) input[at + i] += slope[i]
}
