import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { repositoryRoot } from '../../../test/golden.js'
import { float32 } from '../../graph/index.js'
import { nodeRuntime } from '../../graph/node.js'
import { embedWords } from './embed-words.js'
import { hashesOf, readMadeFiles } from './made-files.js'
import { openSentenceEncoder } from './sentence-encoder.js'
import { readWordTable, wordTable } from './word-table.js'

const dir = mkdtempSync(join(tmpdir(), 'antiphon-words-'))
after(() => rmSync(dir, { recursive: true, force: true }))

const runtime = await nodeRuntime()
const find = (name: string): Promise<string> => Promise.resolve(join(repositoryRoot, name))
const encoder = 'models/towers/minilm'

test('words are embedded as the encoder embeds them one by one, and kept on disk', async () => {
  const asked = ['theremin', 'piano', 'glockenspiel', 'lofi', 'piano']
  const told: number[] = []
  const engine = { threads: 1 }
  const options = { runtime, engine, find, encoder, mostWords: 12, cacheDir: dir }
  const vectors = await embedWords(asked, { ...options, onProgress: (done) => told.push(done) })
  const { terms, dim, data } = vectors
  assert.equal(terms.length, 12 + 4)
  assert.ok(terms.slice(0, 12).every((term) => /^[a-z\d]+$/.test(term)))
  assert.deepEqual(terms.slice(12), ['glockenspiel', 'lofi', 'piano', 'theremin'])
  assert.equal(told.at(-1), 16)
  const one = await openSentenceEncoder(encoder, { runtime, engine, find })
  const rows = await one.encoder.outputs(terms)
  await one.encoder.close()
  for (let at = 0; at < rows.length; at += dim) {
    const row = rows.subarray(at, at + dim)
    const length = Math.hypot(...row)
    for (let i = 0; i < dim; i++) assert.ok(Math.abs(data[at + i] - row[i] / length) < 1e-5, terms[at / dim])
  }
  assert.equal(readdirSync(join(dir, 'words')).length, 2)
  assert.deepEqual(await embedWords(asked, { ...options, onProgress: () => assert.fail() }), vectors)
  for (const name of readdirSync(join(dir, 'words'))) writeFileSync(join(dir, 'words', name), 'damaged')
  assert.deepEqual(await embedWords(asked, options), vectors)
  const stopped = AbortSignal.abort()
  await assert.rejects(embedWords(['zither'], { ...options, signal: stopped }), { code: 'interrupted' })
})

test('the table of words has their mean first', () => {
  const bytes = wordTable({ terms: ['a', 'b'], dim: 3, data: Float32Array.of(1, 2, 3, 3, 0, 5) })
  const { weights, width } = readWordTable(bytes, 'words')
  assert.equal(width, 3)
  assert.deepEqual([...float32(weights, 'word_embedding.weight')], [2, 1, 4, 1, 2, 3, 3, 0, 5])
})

test('what a run made is known again by its hash', async () => {
  const made = new Map([['tokenizer.json', new TextEncoder().encode('{}')]])
  const hashes = hashesOf(made)
  writeFileSync(join(dir, 'tokenizer.json'), '{}')
  assert.deepEqual(
    [...(await readMadeFiles(dir, hashes))].map(([name, bytes]) => [name, Buffer.from(bytes).toString()]),
    [['tokenizer.json', '{}']],
  )
  assert.equal((await readMadeFiles(dir)).size, 0)
  writeFileSync(join(dir, 'tokenizer.json'), '{ }')
  await assert.rejects(readMadeFiles(dir, hashes), { code: 'usage', message: /not what it made/ })
  rmSync(join(dir, 'tokenizer.json'))
  await assert.rejects(readMadeFiles(dir, hashes), { code: 'usage', message: /has no tokenizer\.json/ })
})
