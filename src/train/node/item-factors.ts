import { resolve } from 'node:path'
import { factorSweeps, itemNames } from '../../data/index.js'
import { findListening, readListening } from '../../data/node.js'
import { ItemTable, writeItemFactors } from '../../model/index.js'
import { RecipeError } from '../recipe-error.js'
import { naming } from './naming.js'
import { pause } from './pause.js'
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
    throw new RecipeError(
      'audio.factors',
      `there is no listening in ${data} (expected listening.tsv); name a file with data.listening`,
    )
  onProgress(0, 2 * wanted.sweeps) // reading may take a while
  const { matrix } = await naming('data.listening', readListening(file, { signal }))
  const { dim, sweeps: count, regularisation, alpha, weight } = wanted
  const sweeps = factorSweeps(matrix, {
    dim,
    sweeps: count,
    regularisation,
    alpha,
    weight,
    seed: recipe.seed,
  })
  let sweep = sweeps.next()
  for (; !sweep.done; sweep = sweeps.next()) {
    onProgress(sweep.value.done, sweep.value.total)
    await pause(signal)
  }
  const items = { dim, names: [...matrix.items], factors: standardized(sweep.value.items) }
  const table = new ItemTable(items)
  if (!pairs.pairs.some(({ track }) => table.find(itemNames(track)) !== undefined))
    throw new RecipeError(
      named === undefined ? 'audio.factors' : 'data.listening',
      `nobody in ${file} heard any of the tracks by their ids, such as "${pairs.pairs[0]?.track.id}"; its items are such as "${items.names[0]}"`,
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
