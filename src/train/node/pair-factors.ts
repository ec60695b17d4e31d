import { itemNames, type Pair } from '../../data/index.js'
import { ItemTable, readItemFactors, type ItemFactors } from '../../model/index.js'
import { Random } from '../../random/index.js'

/** Factors of the items that pairs are, as a step and validation read them. */
export class PairFactors {
  readonly all: ItemFactors
  private readonly ofPair: readonly (Float32Array | undefined)[]

  constructor(
    bytes: Uint8Array,
    pairs: readonly Pair[],
    private readonly dropout = 0,
  ) {
    this.all = readItemFactors(bytes)
    const table = new ItemTable(this.all)
    this.ofPair = pairs.map(({ track }) => {
      const name = table.find(itemNames(track))
      return name === undefined ? undefined : table.factorsOf(name)
    })
  }

  /**
   * Inputs `factors` and `present` of some pairs; -1 for one without.
   * @param seedOf of a row in training, to leave its factors out now and then
   */
  feeds(pairs: ArrayLike<number>, seedOf?: (row: number) => string) {
    const { dim } = this.all
    const factors = new Float32Array(pairs.length * dim)
    const present = new Float32Array(pairs.length)
    for (let row = 0; row < pairs.length; row++) {
      const own = this.ofPair[pairs[row]]
      if (!own || (seedOf && new Random(seedOf(row)).chance(this.dropout))) continue
      factors.set(own, row * dim)
      present[row] = 1
    }
    return {
      factors: { data: factors, shape: [pairs.length, dim] },
      present: { data: present, shape: [pairs.length, 1] },
    }
  }
}
