import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { neighbours } from '../index.js'
import { readWordVectors } from './read-word-vectors.js'

const dir = mkdtempSync(join(tmpdir(), 'antiphon-vectors-'))
after(() => rmSync(dir, { recursive: true, force: true }))

let files = 0
function file(text: string | Uint8Array, ending = '.txt'): string {
  const path = join(dir, `${files++}${ending}`)
  writeFileSync(path, text)
  return path
}

const GLOVE = [
  'the 1 0 0',
  ', 9 9 9',
  'Piano 7 7 7',
  'piano 0.5 -0.25 1e-3',
  'calm 0 1 0',
  '. . . 3 3 3',
  'at name@domain.com 4 4 4',
  'Calm 8 8 8',
]

test("GloVe's format: a word as it is written counts, punctuation is passed by", async () => {
  for (const path of [
    file(`${GLOVE.join('\n')}\n`),
    file(GLOVE.join('\r\n')),
    file(gzipSync(GLOVE.join('\n')), '.txt.gz'),
  ]) {
    const { vectors, wrong } = await readWordVectors(path)
    assert.deepEqual(wrong, [])
    assert.deepEqual(vectors.terms, ['the', 'piano', 'calm', 'at name@domain.com'])
    assert.equal(vectors.dim, 3)
    assert.deepEqual([...vectors.data], [...Float32Array.of(1, 0, 0, 0.5, -0.25, 1e-3, 0, 1, 0, 4, 4, 4)])
  }
})

test("word2vec's format has a first line, and underscores in phrases", async () => {
  const { vectors, wrong } = await readWordVectors(file('3 2\nbossa_nova 1 2 \nsamba 3 4 \njazz 5 6 \n'))
  assert.deepEqual(wrong, [])
  assert.deepEqual(vectors.terms, ['bossa nova', 'samba', 'jazz'])
  assert.deepEqual([...vectors.data], [1, 2, 3, 4, 5, 6])
  const short = await readWordVectors(file('3 2\nsamba 3 4\njazz 5 6\n'))
  assert.deepEqual(short.wrong, [{ line: 3, reason: 'the first line speaks of 3 words, and there are 2' }])
})

test('only what is wanted is kept, and the first of the file', async () => {
  const text = Array.from({ length: 500 }, (_, i) => `w${i} ${i} 1`).join('\n')
  const want = (term: string): boolean => term === 'w400' || term === 'w7'
  assert.deepEqual((await readWordVectors(file(text), { want })).vectors.terms, ['w7', 'w400'])
  const { terms } = (await readWordVectors(file(text), { want, first: 3 })).vectors
  assert.deepEqual(terms, ['w0', 'w1', 'w2', 'w7', 'w400'])
})

test('wrong lines are told with their number; duplicates count once', async () => {
  const lines = Array.from({ length: 1000 }, (_, i) => `w${i} ${i} 1 2`)
  lines[4] = 'short 1 2'
  lines[7] = 'long 1 2 3 4'
  lines[9] = 'odd 1 x 2'
  lines[11] = 'w3 9 9 9'
  lines[13] = ''
  const { vectors, wrong } = await readWordVectors(file(lines.join('\n')))
  assert.deepEqual(wrong, [
    { line: 5, reason: 'it has 2 numbers, expected 3' },
    { line: 8, reason: 'it has 4 numbers, expected 3' },
    { line: 10, reason: '"x" is no number' },
    { line: 12, reason: '"w3" was there before; the first counts' },
    { line: 14, reason: 'it is empty' },
  ])
  assert.equal(vectors.terms.length, 995)
  assert.equal(vectors.data[3 * 3], 3)
})

test('what is no file of word vectors is refused, naming file and line', async () => {
  const refused = (path: string, message: RegExp, code = 'model') =>
    assert.rejects(readWordVectors(path), { code, message })
  const changing = file('a 1 2 3\nb 1 2 3\nc 1 2 3 4\nd 1 2 3 4\n')
  await refused(changing, /2 of 4 lines are wrong \(.*\.txt:3: it has 4 numbers, expected 3\)/)
  await refused(file('just a text\nof words\n'), /wrong/)
  await refused(file('calm\nloud\nsad\n'), /3 of 3 lines are wrong \(.*:1: expected a word and its numbers/)
  await refused(file('calm 1\nloud 2\n'), /2 of 2 lines are wrong/)
  await refused(file('1 0\ncalm\n'), /:2: expected a word and its numbers/)
  await refused(file('1 999999999999999\ncalm 1 2\n'), /it has 2 numbers, expected 999999999999999/)
  await refused(file('calm 1e39 1\nloud 1 -1e39\n'), /"1e39" is no number/)
  await refused(file(''), /it is empty/)
  await refused(file('x'.repeat(3_000_000)), /a line of more than a million/)
  await refused(join(dir, 'nowhere.txt'), /Cannot read word vectors/, 'usage')
  await refused(file(gzipSync(GLOVE.join('\n')).subarray(0, 60), '.gz'), /Cannot read word vectors/, 'usage')
  await refused(file('no gzip', '.gz'), /Cannot read word vectors/, 'usage')
})

test('neighbours by cosine', () => {
  const vectors = { terms: ['a', 'b', 'c'], dim: 2, data: Float32Array.of(1, 0, 0, 2, 3, 3) }
  const found = neighbours(vectors, 'b', 5)
  assert.deepEqual(
    found.map(({ term }) => term),
    ['c', 'a'],
  )
  assert.ok(Math.abs(found[0].cosine - Math.SQRT1_2) < 1e-6)
  assert.deepEqual(neighbours(vectors, 'd', 5), [])
})
