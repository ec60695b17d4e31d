import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { goldenJson, repositoryRoot } from '../../test/golden.js'
import { createTokenizer, encodeBatch } from './index.js'

const file = readFileSync(join(repositoryRoot, 'models/towers/minilm/tokenizer.json'))
const tokenizer = createTokenizer(file, { maxTokens: 256 })

test('every golden string has the ids of the reference', () => {
  const strings = goldenJson('tokenizers/strings') as unknown as string[]
  const { rows } = goldenJson('tokenizers/wordpiece') as { rows: { ids: number[] }[] }
  const whole = createTokenizer(file, { maxTokens: Infinity })
  assert.equal(strings.length, 159)
  strings.forEach((text, index) =>
    assert.deepEqual(whole.encode(text), rows[index].ids, JSON.stringify(text)),
  )
})

test('music queries have the ids of the reference, long ones cut at 256', () => {
  const { queries } = goldenJson('minilm') as { queries: { text: string; ids: number[] }[] }
  for (const { text, ids } of queries) assert.deepEqual(tokenizer.encode(text), ids, text)
  assert.ok(queries.some(({ ids }) => ids.length === 256))
})

test('a batch is padded at the end, and its mask says where', () => {
  const { inputIds, attentionMask, shape } = encodeBatch(tokenizer, ['rock', '', 'calm piano for studying'])
  assert.deepEqual(shape, [3, 6])
  assert.deepEqual([...inputIds].map(Number), [
    ...[101, 2600, 102, 0, 0, 0],
    ...[101, 102, 0, 0, 0, 0],
    ...[101, 5475, 3682, 2005, 5702, 102],
  ])
  assert.deepEqual([...attentionMask].map(Number), [1, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1])
})

test('words like the names of object properties are words', () => {
  // 'constructor' is in the vocabulary, '__proto__' and 'toString' are made of pieces.
  const ids = tokenizer.encode('hasOwnProperty __proto__')
  assert.ok(ids.every((id) => Number.isInteger(id)))
  assert.ok(!ids.includes(100))
})

test('a damaged or unknown file is refused with its reason', () => {
  const bytes = new TextEncoder()
  assert.throws(() => createTokenizer(file.subarray(0, 1000), { maxTokens: 8 }), {
    code: 'model',
    message: /not JSON/,
  })
  assert.throws(() => createTokenizer(bytes.encode('{"model":{"type":"BPE"}}'), { maxTokens: 8 }), {
    code: 'model',
    message: /"BPE" \(expected "WordPiece"\)/,
  })
})
