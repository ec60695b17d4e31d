import { resolve } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { factorize, itemNames, type Pair } from '../../data/index.js'
import { findListening, readListening } from '../../data/node.js'
import { AntiphonError } from '../../errors/index.js'
import { ItemTable, readItemFactors, writeItemFactors, type ItemFactors } from '../../model/index.js'
import { Random } from '../../random/index.js'
import type { TrainOptions } from './run-options.js'

/**
 * Makes the factors of all items of the listening data of a recipe that wants them, once for a run.
 * @returns the bytes of the file; undefined where the recipe wants none
 * @throws AntiphonError `usage` where there is no listening, or of none of the pairs; `interrupted`
 */
export async function makeFactors(
  { recipe, data, pairs, base = process.cwd(), signal }: TrainOptions,
  onProgress: (done: number, total: number) => void,
): Promise<Uint8Array | undefined> {
  const { factors: wanted } = recipe.audio
  if (!wanted) return undefined
  const named = recipe.data.listening
  const file = named === undefined ? await findListening(data) : resolve(base, named)
  if (file === undefined)
    throw new AntiphonError(
      'usage',
      `audio.factors: there is no listening in ${data} (expected listening.tsv); name a file with data.listening`,
    )
  const { matrix } = await readListening(file, { signal })
  await setImmediate()
  const { dim, sweeps, regularisation, alpha, weight } = wanted
  const found = factorize(matrix, {
    dim,
    sweeps,
    regularisation,
    alpha,
    weight,
    seed: recipe.seed,
    onProgress: ({ done, total }) => {
      if (signal?.aborted) throw new AntiphonError('interrupted', 'Interrupted', { cause: signal.reason })
      onProgress(done, total)
    },
  })
  const items = { dim, names: [...matrix.items], factors: standardized(found.items) }
  const table = new ItemTable(items)
  if (!pairs.pairs.some(({ track }) => table.find(itemNames(track)) !== undefined))
    throw new AntiphonError(
      'usage',
      `${named === undefined ? 'audio.factors' : 'data.listening'}: nobody in ${file} heard any of the tracks by their ids, such as "${pairs.pairs[0]?.track.id}"; its items are such as "${items.names[0]}"`,
    )
  return writeItemFactors(items)
}

/** A mean square of 1, as a layer likes its inputs: how small factors are follows from the regularisation. */
function standardized(factors: Float32Array): Float32Array {
  let sum = 0
  for (const value of factors) sum += value * value
  const scale = 1 / Math.sqrt(sum / factors.length || 1)
  return factors.map((value) => scale * value)
}

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

  /** Whether one of the pairs has factors. */
  has(pair: number): boolean {
    return this.ofPair[pair] !== undefined
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
