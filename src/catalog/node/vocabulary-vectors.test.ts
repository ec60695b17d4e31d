import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, it } from 'node:test'
import type { JointEmbedding } from '../../model/index.js'
import { vocabulary } from '../vocabulary.js'
import { vocabularyVectors } from './vocabulary-vectors.js'

const root = await mkdtemp(join(tmpdir(), 'antiphon-vocabulary-'))
after(() => rm(root, { recursive: true, force: true }))
let made = 0
const folder = (): string => join(root, String(made++))

/** A model that says how often it was asked; its vectors are parts of one buffer, as those of a batch may be. */
function model(spaceId: string, dim = 7): JointEmbedding & { asked: number } {
  const embedding = {
    spaceId,
    dim,
    asked: 0,
    async embedText(texts: readonly string[]) {
      this.asked++
      const matrix = Float32Array.from({ length: texts.length * dim }, (_, i) => Math.sin(i + spaceId.length))
      return texts.map((_, row) => matrix.subarray(row * dim, (row + 1) * dim))
    },
  }
  return embedding as unknown as JointEmbedding & { asked: number }
}

async function cacheFile(dir: string): Promise<string> {
  const names = await readdir(join(dir, 'vocabulary'))
  assert.equal(names.length, 1)
  return join(dir, 'vocabulary', names[0])
}

it('asks the model once a space, and gives the same bits afterwards', async () => {
  const dir = folder()
  const [a, b, wide] = [model('a'), model('bb'), model('a', 11)]
  const first = await vocabularyVectors(a, dir)
  assert.equal(first.length, vocabulary.length)
  assert.deepEqual(await vocabularyVectors(a, dir), first)
  assert.deepEqual(await vocabularyVectors(model('a'), dir), first)
  assert.equal(a.asked, 1)
  assert.notDeepEqual(await vocabularyVectors(b, dir), first)
  assert.equal((await vocabularyVectors(wide, dir))[3].length, 11)
  assert.deepEqual([b.asked, wide.asked], [1, 1])
  assert.deepEqual(await vocabularyVectors(model('a'), dir), first)
})

it('embeds again what is broken, and mends it', async () => {
  const dir = folder()
  const first = await vocabularyVectors(model('a'), dir)
  const path = await cacheFile(dir)
  const whole = await readFile(path)
  const flipped = Buffer.from(whole)
  flipped[1000] ^= 1
  for (const broken of [flipped, whole.subarray(0, 1000), whole.subarray(0, 31), Buffer.alloc(0)]) {
    await writeFile(path, broken)
    const again = model('a')
    assert.deepEqual(await vocabularyVectors(again, dir), first)
    assert.equal(again.asked, 1)
    assert.deepEqual(await readFile(await cacheFile(dir)), whole)
  }
  await truncate(path, 40)
  await rm(path)
  await mkdir(path) // no file can be put here
  assert.deepEqual(await vocabularyVectors(model('a'), dir), first)
  assert.deepEqual(await readdir(join(dir, 'vocabulary')), [path.slice(join(dir, 'vocabulary').length + 1)])
})

it('works where nothing can be written', async () => {
  const dir = folder()
  await writeFile(dir, 'a file where the cache would be')
  const one = model('a')
  assert.deepEqual(await vocabularyVectors(one, dir), await vocabularyVectors(one, dir))
  assert.equal(one.asked, 2)
})
