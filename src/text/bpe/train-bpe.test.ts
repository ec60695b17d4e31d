import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Random } from '../../random/index.js'
import { createTokenizer } from '../create.js'
import { byteLetters } from '../pre-tokenizer.js'
import { joined, learnMerges, type CountedWord } from './learn-merges.js'
import { trainBpe, type BpeOptions } from './train-bpe.js'

/** Sennrich et al. 2016, algorithm 1, as it is written: all pairs are counted anew for every merge. */
function learnSlowly(
  words: readonly CountedWord[],
  letters: readonly string[],
  size: number,
  minCount: number,
) {
  const tokens = [...letters]
  const merges: [number, number][] = []
  let now = words.map((word) => ({ ...word }))
  while (tokens.length < size) {
    const counts = new Map<string, { left: number; right: number; count: number }>()
    for (const { symbols, count } of now)
      for (let i = 0; i + 1 < symbols.length; i++) {
        const key = `${symbols[i]} ${symbols[i + 1]}`
        const known = counts.get(key) ?? { left: symbols[i], right: symbols[i + 1], count: 0 }
        counts.set(key, { ...known, count: known.count + count })
      }
    const [best] = [...counts.values()].sort(
      (a, b) => b.count - a.count || a.left - b.left || a.right - b.right,
    )
    if (!best || best.count < minCount) break
    const token = tokens[best.left] + tokens[best.right]
    if (!tokens.includes(token)) tokens.push(token)
    const id = tokens.indexOf(token)
    merges.push([best.left, best.right])
    now = now.map(({ symbols, count }) => ({ symbols: joined(symbols, best.left, best.right, id), count }))
  }
  return { tokens, merges }
}

test('merges are those of the algorithm as it is written', async () => {
  for (let trial = 0; trial < 60; trial++) {
    const random = new Random(trial)
    const letters = ['a', 'b', 'c', 'd'].slice(0, random.int(1, 4))
    const words = Array.from({ length: random.int(1, 30) }, () => ({
      symbols: Array.from({ length: random.int(1, 9) }, () => random.int(0, letters.length - 1)),
      count: random.int(1, 5),
    }))
    const minCount = random.int(1, 4)
    const size = letters.length + random.int(0, 40)
    const expected = learnSlowly(words, letters, size, minCount)
    assert.deepEqual(await learnMerges({ words, letters, size, minCount }), expected, `trial ${trial}`)
  }
})

const TEXTS = [
  'A calm solo piano ballad, late at night.',
  "It's a fast punk song; don't miss the drums!",
  'Warm tape hiss, a calm piano and a slow waltz in 3/4.',
  'Björk-like vocals, a fast drum machine, 1990s house 🎵',
  'the calmest pianos of the night and the fastest drums of the day',
]

interface Written {
  readonly model: { readonly vocab: Record<string, number>; readonly merges: [string, string][] }
}

const read = (bytes: Uint8Array) => JSON.parse(new TextDecoder().decode(bytes)) as Written

/** The text that ids spell. */
function decode(file: Written, ids: readonly number[]): string {
  const byteOf = new Map(byteLetters().map((letter, byte) => [letter, byte]))
  const tokens = new Map(Object.entries(file.model.vocab).map(([token, id]) => [id, token]))
  const inner = ids.slice(1, -1).map((id) => tokens.get(id)!)
  const spelt = inner.join('').replaceAll('</w>', 'Ġ') // a space, as a letter
  return new TextDecoder('utf-8', { fatal: true }).decode(
    Uint8Array.from(spelt, (letter) => byteOf.get(letter)!),
  )
}

