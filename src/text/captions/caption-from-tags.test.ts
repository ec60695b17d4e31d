import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Random } from '../../random/index.js'
import { readTables } from '../node/tables.js'
import { captionFromTags } from './caption-from-tags.js'
import { countTags, sortTags } from './slots.js'
import { RULES } from './templates.js'

const { words } = await readTables()
const POOL = [
  ...words.all.map(({ name }) => name),
  ...[
    'no drums',
    'no vocals',
    'instrumental',
    'not english',
    'not rock',
    'no piano',
    'female singer',
    'hip-hop',
    '120 bpm',
    'A minor',
  ],
  ...['cowbell-core', 'dreamish'], // unknown
]
const CASES = Array.from({ length: 5000 }, (_, i) => {
  const random = new Random(`tags ${i}`)
  const tags = random.shuffle(POOL).slice(0, random.int(2, 8))
  return { tags, caption: captionFromTags(tags, new Random(`caption ${i}`), { words })! }
})

const tokens = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}&/#']+/gu) ?? []
/** Words of the templates themselves: what stands outside of slots. */
const OWN = new Set(
  Object.values(RULES)
    .flat()
    .flatMap((template) => tokens(template.replace(/\{[^}]*\}/g, ' '))),
)
const SMALL = new Set([
  'a',
  'an',
  'and',
  'or',
  'play',
  'share',
  'carry',
  'music',
  'piece',
  'track',
  'recording',
  'song',
  'of',
  'is',
  'are',
])
/** A word without its ending: verbs and plurals agree with what they stand by. */
const stem = (word: string): string =>
  word.replace(/ies$/, 'y').replace(/e?s$/, '').replace(/e$/, '').replace(/y$/, 'i')

test("a caption says nothing that its tags don't", () => {
  const wordsOf = (tag: string): string[] => {
    const found = words.find(tag)
    if (!found) return tokens(tag)
    const { name, adjective = '', noun = '', work = '', plural = '', verbs } = found.word
    return [tag, name, adjective, noun, work, plural, ...verbs].flatMap(tokens)
  }
  for (const { tags, caption } of CASES) {
    const allowed = new Set([...tags.flatMap(wordsOf), ...OWN, ...SMALL].map(stem))
    for (const word of tokens(caption))
      assert.ok(allowed.has(stem(word)), `"${word}" in: ${caption} [${tags.join(', ')}]`)
  }
})

test('it speaks of most of the tags', () => {
  let short = 0
  for (const { tags, caption } of CASES) {
    const sorted = sortTags(tags, words)
    const told = [...sorted.is.values()].flat().concat(sorted.isNot)
    const said = told.filter(({ word }) =>
      [word.name, word.adjective, word.noun, word.work, word.plural]
        .filter((form) => form !== undefined)
        .some((form) => caption.toLowerCase().includes(form.replace(/^(an?|the) /, '').toLowerCase())),
    ).length
    const strange = sorted.unknown.filter((tag) => caption.includes(tag)).length
    if ((said + strange) / countTags(sorted) < 0.7) short++
  }
  assert.ok(short / CASES.length < 0.01, `${short} of ${CASES.length} say less than 0.7 of their tags`)
})

test('what a tag denies is denied, and never what another one says', () => {
  const of = (tags: string[], count = 60): string[] =>
    Array.from({ length: count }, (_, i) => captionFromTags(tags, new Random(i), { words })!)
  for (const caption of of(['piano', 'no drums', 'instrumental', 'not english'])) {
    for (const absent of ['drums', 'vocals']) {
      const at = caption.indexOf(absent)
      if (at >= 0) assert.match(caption.slice(0, at), /(no|without|but no) (\w+ or |\w+, \w+ or )*$/, caption)
    }
    if (caption.includes('English')) assert.match(caption, /not sung in English/)
  }
  for (const caption of of(['female vocals', 'no vocals', 'brushed drums', 'no drums']))
    assert.doesNotMatch(caption, /\b(no|without)\b/, caption)
})

test('sentences are sentences, hardly two are alike, and the same numbers give the same one', () => {
  for (const { caption } of CASES) {
    assert.match(caption, /^["“]?[\p{Lu}\d].*\.$/u, caption)
    assert.doesNotMatch(caption, /  |undefined|[{}[\]|]| [,.;]|,,|\.\./, caption)
    assert.doesNotMatch(caption, /\ba (?=[aeio](?!ne))(?!eu)|\ban (?=[bcdgjkpqtvwz])/i, caption)
    assert.doesNotMatch(caption, /\ban? (drums|percussion|strings|vocals|horns|congas)\b/i, caption)
    assert.doesNotMatch(
      caption,
      /\b(drums|strings|vocals|bells) (is|carries|drives|keeps|swells|sings|rings)\b/,
      caption,
    )
    const sentences = caption.split(/(?<=\.) (?=\p{Lu})/u)
    assert.ok(sentences.length <= 3, caption)
  }
  assert.ok(new Set(CASES.map(({ caption }) => caption)).size / CASES.length > 0.95)
  const again = captionFromTags(CASES[3].tags, new Random('caption 3'), { words })
  assert.equal(again, CASES[3].caption)
})

test('few tags, many tags, none', () => {
  const say = (tags: string[], options = {}) => captionFromTags(tags, new Random(1), { words, ...options })
  assert.equal(say([]), undefined)
  assert.equal(say(['', ' ']), undefined)
  assert.match(say(['waltz'])!, /waltz/i)
  assert.match(say(['never heard of'])!, /never heard of/)
  const all = say(POOL.slice(0, 200), { mostTags: 5 })!
  assert.ok(tokens(all).length < 60, all)
})
