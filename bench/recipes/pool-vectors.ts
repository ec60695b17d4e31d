import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { itemNames } from '../../src/data/index.js'
import { unitMean } from '../../src/model/index.js'
import { defaultCacheDir, embedFiles, type OpenedModel } from '../../src/model/node.js'
import type { Pool } from './system.js'

/**
 * Unit vectors of the pool's tracks, the mean of each track's chunks.
 * @param options.known with factors of who listens to them, where the model has some. @default false
 */
export async function poolVectors(
  model: OpenedModel,
  { pairs }: Pool,
  { known = false }: { readonly known?: boolean } = {},
): Promise<Float32Array[]> {
  const audio = await Promise.all(
    pairs.map(async (pair) => {
      const item = known ? await model.items?.find(itemNames(pair.track)) : undefined
      return item === undefined ? pair.audio : { ...pair.audio, item }
    }),
  )
  const vectors = await embedFiles({
    audio,
    model,
    keep: (chunks) => unitMean(chunks.map(({ vector }) => vector)),
    cacheDir: join(defaultCacheDir(), 'evaluate'),
    workers: availableParallelism(),
  })
  return vectors.map((vector, track) => {
    if ('reason' in vector) throw new Error(`Cannot read ${pairs[track].audio.path}: ${vector.reason}`)
    return vector
  })
}
