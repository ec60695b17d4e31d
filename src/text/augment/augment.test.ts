import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Random } from '../../random/index.js'
import { readTables } from '../node/tables.js'
import { dropParts } from './dropout.js'
import { SwapTables } from './swap-tables.js'
import { Synonyms } from './synonyms.js'

const tables = await readTables()
const each = (count: number, one: (random: Random) => string): string[] =>
  [...new Set(Array.from({ length: count }, (_, i) => one(new Random(i))))].sort()

test('dropout leaves sentences, clauses or words, in their order and never nothing', () => {
  const text = 'Slow piano, sad and soft. No drums; nobody sings.'
  const parts = text.match(/\w+/g)!.map((word) => word.toLowerCase())
  const seen = each(500, (random) => dropParts(text, 0.5, random))
  assert.ok(seen.length > 40)
  assert.ok(
    seen.includes('Slow piano, sad and soft.') && seen.includes('No drums; nobody sings.'),
    'sentences',
  )
  assert.ok(
    seen.includes('Slow piano, nobody sings.') ||
      seen.includes('Slow piano, no drums.') ||
      seen.includes('Slow piano.'),
    'clauses',
  )
  for (const left of seen) {
    assert.match(left, /^\p{Lu}.*\.$/u)
    assert.doesNotMatch(left, /  |[,;]\.| [,.;]/)
    let at = 0
    for (const word of left.toLowerCase().match(/\w+/g)!) {
      at = parts.indexOf(word, at) + 1
      assert.ok(at > 0, left)
    }
  }
  assert.equal(dropParts(text, 0, new Random(1)), text)
  assert.equal(dropParts('piano', 0.9, new Random(1)), 'piano')
  for (const left of each(50, (random) => dropParts('one two', 1, random))) assert.match(left, /^(one|two)$/)
})

test('synonyms: whole words, case, plural and article', () => {
  const synonyms = new Synonyms({
    adjectives: [
      ['upbeat', 'lively'],
      ['eerie', 'spooky'],
      ['hip hop', 'rap'],
    ],
    nouns: [
      ['saxophone', 'sax'],
      ['organ', 'keyboard'],
    ],
    masses: [],
  })
  for (const [text, expected] of [
    ['An upbeat tune', 'A lively tune'],
    ['A lively tune, AN UPBEAT ONE', 'An upbeat tune, A LIVELY ONE'],
    ['Two saxophones and a saxophone', 'Two saxes and a sax'],
    ['upbeats and off-upbeat', 'upbeats and off-upbeat'],
    ['an organ, a keyboard', 'a keyboard, an organ'],
    ['Hip hop that is eerie.', 'Rap that is spooky.'],
    ['', ''],
  ] as const)
    assert.equal(synonyms.replace(text, 1, new Random(1)), expected)
  assert.equal(synonyms.replace('An upbeat tune', 0, new Random(1)), 'An upbeat tune')
  const halves = Array.from({ length: 1000 }, (_, i) => synonyms.replace('upbeat', 0.3, new Random(i)))
  const share = halves.filter((text) => text === 'lively').length / 1000
  assert.ok(Math.abs(share - 0.3) < 0.05, `${share}`)
})

test('synonyms of the tables contradict nothing that the tables swap', () => {
  // A synonym never lies on another side of a group than its word.
  const { synonyms, swaps } = tables
  for (const word of [
    'calm',
    'happy',
    'sad',
    'slow',
    'fast',
    'dark',
    'epic',
    'loud',
    'acoustic',
    'rock',
    'violin',
  ])
    for (const other of each(40, (random) => synonyms.replace(word, 1, random)))
      for (let seed = 0; seed < 40; seed++)
        assert.notEqual(swaps.swap(word, [], new Random(seed))?.text, other)
})

test('a swap contradicts, and is neither near nor said of the music', () => {
  const swap = (text: string, own: string[] = []): string[] =>
    each(300, (random) => tables.swaps.swap(text, own, random)?.text ?? '-')
  assert.deepEqual(swap('in A minor'), ['in A major'])
  assert.deepEqual(swap('female vocals'), ['male vocals'])
  assert.deepEqual(swap('qwertz'), ['-'])
  assert.deepEqual(swap('an instrumental piece', ['vocal']), ['-'])
  const rock = swap('a rock song')
  assert.ok(
    rock.includes('a jazz song') && !rock.some((text) => /punk|metal|rock/.test(text)),
    rock.join('; '),
  )
  assert.ok(!swap('a rock song', ['jazz']).includes('a jazz song'))
  const cello = swap('an album of cellos')
  assert.ok(cello.some((text) => /pianos$/.test(text)))
  assert.ok(!cello.some((text) => /violin|viola|string section/.test(text)), cello.join('; '))
  assert.ok(swap('a piano').includes('an acoustic guitar'), 'articles follow')
  const calm = swap('A calm, slow piano piece.')
  for (const text of calm)
    assert.ok(!/peaceful|gentle/.test(text) && text !== 'A calm, slow piano piece.', text)
  assert.ok(calm.length > 50)
  const { text, from, to } = tables.swaps.swap('Slow Piano', ['slow', 'piano', 'guitar'], new Random(3))!
  assert.ok(text.toLowerCase().includes(to.toLowerCase()) && ['Slow', 'Piano'].includes(from))
})

test('a word of one side is never put in for a word of the same side', () => {
  const table = {
    adjectives: {
      one: [
        ['a1', 'a2'],
        ['b1', 'b2'],
      ],
    },
    nouns: {},
    masses: {},
    phrases: {},
  }
  const swaps = new SwapTables(table)
  assert.deepEqual(
    each(50, (random) => swaps.swap('a1', [], random)!.text),
    ['b1', 'b2'],
  )
  assert.equal(swaps.swap('a1', ['b2'], new Random(1)), undefined)
  assert.equal(swaps.swap('a1 and b1', [], new Random(1)), undefined)
})
