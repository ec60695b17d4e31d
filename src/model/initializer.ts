/** First values of a parameter; `random` gives numbers evenly from [0, 1). */
export type Initializer = (shape: readonly number[], random: () => number) => Float32Array

export const zeros: Initializer = (shape) => new Float32Array(sizeOf(shape))
export const ones: Initializer = (shape) => zeros(shape, Math.random).fill(1)

/** Normal around 0, by Box and Muller's transform. */
export function normal(deviation: number): Initializer {
  return (shape, random) => {
    const values = zeros(shape, random)
    for (let i = 0; i < values.length; i += 2) {
      const radius = deviation * Math.sqrt(-2 * Math.log(1 - random()))
      const angle = 2 * Math.PI * random()
      values[i] = radius * Math.cos(angle)
      if (i + 1 < values.length) values[i + 1] = radius * Math.sin(angle)
    }
    return values
  }
}

/** Evenly from ±1/√fanIn of a weight [out, in, …kernel]: PyTorch's default for linear layers and convolutions. */
export const kaimingUniform: Initializer = (shape, random) => {
  const bound = 1 / Math.sqrt(Math.max(1, sizeOf(shape.slice(1))))
  return zeros(shape, random).map(() => bound * (2 * random() - 1))
}

/** Evenly from ±√(6/fanIn), which keeps the variance through a layer of ReLU (He et al. 2015). */
export const heUniform: Initializer = (shape, random) => {
  const bound = Math.sqrt(6 / Math.max(1, sizeOf(shape.slice(1))))
  return zeros(shape, random).map(() => bound * (2 * random() - 1))
}

const EMBEDDING_DEVIATION = 0.02 // BERT and GPT-2
const LOOKED_UP = /(embeddings?|token|bias_table)$/

/** By the names that PyTorch's layers give: norms begin as identity, embeddings small, biases at 0. */
export function defaultInitializer(name: string, shape: readonly number[]): Initializer {
  if (shape.length < 2) return /(^|\.)(weight|running_var)$/.test(name) ? ones : zeros
  return LOOKED_UP.test(name.replace(/\.weight$/, '')) ? normal(EMBEDDING_DEVIATION) : kaimingUniform
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, dimension) => size * dimension, 1)
}
