import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream, existsSync, renameSync } from 'node:fs'
import { finished } from 'node:stream/promises'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { AntiphonError } from '../src/errors/index.js'
import type { Benchmark } from './benchmark.js'
import { figure, median, type Figure } from './figures.js'
import { measure, reference } from './process.js'
import { Random } from './random.js'
import { readRows, vectorSet } from './vectors.js'

const SIZES = [10_000, 100_000]
const NOISE = 6 // of the length: a query's own item is among the first ten for a good part of the queries, not for all

interface Run {
  readonly seconds: number
  readonly rss: number
  readonly meanRank: number
  readonly recallAt10: number
}

/** The streaming evaluation beside NumPy in blocks: as many queries as items, 512 dimensions. */
export const evaluateBenchmark: Benchmark = async ({ only, repeats = 1, say }) => {
  const sizes = only?.map(Number) ?? SIZES
  const unknown = only?.filter((_, i) => !SIZES.includes(sizes[i])) ?? []
  if (unknown.length > 0)
    throw new AntiphonError(
      'usage',
      `--only ${unknown.join(',')} is no size of "evaluate" (expected ${SIZES.join(', ')})`,
    )
  const figures: Figure[] = []
  for (const size of sizes) {
    say(`${size}: vectors (made once) …`)
    const set = await vectorSet(size)
    const queries = await noisyCopies(set.vectorsFile, set.dim)
    const files = { queries, items: set.vectorsFile, dim: set.dim }
    const [ours, numpy]: Run[][] = [[], []]
    let version = ''
    for (let repeat = 1; repeat <= repeats; repeat++) {
      say(`${size}: ours …`)
      ours.push(await runOurs(files))
      say(`  ${describe(ours[repeat - 1])}`)
      const theirs = await reference<Run & { numpy: string }>('rank_blocks.py', [
        ...['--queries', queries, '--items', set.vectorsFile, '--dim', String(set.dim)],
      ])
      if (!theirs) continue
      version = `numpy ${theirs.result.numpy} in blocks`
      numpy.push(theirs.result)
      say(`  ${version}: ${describe(theirs.result)}`)
      // Both round in single precision, each in its own order: near ties may fall either way.
      if (Math.abs(theirs.result.recallAt10 - ours[repeat - 1].recallAt10) > 1e-3)
        throw new Error(`R@10 is ${ours[repeat - 1].recallAt10}, by NumPy ${theirs.result.recallAt10}`)
    }
    const both = (of: (run: Run) => number) => ({
      value: median(ours.map(of)),
      ...(numpy.length > 0 && { reference: version, referenceValue: median(numpy.map(of)) }),
    })
    figures.push(
      figure({ name: `time ${size}`, unit: 's', ...both((run) => run.seconds) }),
      figure({ name: `rss ${size}`, unit: 'MB', ...both((run) => run.rss) }),
    )
  }
  return figures
}

function describe({ seconds, rss, meanRank, recallAt10 }: Run): string {
  return `${seconds.toFixed(1)} s, ${rss.toFixed(0)} MB, mean rank ${meanRank.toFixed(2)}, R@10 ${recallAt10.toFixed(4)}`
}

async function runOurs({
  queries,
  items,
  dim,
}: {
  queries: string
  items: string
  dim: number
}): Promise<Run> {
  const script = fileURLToPath(new URL('./evaluate-run.js', import.meta.url))
  const threads = String(availableParallelism())
  const { stdout } = await measure(process.execPath, [
    ...[script, queries, items],
    ...['--dim', String(dim), '--threads', threads],
  ])
  return JSON.parse(stdout) as Run
}

/** A query for each vector: the vector with noise, again of unit length. Made once. */
async function noisyCopies(vectorsFile: string, dim: number): Promise<string> {
  const key = createHash('sha256').update(`noise ${NOISE}`).digest('hex').slice(0, 8)
  const path = vectorsFile.replace(/\.f32$/, `-${key}.f32`)
  if (existsSync(path)) return path
  const random = new Random(6)
  const file = createWriteStream(`${path}.part`)
  for await (const { rows, block } of readRows(vectorsFile, dim)) {
    const noisy = new Float32Array(rows * dim)
    for (let row = 0; row < rows; row++) {
      const own = noisy.subarray(row * dim, (row + 1) * dim)
      let squares = 0
      for (let i = 0; i < dim; i++) {
        own[i] = block[row * dim + i] + (NOISE / Math.sqrt(dim)) * random.normal()
        squares += own[i] ** 2
      }
      for (let i = 0; i < dim; i++) own[i] /= Math.sqrt(squares)
    }
    if (!file.write(new Uint8Array(noisy.buffer))) await once(file, 'drain')
  }
  file.end()
  await finished(file)
  renameSync(`${path}.part`, path)
  return path
}
