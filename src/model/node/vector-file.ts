import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { reasonOf } from '../../audio/node.js'
import { AntiphonError } from '../../errors/index.js'
import type { EmbeddedChunk } from '../embed-chunks.js'

// A cached file of vectors: start and end of each chunk as float64, the vectors as float32, then the count as a check that it is whole.
const TIMES_BYTES = 16
const NUMBER_BYTES = 4

/** Chunks of a file that was written before; undefined where there is none, or none that is whole. */
export async function readChunks(file: string, dim: number): Promise<EmbeddedChunk[] | undefined> {
  let bytes: Buffer
  try {
    bytes = await readFile(file)
  } catch {
    return undefined
  }
  const chunkBytes = TIMES_BYTES + NUMBER_BYTES * dim
  const count = (bytes.length - NUMBER_BYTES) / chunkBytes
  if (!Number.isInteger(count) || count < 1 || bytes.readUInt32LE(bytes.length - NUMBER_BYTES) !== count)
    return undefined
  const vectors = count * TIMES_BYTES
  return Array.from({ length: count }, (_, i) => ({
    start: bytes.readDoubleLE(i * TIMES_BYTES),
    end: bytes.readDoubleLE(i * TIMES_BYTES + 8),
    vector: Float32Array.from({ length: dim }, (_, d) =>
      bytes.readFloatLE(vectors + NUMBER_BYTES * (i * dim + d)),
    ),
  }))
}

/** Writes at least one chunk, whole or not at all. @throws AntiphonError `failed` */
export async function writeChunks(file: string, chunks: readonly EmbeddedChunk[]): Promise<void> {
  const dim = chunks[0].vector.length
  const vectors = chunks.length * TIMES_BYTES
  const bytes = Buffer.alloc(vectors + NUMBER_BYTES * (chunks.length * dim + 1))
  for (const [i, { start, end, vector }] of chunks.entries()) {
    bytes.writeDoubleLE(start, i * TIMES_BYTES)
    bytes.writeDoubleLE(end, i * TIMES_BYTES + 8)
    for (let d = 0; d < dim; d++) bytes.writeFloatLE(vector[d], vectors + NUMBER_BYTES * (i * dim + d))
  }
  bytes.writeUInt32LE(chunks.length, bytes.length - NUMBER_BYTES)
  const draft = `${file}.${process.pid}.part`
  try {
    await writeFile(draft, bytes)
    await rename(draft, file)
  } catch (error) {
    await rm(draft, { force: true })
    const { code } = error as NodeJS.ErrnoException
    const reason = code === 'ENOSPC' ? 'the disk is full' : reasonOf(error)
    throw new AntiphonError('failed', `Cannot write ${file}: ${reason}`, { cause: error })
  }
}
