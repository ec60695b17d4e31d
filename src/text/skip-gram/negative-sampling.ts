import { AntiphonError } from '../../errors/index.js'
import { createVectorKernel, type VectorKernel } from './vector-kernel.js'

const LANES = 4 // numbers in a vector of the kernel
const FLOAT_BYTES = 4
const MOST_BYTES = 2 ** 32 - 2 ** 16 // of WebAssembly's memory

/** The weights of skip-gram: a vector for each word, and one for each word as a neighbour; both 0 in the beginning. */
export class SkipGramWeights {
  private readonly kernel: VectorKernel
  private readonly rowBytes: number
  private readonly slope: number

  /** @throws AntiphonError `usage` for more than 4 GB */
  constructor(
    private readonly words: number,
    private readonly dim: number,
  ) {
    this.rowBytes = Math.ceil(dim / LANES) * LANES * FLOAT_BYTES // what is behind a vector stays 0
    this.slope = 2 * words * this.rowBytes
    const bytes = this.slope + this.rowBytes
    if (bytes > MOST_BYTES)
      throw new AntiphonError(
        'usage',
        `Word vectors of ${words} words and ${dim} numbers need ${(bytes / 1e9).toFixed(1)} GB, more than 4: raise min_count, or lower dim`,
      )
    this.kernel = createVectorKernel(bytes)
  }

  /** The vector of a word, in place. */
  vector(word: number): Float32Array {
    return new Float32Array(this.kernel.memory, word * this.rowBytes, this.dim)
  }

  /** The vector of a word as a neighbour, in place. */
  neighbour(word: number): Float32Array {
    return new Float32Array(this.kernel.memory, (this.words + word) * this.rowBytes, this.dim)
  }

  /** All vectors of words, [words, dim], in the order of their numbers. */
  vectors(): Float32Array {
    const all = new Float32Array(this.words * this.dim)
    for (let word = 0; word < this.words; word++) all.set(this.vector(word), word * this.dim)
    return all
  }

  /**
   * One step down the slope of -log σ(u_c · v_w) - Σ_n log σ(-u_n · v_w), w a word, c its neighbour and n the negatives (Mikolov et al.
   * 2013, section 2.2, equation 4). Vectors of neighbours move one after the other; that of the word moves once, in the end.
   * @param targets the neighbour, then the negatives; a negative that is the neighbour is passed by
   */
  step(word: number, targets: Int32Array, rate: number): void {
    const { kernel, rowBytes, slope } = this
    const at = word * rowBytes
    for (let n = 0; n < targets.length; n++) {
      if (n > 0 && targets[n] === targets[0]) continue
      const to = (this.words + targets[n]) * rowBytes
      const dot = kernel.dot(at, at + rowBytes, to)
      const step = rate * ((n === 0 ? 1 : 0) - 1 / (1 + Math.exp(-dot)))
      kernel.pull(slope, slope + rowBytes, to, at, step)
    }
    kernel.take(at, at + rowBytes, slope)
  }
}
