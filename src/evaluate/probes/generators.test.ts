import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Random } from '../../random/index.js'
import { readTables } from '../../text/node.js'
import type { Text } from '../../data/index.js'
import { findProtocol, protocolNames, readLanguages } from '../node.js'
import type { Item } from '../test-set.js'
import { attributeQueries, ATTRIBUTES, attributesText } from './attributes.js'
import { compositions } from './composition.js'
import { LANGUAGES } from './language-table.js'
import { padding, wordsOf } from './long-captions.js'
import { sidesOf } from './negation.js'
import { permutations, permuteClauses, shuffleWords } from './order.js'
import { says } from './paraphrase.js'
import { planProbe } from './probe.js'
import type { ProbeSpec } from './spec.js'
import { subjectsOf } from './subject.js'
import { withTypos } from './typos.js'
import { madeUpWord } from './unknown-words.js'

const tables = await readTables()
const languages = await readLanguages()
const SEEDS = Array.from({ length: 60 }, (_, seed) => seed)

const item = (id: string, tags: string[], caption = `A piece called ${id}, slow, with care.`): Item => ({
  id,
  audio: { path: `/m/${id}.flac` },
  track: { id },
  texts: [
    { kind: 'caption', value: caption } satisfies Text,
    ...tags.map((value): Text => ({ kind: 'tag', value })),
  ],
})
const ITEMS = [
  item('a', ['rock', 'drums', 'electric guitar', 'fast', 'energetic']),
  item('b', ['rock', 'no drums', 'acoustic guitar', 'slow', 'calm']),
  item('c', ['jazz', 'drums', 'piano', 'fast', 'happy']),
  item('d', ['jazz', 'no drums', 'piano', 'slow', 'sad']),
  item('e', ['jazz', 'drums', 'piano', 'slow', 'sad']),
  item('f', ['folk', 'acoustic guitar', 'slow', 'sad']),
  item('g', ['classical', 'no drums', 'violin', 'fast', 'happy']),
]
const subjects = subjectsOf(ITEMS, tables.words)
const material = (seed: number) => ({ subjects, tables, languages, random: new Random(seed) })

/** Damerau-Levenshtein (restricted): letters put in, left out, changed, or two beside each other in each other's place. */
function edits(a: string, b: string): number {
  const d = Array.from({ length: a.length + 1 }, (_, i) =>
    Array.from({ length: b.length + 1 }, (_, j) => (i ? (j ? 0 : i) : j)),
  )
  for (let i = 1; i <= a.length; i++)
    for (let j = 1; j <= b.length; j++) {
      d[i][j] = Math.min(d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1)
    }
  return d[a.length][b.length]
}

test('negation follows what is known: said where it is said, unsaid where it may be', () => {
  const drums = sidesOf(subjects, { absent: 'said', least: 3 })
  assert.deepEqual(
    drums.map(({ word, having, lacking }) => [word.name, having, lacking]),
    [['drums', [0, 2, 4], [1, 3, 6]]], // of f nothing is said
  )
  const unsaid = sidesOf(subjects, { absent: 'unsaid', least: 3 })
  const piano = unsaid.find(({ word }) => word.name === 'piano')!
  assert.deepEqual(
    [piano.having, piano.lacking],
    [
      [2, 3, 4],
      [0, 1, 5, 6],
    ],
  )
  assert.deepEqual(unsaid.find(({ word }) => word.name === 'drums')!.lacking, [1, 3, 6])
})

test('a swap changes one attribute, of the same kind, to what the piece is not', () => {
  let count = 0
  for (const seed of SEEDS)
    for (const made of compositions(material(seed), { attributes: [2, 3], per_track: 2 })) {
      count++
      const { attributes, swapped, item: at, having, allButOne } = made
      assert.equal(attributes.length, made.count)
      const changed = attributes.flatMap((word, i) => (word === swapped[i] ? [] : [[word, swapped[i]]]))
      assert.equal(changed.length, 1)
      const [[from, to]] = changed
      assert.equal(from.group, to.group)
      assert.ok(subjects[at].is.has(from) && !subjects[at].is.has(to), `${from.name} ${to.name}`)
      assert.notEqual(attributesText(attributes), attributesText(swapped))
      assert.ok(having.includes(at))
      for (const { item: other, is } of subjects) {
        const has = attributes.filter((word) => is.has(word)).length
        assert.equal(having.includes(other), has === made.count)
        assert.equal(allButOne.includes(other), has === made.count - 1)
      }
    }
  assert.ok(count > 300, `${count}`)
})

