import { Random } from '../random/index.js'
import { AntiphonError } from '../errors/index.js'

export interface EpochOptions {
  /** Pairs. */
  readonly count: number
  /** Pairs in a batch. */
  readonly size: number
  readonly seed: number
}

/**
 * Which pairs are in which batch. Each epoch is a shuffle of all pairs; where the last batch of one is not full, it goes on
 * with the next, and no batch has a pair twice. A batch follows from the seed and its step alone. Where there are fewer pairs
 * than two batches, an epoch is one batch, and those left out wait for the next shuffle.
 * @throws AntiphonError `usage` for fewer pairs than a batch holds
 */
export class Epochs {
  /** Steps, on the average. */
  readonly stepsPerEpoch: number
  private readonly orders = new Map<number, Int32Array>()

  constructor(private readonly options: EpochOptions) {
    const { count, size } = options
    if (count < size)
      throw new AntiphonError(
        'usage',
        `A batch of ${size} pairs can't be made of ${count}: set data.batch to ${count} or less`,
      )
    this.stepsPerEpoch = this.carriesOver ? count / size : 1
  }

  /** Numbers of the pairs of a batch, all different. */
  batch(step: number): Int32Array {
    const { count, size } = this.options
    if (!this.carriesOver) return this.order(step).slice(0, size)
    const pairs = new Int32Array(size)
    for (let row = 0; row < size;) {
      const at = step * size + row
      const rest = this.order(Math.floor(at / count)).subarray(at % count, (at % count) + size - row)
      pairs.set(rest, row)
      row += rest.length
    }
    return pairs
  }

  private get carriesOver(): boolean {
    return this.options.count >= 2 * this.options.size
  }

  private order(epoch: number): Int32Array {
    const known = this.orders.get(epoch)
    if (known) return known
    const order = this.shuffled(epoch)
    if (this.carriesOver) this.keepApart(order, epoch)
    for (const other of this.orders.keys()) if (other < epoch - 1) this.orders.delete(other)
    this.orders.set(epoch, order)
    return order
  }

  private shuffled(epoch: number): Int32Array {
    const { count, seed } = this.options
    const random = new Random(`${seed}/epoch/${epoch}`)
    const order = Int32Array.from({ length: count }, (_, i) => i)
    for (let i = count - 1; i > 0; i--) {
      const j = random.int(0, i)
      const kept = order[i]
      order[i] = order[j]
      order[j] = kept
    }
    return order
  }

  /**
   * Where a batch begins in the epoch before, its pairs from there are moved out of the part that is in this one. The last
   * pairs of an order stay where they are, so that the next order needs to know the shuffle only; with two batches of pairs
   * there is always room.
   */
  private keepApart(order: Int32Array, epoch: number): void {
    const { count, size } = this.options
    const carried = (epoch * count) % size
    if (carried === 0) return
    const taken = new Set(this.shuffled(epoch - 1).subarray(count - carried))
    let free = size - carried
    for (let row = 0; row < size - carried; row++) {
      if (!taken.has(order[row])) continue
      while (taken.has(order[free])) free++
      const kept = order[row]
      order[row] = order[free]
      order[free++] = kept
    }
  }
}