for (const style of ['clip', 'gpt2'] as const)
  test(`${style}: any text comes back from its tokens`, async () => {
    const json = await trainBpe(TEXTS, { vocabulary: 700, style })
    const tokenizer = createTokenizer(json, { maxTokens: Infinity })
    for (const text of [...TEXTS, 'zebra crossing 東京 \u{1f3b7}', 'a', '']) {
      const spelt = decode(read(json), tokenizer.encode(text))
      const words = (style === 'clip' ? text.toLowerCase() : text).match(/[\p{L}\p{N}]+|[^\s\p{L}\p{N}]/gu)
      assert.equal(spelt.replace(/\s/g, ''), (words ?? []).join(''), text)
      if (style === 'gpt2' && text !== '') assert.equal(spelt, ` ${text}`)
      if (style === 'clip') assert.ok(text === '' || spelt.endsWith(' '), text)
    }
  })

test('frequent words are one token, with their end, and rare ones are not', async () => {
  const json = await trainBpe([...TEXTS, ...TEXTS], { vocabulary: 2000, minCount: 4 })
  const { vocab } = read(json).model
  assert.ok('calm</w>' in vocab)
  assert.ok('piano</w>' in vocab)
  assert.ok(!('calmest</w>' in vocab))
  const tokenizer = createTokenizer(json, { maxTokens: 77 })
  assert.deepEqual(tokenizer.encode('Calm PIANO'), [0, vocab['calm</w>'], vocab['piano</w>'], 1])
})

test('the merges of tokenizers 0.23.3', async () => {
  // t = Tokenizer(models.BPE()); t.normalizer = normalizers.NFC()
  // t.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
  // t.train_from_iterator(TEXTS, trainers.BpeTrainer(vocab_size=285, min_frequency=2,
  //   special_tokens=["<s>", "<pad>", "</s>"], initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
  const { merges, vocab } = read(await trainBpe(TEXTS, { vocabulary: 285, style: 'gpt2' })).model
  assert.equal(merges.map((pair) => pair.join(' ')).join(', '), GOLDEN_MERGES)
  assert.equal(vocab['!'], 3)
  assert.equal(Object.keys(vocab).length, 285)
})

const GOLDEN_MERGES =
  'Ġ a, a l, Ġ t, h e, s t, Ġ d, Ġt he, c al, Ġ p, a n, a st, f ast, i an, ' +
  'r u, Ġ s, Ġ cal, Ġ fast, Ġd ru, Ġp ian, Ġcal m, Ġdru m, Ġpian o, e st, g h, h i, i gh'

test('the order of the texts makes no difference, and the same bytes come out', async () => {
  const options: BpeOptions = { vocabulary: 600, minCount: 1 }
  const [one, other] = [await trainBpe(TEXTS, options), await trainBpe([...TEXTS].reverse(), options)]
  assert.deepEqual(read(one), read(other))
  assert.deepEqual(Buffer.from(one), Buffer.from(await trainBpe(TEXTS, options)))
})

test('progress is told and waited for; what cannot be learnt is said', async () => {
  const told: number[] = []
  await trainBpe(TEXTS, {
    vocabulary: 900,
    minCount: 1,
    onProgress: async (done) => {
      await Promise.resolve()
      told.push(done)
    },
  })
  assert.equal(told.at(-1), 900)
  await assert.rejects(trainBpe(TEXTS, { vocabulary: 300 }), {
    code: 'usage',
    message: /300 has no room for the 514 tokens/,
  })
  await assert.rejects(trainBpe(['', ' '], { vocabulary: 600 }), { code: 'usage', message: /No words/ })
})

test('fifty thousand texts take seconds', async () => {
  const random = new Random('texts')
  const syllables = Array.from(
    { length: 60 },
    (_, i) => 'bcdfghjklm'[i % 10] + 'aeiou'[i % 5] + 'nrst'[i % 4],
  )
  const words = Array.from({ length: 8000 }, () =>
    Array.from({ length: random.int(1, 4) }, () => random.pick(syllables)).join(''),
  )
  const texts = Array.from({ length: 50_000 }, () =>
    Array.from({ length: 20 }, () => words[Math.floor(words.length * random.next() ** 3)]).join(' '),
  )
  const began = performance.now()
  const { vocab } = read(await trainBpe(texts, { vocabulary: 8000 })).model
  assert.ok(Object.keys(vocab).length > 5000)
  assert.ok(performance.now() - began < 30_000)
})