test('queries of attributes say each of them, and are answered by what has them all', () => {
  for (const { attributes, text, answers } of attributeQueries(subjects, 3, new Random(1))) {
    assert.equal(new Set(attributes.map(({ group }) => group)).size, 3)
    assert.ok(
      attributes.every((word) => (ATTRIBUTES as readonly string[]).includes(word.group) && says(text, word)),
    )
    assert.deepEqual(
      answers,
      subjects.filter(({ is }) => attributes.every((word) => is.has(word))).map(({ item: at }) => at),
    )
    assert.ok(answers.length > 0)
  }
  const words = ['slow', 'sad', 'jazz', 'piano'].map((tag) => tables.words.find(tag)!.word)
  assert.equal(attributesText(words), 'slow sad jazz music with piano')
  assert.equal(attributesText(words.slice(0, 1)), 'slow music')
})

test('a typo is one edit of one word, two are two of two', () => {
  const text = 'slow melancholic jazz music with piano'
  const seen = new Set<string>()
  for (const seed of SEEDS)
    for (const count of [1, 2]) {
      const mistyped = withTypos(text, count, new Random(seed))
      seen.add(mistyped)
      assert.equal(edits(text, mistyped), count, mistyped)
      assert.equal(mistyped, withTypos(text, count, new Random(seed)))
      const [before, after] = [text.split(' '), mistyped.split(' ')]
      assert.equal(before.length, after.length)
      assert.equal(before.filter((word, i) => word !== after[i]).length, count)
    }
  assert.ok(seen.size > 60)
  assert.equal(withTypos('an A', 2, new Random(1)), 'an A')
})

test('other orders have the same words; clauses stay whole behind their heads', () => {
  assert.deepEqual(
    permutations(['a', 'b', 'c'])
      .map((each) => each.join(''))
      .sort(),
    ['acb', 'bac', 'bca', 'cab', 'cba'],
  )
  const text = 'A slow waltz, sad and soft, in C minor. Strings carry it.'
  const orders = new Set(SEEDS.map((seed) => permuteClauses(text, new Random(seed))))
  assert.deepEqual([...orders].sort(), [
    'A slow waltz, in C minor, sad and soft. Strings carry it.',
    'A slow waltz, sad and soft, in C minor. Strings carry it.',
    'Strings carry it. A slow waltz, in C minor, sad and soft.',
    'Strings carry it. A slow waltz, sad and soft, in C minor.',
  ])
  const shuffled = shuffleWords(text, new Random(1))
  assert.notEqual(shuffled, text)
  assert.deepEqual(shuffled.split(' ').sort(), text.split(' ').sort())
})

test('padding is as long as it says, and a made-up word is none of the tables', () => {
  for (const words of [1, 20, 520]) {
    const count = wordsOf(padding(words, new Random(words)))
    assert.ok(count >= words && count < words + 15, `${count}`)
  }
  for (const sentence of padding(200, new Random(1)).split(/(?<=\.)\s/))
    assert.equal(tables.swaps.swap(sentence, [], new Random(1)), undefined, sentence)
  const made = new Set(SEEDS.map((seed) => madeUpWord(new Random(seed))))
  assert.ok(made.size > 50)
  for (const word of made) assert.equal(tables.words.find(word), undefined)
})

test('the table of languages has words that the tables know, each in all languages', () => {
  const entries = Object.entries(languages)
  assert.ok(entries.length >= 60)
  for (const [english, others] of entries) {
    assert.ok(tables.words.find(english) && !tables.words.find(english)!.negated, english)
    assert.deepEqual(Object.keys(others), Object.keys(LANGUAGES))
    assert.match(others.ja, /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー]+$/u, english)
  }
  for (const language of ['de', 'fr', 'es', 'pt', 'it', 'ja'] as const)
    assert.ok(
      entries.filter(([english, others]) => others[language].toLowerCase() !== english).length > 50,
      language,
    )
})

test('a plan is the same each time, another with another seed, and asks for each text that it needs', async () => {
  const names = (await protocolNames()).filter((name) => name.startsWith('probe-'))
  assert.equal(names.length, 16)
  const suite = (await findProtocol('probes')).protocol.probes!
  assert.equal(suite.length, names.length)
  for (const name of names) {
    const spec: ProbeSpec = (await findProtocol(name)).protocol.probes![0]
    assert.ok(suite.some((other) => other.kind === spec.kind && other.title !== undefined))
    const plan = (seed: number) => planProbe({ ...spec, seed }, { items: ITEMS, tables, languages })
    const [one, again, other] = [plan(1), plan(1), plan(2)]
    assert.deepEqual([one.texts, one.changes], [again.texts, again.changes])
    if (['composition', 'typos', 'unknown-words', 'long-captions'].includes(spec.kind))
      assert.notDeepEqual(one.texts, other.texts, spec.kind)
    assert.equal(one.changes.length > 0, spec.kind === 'audio')
    assert.ok(one.texts.every((text) => text.trim() !== ''))
  }
})
