import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { exactNearest, recall } from './exact.js'
import { readAll, readRows, vectorSet } from './vectors.js'

const dir = mkdtempSync(join(tmpdir(), 'antiphon-bench-'))
test.after(() => rmSync(dir, { recursive: true, force: true }))

test('vectors are unit length, clustered, and the same every time', async () => {
  const set = await vectorSet(611, { dim: 24, queries: 7, dir })
  const vectors = await readAll(set.vectorsFile, set.dim)
  assert.equal(vectors.length, 611)
  for (const vector of vectors) assert.ok(Math.abs(Math.hypot(...vector) - 1) < 1e-6)
  const bytes = readFileSync(set.vectorsFile)
  rmSync(set.vectorsFile)
  await vectorSet(611, { dim: 24, queries: 7, dir })
  assert.deepEqual(readFileSync(set.vectorsFile), bytes)
  const sizes: number[] = []
  for await (const { first, rows } of readRows(set.vectorsFile, set.dim, 100)) sizes.push(first, rows)
  assert.deepEqual(sizes.slice(-4), [500, 100, 600, 11])
})

test('exact neighbours by matrix product are those of comparing one by one', async () => {
  const set = await vectorSet(611, { dim: 24, queries: 7, dir })
  const vectors = await readAll(set.vectorsFile, set.dim)
  const queries = await readAll(set.queriesFile, set.dim)
  const { rows } = await exactNearest(set, 10)
  const expected = queries.map((query) =>
    vectors
      .map((vector, row) => ({ row, score: vector.reduce((sum, x, i) => sum + x * query[i], 0) }))
      .sort((a, b) => b.score - a.score)
      .slice(0, 10)
      .map(({ row }) => row),
  )
  assert.deepEqual(rows, expected)
})

test('recall is the share of the true neighbours that were found, whatever their order', () => {
  assert.equal(
    recall(
      [[3, 2, 1, 0], [7]],
      [
        [0, 1],
        [8, 7],
      ],
    ),
    0.75,
  )
})
