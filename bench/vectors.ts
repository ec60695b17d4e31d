import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, renameSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { repositoryRoot } from './process.js'
import { Random } from './random.js'

/** Made once, kept between runs. */
export const cacheDir = join(repositoryRoot, '.cache/bench')

/**
 * Clustered unit vectors whose neighbourhoods resemble those of learnt embeddings: a mixture of Gaussians in few latent
 * dimensions, where clusters overlap, mapped linearly into many, plus a little noise in all of them.
 *
 *     latent = centre[random] + spread · normal      [LATENT]
 *     vector = unit( latent · map + NOISE · normal ) [dim]
 *
 * A query is drawn like a vector of the set, and is none of them.
 */
export interface VectorSet {
  readonly count: number
  readonly dim: number
  readonly queries: number
  /** Raw little-endian float32, [count, dim] and [queries, dim]. */
  readonly vectorsFile: string
  readonly queriesFile: string
  /** Changes with every parameter. */
  readonly key: string
  /** Where all of this is kept. */
  readonly dir: string
}

const LATENT = 32 // learnt embeddings of hundreds of dimensions measure as some tens
const VECTORS_A_CENTRE = 200
const SPREAD = 0.8 // of a centre's own length in every latent dimension: neighbouring clusters overlap
const NOISE = 0.1 // of the mapped latent's length
const SEED = 20240501
const ROWS_AT_ONCE = 4096

/** Makes the set in the cache, or finds it there. */
export async function vectorSet(
  count: number,
  { dim = 512, queries = 200, dir = cacheDir } = {},
): Promise<VectorSet> {
  const parameters = {
    count,
    dim,
    queries,
    LATENT,
    VECTORS_A_CENTRE,
    SPREAD,
    NOISE,
    SEED,
    version: 1,
  }
  const hash = createHash('sha256').update(JSON.stringify(parameters)).digest('hex').slice(0, 8)
  const key = `${count}x${dim}-${hash}`
  const set = {
    count,
    dim,
    queries,
    key,
    dir,
    vectorsFile: join(dir, `vectors-${key}.f32`),
    queriesFile: join(dir, `queries-${key}.f32`),
  }
  mkdirSync(dir, { recursive: true })
  if (existsSync(set.vectorsFile) && existsSync(set.queriesFile)) return set
  const random = new Random(SEED)
  const map = random.normals(LATENT * dim).map((x) => x / Math.sqrt(LATENT * dim)) // keeps length about 1 for unit normals
  const centres = random.normals(Math.ceil(count / VECTORS_A_CENTRE) * LATENT)
  const make = () => makeVector({ random, map, centres, dim })
  await write(set.queriesFile, queries, dim, make)
  await write(set.vectorsFile, count, dim, make)
  return set
}

interface Mixture {
  random: Random
  map: Float32Array
  centres: Float32Array
  dim: number
}

function makeVector({ random, map, centres, dim }: Mixture): Float32Array {
  const centre = random.integer(centres.length / LATENT) * LATENT
  const vector = new Float32Array(dim)
  for (let i = 0; i < LATENT; i++) {
    const latent = centres[centre + i] + SPREAD * random.normal()
    for (let d = 0; d < dim; d++) vector[d] += latent * map[i * dim + d]
  }
  let squares = 0
  for (let d = 0; d < dim; d++) {
    vector[d] += (NOISE / Math.sqrt(dim)) * random.normal()
    squares += vector[d] * vector[d]
  }
  const scale = 1 / Math.sqrt(squares)
  for (let d = 0; d < dim; d++) vector[d] *= scale
  return vector
}

async function write(path: string, count: number, dim: number, make: () => Float32Array): Promise<void> {
  const partial = `${path}.part`
  const file = await open(partial, 'w')
  const block = new Float32Array(Math.min(count, ROWS_AT_ONCE) * dim)
  for (let row = 0; row < count;) {
    const rows = Math.min(ROWS_AT_ONCE, count - row)
    for (let i = 0; i < rows; i++) block.set(make(), i * dim)
    await file.write(new Uint8Array(block.buffer, 0, rows * dim * 4))
    row += rows
  }
  await file.close()
  renameSync(partial, path)
}

/** Rows of a raw float32 file, block after block; the block is used again, so copy what is kept. */
export async function* readRows(
  path: string,
  dim: number,
  rowsAtOnce = ROWS_AT_ONCE,
): AsyncGenerator<{ first: number; rows: number; block: Float32Array }> {
  const file = await open(path)
  try {
    const block = new Float32Array(rowsAtOnce * dim)
    const bytes = new Uint8Array(block.buffer)
    for (let first = 0; ;) {
      let filled = 0
      while (filled < bytes.length) {
        const { bytesRead } = await file.read(bytes, filled, bytes.length - filled)
        if (bytesRead === 0) break
        filled += bytesRead
      }
      const rows = filled / (dim * 4)
      if (rows > 0) yield { first, rows, block }
      first += rows
      if (filled < bytes.length) return
    }
  } finally {
    await file.close()
  }
}

/** All rows of a small file, each in an array of its own. */
export async function readAll(path: string, dim: number): Promise<Float32Array[]> {
  const all: Float32Array[] = []
  for await (const { rows, block } of readRows(path, dim))
    for (let i = 0; i < rows; i++) all.push(block.slice(i * dim, (i + 1) * dim))
  return all
}
