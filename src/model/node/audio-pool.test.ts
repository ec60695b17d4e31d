import assert from 'node:assert/strict'
import { mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { TINY_CONFIG, TINY_SAMPLES, writeTinyModel } from '../../../test/tiny-model.js'
import { AudioPool } from './audio-pool.js'

const scratch = mkdtempSync(join(tmpdir(), 'antiphon-audio-pool-'))
let program: string
before(async () => {
  program = join(await writeTinyModel(join(scratch, 'tiny')), 'audio.onnx')
})
after(() => rmSync(scratch, { recursive: true, force: true }))

const chunks = Array.from({ length: 23 }, (_, seed) =>
  Float32Array.from({ length: TINY_SAMPLES }, (_, i) => Math.sin(seed + i * (1.1 + seed))),
)

/** One after the other, so that one thread does it all. */
async function inTurn(pool: AudioPool): Promise<Float32Array[]> {
  const vectors: Float32Array[] = []
  for (const chunk of chunks) vectors.push(await pool.embed(chunk))
  return vectors
}

test('threads that cannot start cost nothing where another embeds', async () => {
  const pool = new AudioPool([program], 3)
  const hidden = `${program}.hidden`
  try {
    const expected = await inTurn(pool)
    renameSync(program, hidden) // from now on no thread finds it
    // So many that they still wait when the threads that are started for them give up.
    const vectors = await Promise.all(
      Array.from({ length: 10_000 }, (_, i) => pool.embed(chunks[i % chunks.length])),
    )
    for (const [i, vector] of vectors.entries()) assert.deepEqual(vector, expected[i % chunks.length])
  } finally {
    await pool.close()
  }
  const none = new AudioPool([program], 3)
  try {
    const results = await Promise.allSettled(chunks.map((chunk) => none.embed(chunk)))
    for (const result of results) {
      assert.equal(result.status, 'rejected')
      assert.equal((result.reason as { code?: string }).code, 'model')
    }
    renameSync(hidden, program) // and back: the next chunks try again
    for (const vector of await inTurn(none)) assert.equal(vector.length, TINY_CONFIG.dim)
  } finally {
    await none.close()
  }
})
