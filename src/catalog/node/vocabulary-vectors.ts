import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { JointEmbedding } from '../../model/index.js'
import { vocabulary } from '../vocabulary.js'

const HASH_BYTES = 32

/**
 * The vectors of the vocabulary's words in a model's space, in their order. Embedding them takes about a second, so they are
 * kept in the cache directory; where it can't be written, or what lies there is broken, they are embedded again.
 */
export async function vocabularyVectors(model: JointEmbedding, cacheDir: string): Promise<Float32Array[]> {
  const { spaceId, dim } = model
  const key = createHash('sha256')
    .update(JSON.stringify([spaceId, dim, vocabulary]))
    .digest('hex')
  const path = join(cacheDir, 'vocabulary', `${key.slice(0, 32)}.f32`)
  const kept = await readVectors(path, dim)
  if (kept?.length === vocabulary.length) return kept
  const vectors = await model.embedText(vocabulary)
  await keepVectors(path, vectors).catch(() => undefined)
  return vectors
}

/** Vectors of a file of ours: the SHA-256 of the rest, then float32 in the machine's order. Undefined if it isn't one. */
async function readVectors(path: string, dim: number): Promise<Float32Array[] | undefined> {
  const file = await readFile(path).catch(() => undefined)
  if (!file) return undefined
  const numbers = file.subarray(HASH_BYTES)
  if (!sha256(numbers).equals(file.subarray(0, HASH_BYTES))) return undefined
  const matrix = new Float32Array(Uint8Array.from(numbers).buffer)
  return Array.from({ length: matrix.length / dim }, (_, row) => matrix.slice(row * dim, (row + 1) * dim))
}

async function keepVectors(path: string, vectors: readonly Float32Array[]): Promise<void> {
  const numbers = Buffer.concat(
    vectors.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength)),
  )
  const draft = `${path}.${process.pid}`
  await mkdir(dirname(path), { recursive: true })
  try {
    await writeFile(draft, Buffer.concat([sha256(numbers), numbers]))
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest()
}
