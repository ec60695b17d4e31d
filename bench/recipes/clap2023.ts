import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { defaultCacheDir, embedFiles } from '../../src/model/node.js'
import { figure, type Figure } from '../figures.js'
import type { MeasureContext, Pool, System, TrainedRun } from './system.js'
import { askCaptions, found } from './text-retrieval.js'

/** What a network without fusion hears at once; pieces of the world are 30 s long. */
const CROP = { start: 10, end: 20 }

/**
 * Audio that is longer than what the network hears at once: four views of all of it in one vector, beside 10 s cut out of it,
 * and beside the mean of all its chunks of 10 s; and training without captions made of keywords.
 */
export const clap2023: System = {
  name: 'clap2023',
  runs: [['bench'], ['bench', 'truncation'], ['bench', 'without-keyword-to-caption']],
  async measure({ pool, runs, say }: MeasureContext): Promise<Figure[]> {
    const [fusion, truncation, plain] = ['bench', 'bench+truncation', 'bench+without-keyword-to-caption'].map(
      (variants) => runs.get(variants)!,
    )
    const cut = { ...truncation, vectors: await cropVectors(truncation, pool) }
    const rows: [string, TrainedRun][] = [
      ['fusion, 30 s in one vector', fusion],
      ['truncation, 10 s in one vector', cut],
      ['truncation, mean of three chunks', truncation],
      ['fusion, tags as they are', plain],
    ]
    const figures: Figure[] = []
    let reference: number | undefined
    for (const [label, run] of rows) {
      const { recallAt, map } = found(run, await askCaptions(run, pool))
      reference ??= recallAt[10]
      say(`  ${label}: R@10 ${recallAt[10].toFixed(3)}, mAP ${map.toFixed(3)}`)
      figures.push(
        figure({
          name: `clap2023 ${label}: R@10`,
          value: recallAt[10],
          unit: '',
          ...(run !== fusion && { reference: rows[0][0], referenceValue: reference }),
          lowerIsBetter: false,
        }),
      )
    }
    return figures
  },
}

/** A vector of 10 s from the middle of each track. */
async function cropVectors({ model }: TrainedRun, { pairs }: Pool): Promise<Float32Array[]> {
  const vectors = await embedFiles({
    audio: pairs.map(({ audio }) => ({ ...audio, ...CROP })),
    model,
    keep: ([{ vector }]) => vector,
    cacheDir: join(defaultCacheDir(), 'evaluate'),
    workers: availableParallelism(),
  })
  const unreadable = vectors.findIndex((vector) => 'reason' in vector)
  if (unreadable >= 0) throw new Error(`Cannot read ${pairs[unreadable].audio.path}`)
  return vectors as Float32Array[]
}
