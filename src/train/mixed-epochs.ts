import { AntiphonError } from '../errors/index.js'
import { Epochs } from './epochs.js'

export interface MixtureShare {
  /** Of the source, for messages. */
  readonly name: string
  /** Of a batch, before rounding; those of all sources add up to 1. */
  readonly share: number
  /** Numbers of its pairs. */
  readonly members: Int32Array
}

/**
 * Batches of several sources by weight: each batch has the same number of pairs of each, its share rounded (at least one), and
 * each source goes through its own epochs, a small one more often than a large one.
 * @throws AntiphonError `usage` where a source has fewer pairs than a batch takes of it
 */
export class MixedEpochs {
  /** Steps in which as many pairs are seen as there are. */
  readonly stepsPerEpoch: number
  private readonly parts: readonly { members: Int32Array; epochs: Epochs }[]

  constructor({ shares, size, seed }: { shares: readonly MixtureShare[]; size: number; seed: number }) {
    const sizes = divide(size, shares)
    this.parts = shares.map(({ name, members }, index) => {
      if (members.length < sizes[index])
        throw new AntiphonError(
          'usage',
          `A batch of ${size} takes ${sizes[index]} pairs of ${name} by its weight, and it has ${members.length}: give it less weight, or set data.batch smaller`,
        )
      // The seed differs by source, or those of one size would be shuffled alike.
      const epochs = new Epochs({ count: members.length, size: sizes[index], seed: seed + index })
      return { members, epochs }
    })
    this.stepsPerEpoch = shares.reduce((sum, { members }) => sum + members.length, 0) / size
  }

  /** Numbers of the pairs of a batch, all different, source after source. */
  batch(step: number): Int32Array {
    const rows: number[] = []
    for (const { members, epochs } of this.parts)
      for (const index of epochs.batch(step)) rows.push(members[index])
    return Int32Array.from(rows)
  }
}

/** Rows of each source: its share rounded down, at least one; what is left goes where most was cut off. */
function divide(size: number, shares: readonly MixtureShare[]): number[] {
  if (shares.length > size)
    throw new AntiphonError(
      'usage',
      `A batch of ${size} pairs can't have one of each of ${shares.length} sources: set data.batch larger`,
    )
  const exact = shares.map(({ share }) => share * size)
  const sizes = exact.map((rows) => Math.max(1, Math.floor(rows)))
  const sum = (): number => sizes.reduce((total, rows) => total + rows, 0)
  /** The source that is furthest from its share, up or down, and can give or take a row. */
  const furthest = (way: 1 | -1): number =>
    sizes.reduce((best, rows, i) => {
      const off = (at: number): number => way * (exact[at] - sizes[at])
      if (way < 0 && rows === 1) return best
      return best < 0 || off(i) > off(best) ? i : best
    }, -1)
  while (sum() < size) sizes[furthest(1)]++
  while (sum() > size) sizes[furthest(-1)]--
  return sizes
}
