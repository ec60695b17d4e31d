import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { goldenJson, repositoryRoot } from '../../test/golden.js'
import { createTokenizer, encodeBatch } from './index.js'

const file = readFileSync(join(repositoryRoot, 'models/towers/minilm/tokenizer.json'))
const tokenizer = createTokenizer(file, { maxTokens: 256 })

const strings = goldenJson('tokenizers/strings') as unknown as string[]
const FAMILIES = {
  wordpiece: 'models/towers/minilm/tokenizer.json',
  bpe: 'test/golden/tokenizers/bpe/tokenizer.json',
  unigram: 'test/golden/tokenizers/unigram/tokenizer.json',
  unigram_precompiled: 'test/golden/tokenizers/unigram_precompiled/tokenizer.json',
}

for (const [family, path] of Object.entries(FAMILIES))
  test(`${family}: every golden string has the ids of the reference`, () => {
    const { rows } = goldenJson(`tokenizers/${family}`) as { rows: { ids: number[] }[] }
    const whole = createTokenizer(readFileSync(join(repositoryRoot, path)), { maxTokens: Infinity })
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
  assert.throws(() => createTokenizer(bytes.encode('{"model":{"type":"WordPieces"}}'), { maxTokens: 8 }), {
    code: 'model',
    message: /"WordPieces" \(expected "WordPiece", "BPE", "Unigram" or "WordLevel"\)/,
  })
})

/** A golden tokenizer with some of its parts changed. */
function edited(family: 'bpe' | 'unigram', edit: (file: any) => void) {
  const json = JSON.parse(readFileSync(join(repositoryRoot, FAMILIES[family]), 'utf8')) as unknown
  edit(json)
  return createTokenizer(new TextEncoder().encode(JSON.stringify(json)), { maxTokens: Infinity })
}

test('added tokens are found before, or after, the text is normalised, alone or with the spaces around', () => {
  const tokenizer = edited('bpe', (file) => {
    file.pre_tokenizer.add_prefix_space = true
    file.normalizer = { type: 'NFC' }
    file.added_tokens.push(
      { id: 601, content: 'rock9', single_word: true },
      { id: 602, content: '<cut>', lstrip: true, rstrip: true },
      { id: 603, content: 'E\u0301a', normalized: true },
    )
  })
  // tokenizers 0.23.3: Tokenizer.from_str(the same file).encode(text).ids
  const expected: Record<string, number[]> = {
    rock9: [0, 601, 2],
    'hard rock9, xrock9 rock9s': [
      ...[0, 426, 71, 224, 601, 224, 15, 224, 91, 442],
      ...[70, 78, 28, 224, 442, 70, 78, 28, 86, 2],
    ],
    'a  <cut>  b<mask>c': [0, 269, 602, 267, 600, 286, 2],
    'Éa E\u0301a': [0, 603, 224, 603, 2],
    '': [0, 2],
    '   <cut><cut>': [0, 602, 602, 2],
  }
  for (const [text, ids] of Object.entries(expected)) assert.deepEqual(tokenizer.encode(text), ids, text)
})

test('characters without a piece are written as bytes where the file says so', () => {
  const tokenizer = edited('unigram', (file) => {
    file.model.byte_fallback = true
    for (let byte = 0; byte < 256; byte++)
      file.model.vocab.push([`<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`, -9.5])
    file.added_tokens[4].id = file.model.vocab.length
  })
  assert.deepEqual(tokenizer.encode('calm 🎵é<mask>'), [0, 180, 11, 4, 641, 560, 543, 582, 244, 657, 2]) // tokenizers 0.23.3
})

test('long texts are cut inside their frame, rows are filled with the id the file pads with', () => {
  const bpe = createTokenizer(readFileSync(join(repositoryRoot, FAMILIES.bpe)), { maxTokens: 7 })
  const whole = edited('bpe', () => {}).encode('a dark techno track for the night')
  assert.deepEqual(bpe.encode('a dark techno track for the night'), [...whole.slice(0, 6), 2])
  assert.deepEqual([...encodeBatch(bpe, ['', 'drums']).inputIds.slice(0, 4)].map(Number), [0, 2, 1, 1])
})

test('a text of a million characters is read no further than needed', () => {
  for (const path of Object.values(FAMILIES)) {
    const tokenizer = createTokenizer(readFileSync(join(repositoryRoot, path)), { maxTokens: 77 })
    const started = performance.now()
    assert.equal(tokenizer.encode('bass <mask> '.repeat(100_000)).length, 77)
    assert.ok(performance.now() - started < 10_000)
  }
})

test('what a file asks for and is not known here is named', () => {
  const cases: [RegExp, 'bpe' | 'unigram', (file: any) => void][] = [
    [/Unknown normalizer "Whisper"/, 'bpe', (file) => (file.normalizer = { type: 'Whisper' })],
    [/Unknown pre-tokenizer "Split"/, 'bpe', (file) => (file.pre_tokenizer = { type: 'Split' })],
    [/Unknown post-processor "Other"/, 'bpe', (file) => (file.post_processor = { type: 'Other' })],
    [/continuing_subword_prefix "##"/, 'bpe', (file) => (file.model.continuing_subword_prefix = '##')],
    [/no token "zz"/, 'bpe', (file) => file.model.merges.push(['z', 'z'])],
    [
      /prepend_scheme "first"/,
      'unigram',
      (file) => (file.pre_tokenizer.pretokenizers[1].prepend_scheme = 'first'),
    ],
    [/unk_id 5000/, 'unigram', (file) => (file.model.unk_id = 5000)],
    [
      /character map .* damaged/,
      'unigram',
      (file) => (file.normalizer = { type: 'Precompiled', precompiled_charsmap: '/////w==' }),
    ],
    [/a part is missing/, 'unigram', (file) => delete file.model.vocab],
  ]
  for (const [message, family, edit] of cases)
    assert.throws(() => edited(family, edit), { code: 'model', message })
})
