import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { LanceStore } from '../src/catalog/node.js'
import { wav } from '../test/wav.js'
import { figure, median } from './figures.js'
import type { Benchmark } from './benchmark.js'
import { antiphon, timePython } from './process.js'
import { fillStore } from './synthetic-store.js'
import { cacheDir, vectorSet } from './vectors.js'

const MOMENTS = 100_000
const QUERY = 'calm solo piano'
const IMPORTS = 'import torch, transformers'

/** From the shell's start of the process to answers on the screen, over a catalog of 100 thousand moments. */
export const startBenchmark: Benchmark = async ({ repeats = 7, say }) => {
  const work = join(cacheDir, 'start')
  rmSync(work, { recursive: true, force: true })
  mkdirSync(work, { recursive: true })
  try {
    const catalog = join(work, 'catalog')
    await fillCatalog(catalog, work, say)
    const search = async () => {
      const { seconds, stdout } = await antiphon(['search', QUERY, '--catalog', catalog, '--json'])
      const { results } = JSON.parse(stdout) as { results: unknown[] }
      if (results.length !== 10) throw new Error(`The search gave ${results.length} results, expected 10`)
      return seconds * 1000
    }
    await search() // not counted: a model is checked when it is first used on a machine
    await timePython(IMPORTS) // not counted either: Python compiles what it imports for the first time
    const ours: number[] = []
    const theirs: number[] = []
    for (let repeat = 0; repeat < repeats; repeat++) {
      ours.push(await search())
      const other = await timePython(IMPORTS)
      if (other !== null) theirs.push(other * 1000)
    }
    if (theirs.length === 0)
      say('REFERENCE NOT MEASURED: torch and transformers are not installed (npm run bench:setup)')
    return [
      figure({
        name: 'cold start',
        value: median(ours),
        unit: 'ms',
        reference: `python -c "${IMPORTS}"`,
        referenceValue: theirs.length > 0 ? median(theirs) : null,
      }),
    ]
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/** A catalog as the command line makes it, over one second of noise, then filled with vectors of the model's space. */
async function fillCatalog(dir: string, work: string, say: (line: string) => void): Promise<void> {
  const noise = join(work, 'noise.wav')
  writeFileSync(
    noise,
    wav(
      Int16Array.from({ length: 16_000 }, (_, i) => ((i * 7919) % 2048) - 1024),
      { rate: 16_000 },
    ),
  )
  await antiphon(['index', '--catalog', dir, noise])
  const { space } = JSON.parse(readFileSync(join(dir, 'catalog.json'), 'utf8')) as {
    space: { spaceId: string; dim: number }
  }
  say(`a catalog of ${MOMENTS} moments …`)
  const store = await LanceStore.open({ dir, spaceId: space.spaceId, dim: space.dim })
  await fillStore(store, await vectorSet(MOMENTS, { dim: space.dim }))
  await store.tidy()
  await store.close()
}
