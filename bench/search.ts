import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { LanceStore } from '../src/catalog/node.js'
import { exactNearest, recall } from './exact.js'
import { AntiphonError } from '../src/errors/index.js'
import { figure, median, percentile, type Figure } from './figures.js'
import type { Benchmark, BenchmarkOptions } from './benchmark.js'
import { reference } from './process.js'
import { fillStore, rowOf } from './synthetic-store.js'
import { cacheDir, readAll, vectorSet, type VectorSet } from './vectors.js'

const SIZES = [10_000, 100_000, 1_000_000]
const NEIGHBOURS = 10
const WARM_UP_QUERIES = 20

interface FaissTimes {
  readonly p50: number
  readonly p95: number
  readonly recall: number
}
interface FaissResult {
  readonly faiss: string
  readonly hnsw: FaissTimes & {
    readonly build: number
    readonly builtNow: boolean
    readonly efSearch: number
  }
  readonly flat: FaissTimes
}

/** The store that catalogs use against faiss, at 10 thousand, 100 thousand and a million moments. */
export const searchBenchmark: Benchmark = async (options) => {
  const sizes = options.only?.map(Number) ?? SIZES
  const unknown = options.only?.filter((_, i) => !SIZES.includes(sizes[i])) ?? []
  if (unknown.length > 0)
    throw new AntiphonError(
      'usage',
      `--only ${unknown.join(',')} is no size of "search" (expected ${SIZES.join(', ')})`,
    )
  const figures: Figure[] = []
  for (const size of sizes) figures.push(...(await measureSize(size, options)))
  return figures
}

async function measureSize(size: number, { say, repeats = 3 }: BenchmarkOptions): Promise<Figure[]> {
  say(`${size}: vectors and their exact neighbours (made once) …`)
  const set = await vectorSet(size)
  const exact = await exactNearest(set, NEIGHBOURS)
  const ours = await measureStore(set, exact.rows, repeats, say)
  say(`${size}: faiss …`)
  const faiss = await reference<FaissResult>('search_vectors.py', [
    ...['--vectors', set.vectorsFile, '--queries', set.queriesFile, '--exact', exact.file],
    ...['--dim', String(set.dim), '--recall', String(ours.recall)],
    ...['--index', join(cacheDir, `hnsw-${set.key}`)],
  ])
  const version = `faiss ${faiss?.result.faiss ?? ''}`
  const { hnsw, flat } = faiss?.result ?? {}
  const hnswName = `${version} HNSW, efSearch ${hnsw?.efSearch}, recall ${hnsw?.recall.toFixed(3)}`
  const flatName = `${version} flat scan`
  return [
    figure({
      name: `p50 ${size}`,
      value: ours.p50,
      unit: 'ms',
      reference: hnswName,
      referenceValue: hnsw?.p50,
    }),
    figure({
      name: `p95 ${size}`,
      value: ours.p95,
      unit: 'ms',
      reference: hnswName,
      referenceValue: hnsw?.p95,
    }),
    figure({
      name: `p50 ${size} flat`,
      value: ours.p50,
      unit: 'ms',
      reference: flatName,
      referenceValue: flat?.p50,
    }),
    figure({
      name: `p95 ${size} flat`,
      value: ours.p95,
      unit: 'ms',
      reference: flatName,
      referenceValue: flat?.p95,
    }),
    figure({
      name: `recall ${size}`,
      value: ours.recall,
      unit: '',
      reference: hnswName,
      referenceValue: hnsw?.recall,
      lowerIsBetter: false,
    }),
    figure({
      name: `build ${size}`,
      value: ours.build,
      unit: 's',
      reference: `${version} HNSW${hnsw?.builtNow ? '' : ', built in an earlier run'}`,
      referenceValue: hnsw?.build,
    }),
    figure({ name: `tracks p50 ${size}`, value: ours.tracksP50, unit: 'ms' }),
  ]
}

interface StoreTimes {
  readonly p50: number
  readonly p95: number
  readonly recall: number
  /** Seconds of building the vector index, the vectors being stored. */
  readonly build: number
  /** The same, tracks looked up and told apart: what a search of the catalog asks for. */
  readonly tracksP50: number
}

async function measureStore(
  set: VectorSet,
  exact: readonly (readonly number[])[],
  repeats: number,
  say: (line: string) => void,
): Promise<StoreTimes> {
  const dir = join(cacheDir, `store-${set.key}`)
  rmSync(dir, { recursive: true, force: true })
  mkdirSync(dir, { recursive: true })
  const store = await LanceStore.open({ dir, spaceId: 'bench', dim: set.dim })
  try {
    const beforeWriting = performance.now()
    await fillStore(store, set)
    const beforeBuilding = performance.now()
    say(
      `${set.count}: written in ${((beforeBuilding - beforeWriting) / 1000).toFixed(0)} s; building the index …`,
    )
    await store.tidy()
    const build = (performance.now() - beforeBuilding) / 1000
    say(`${set.count}: built in ${build.toFixed(1)} s; searching …`)
    const queries = await readAll(set.queriesFile, set.dim)
    const found: number[][] = []
    const search = async (query: Float32Array) => {
      const hits = await store.nearestMoments(query, NEIGHBOURS)
      return hits.map(rowOf)
    }
    for (const query of queries.slice(0, WARM_UP_QUERIES)) await search(query)
    const times: number[] = []
    for (let repeat = 0; repeat < repeats; repeat++)
      for (const [q, query] of queries.entries()) {
        const started = performance.now()
        const hits = await search(query)
        times.push(performance.now() - started)
        found[q] = hits
      }
    const trackTimes: number[] = []
    for (const query of queries) {
      const started = performance.now()
      await store.nearest(query, { limit: NEIGHBOURS })
      trackTimes.push(performance.now() - started)
    }
    return {
      p50: median(times),
      p95: percentile(times, 0.95),
      recall: recall(found, exact),
      build,
      tracksP50: median(trackTimes),
    }
  } finally {
    await store.close()
    rmSync(dir, { recursive: true, force: true })
  }
}
