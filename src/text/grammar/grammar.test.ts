import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Random } from '../../random/index.js'
import { Grammar, type Facts } from './grammar.js'
import { parseTemplate } from './template.js'
import { tidy } from './tidy.js'

const every = (grammar: Grammar, facts: Facts, count = 400): string[] =>
  [...new Set(Array.from({ length: count }, (_, i) => grammar.say('text', facts, new Random(i)).text))].sort()

test('choices, slots, rules and articles', () => {
  const grammar = new Grammar({ text: ['[slow|{a} {mood}] {what}'], what: ['{kind}', 'tune[ in {key}|]'] })
  assert.deepEqual(every(grammar, { mood: 'eerie', kind: 'waltz', key: 'A minor' }), [
    'An eerie tune',
    'An eerie tune in A minor',
    'An eerie waltz',
    'Slow tune',
    'Slow tune in A minor',
    'Slow waltz',
  ])
})

test('what is not known is not said', () => {
  const grammar = new Grammar({
    text: [
      '{mood}',
      'plain',
      '{?drums}with drums',
      '{!drums}without drums',
      '[in {key}|somewhere]',
      '{other}',
    ],
    other: ['{key}'],
  })
  assert.deepEqual(every(grammar, {}), ['Plain', 'Somewhere', 'Without drums'])
  assert.deepEqual(every(grammar, { drums: '', key: 'D' }), ['D', 'In D', 'Plain', 'Somewhere', 'With drums'])
  assert.ok(!grammar.allows('other', {}))
  assert.throws(() => grammar.say('other', {}, new Random(1)), /No template of "other"/)
})

test('a template comes once while there are others, and nothing is told twice', () => {
  const grammar = new Grammar({ text: ['{one} {one} {one}'], one: ['a', 'b', 'c'] })
  for (const text of every(grammar, {})) assert.equal(new Set(text.toLowerCase()).size, 4)
  const facts = { mood: 'sad', moods: 'sad and slow', key: 'D minor' }
  const said = new Grammar({ text: ['{one}, {one}'], one: ['{mood}', '{moods}', '{key}'] }, [
    ['mood', 'moods'],
  ])
  for (const text of every(said, facts)) assert.equal(text.toLowerCase().split('sad').length, 2, text)
  // There is nothing else to say: it is said again rather than not.
  assert.deepEqual(every(said, { mood: 'sad' }), ['Sad, sad'])
})

test('the skeleton has the slots', () => {
  const grammar = new Grammar({ text: ['{a} [{mood}] {kind}'] })
  const { text, skeleton } = grammar.say('text', { mood: 'odd', kind: 'jig' }, new Random(1))
  assert.equal(text, 'An odd jig')
  assert.match(skeleton, /\{mood\} \{kind\}$/)
})

test('templates that are not whole, and rules in circles, are told', () => {
  for (const [template, reason] of [
    ['a {b', /brace is not closed/],
    ['a [b|c', /bracket is not closed/],
    ['a ] b', /"\]" stands alone/],
    ['a | b', /stands alone/],
    ['{two words}', /is no slot/],
  ] as const)
    assert.throws(() => parseTemplate(template), reason)
  assert.throws(() => new Grammar({ one: ['{two}'], two: ['x [{one}|y]'] }), /circle: one → two → one/)
})

test('spaces, punctuation and capitals', () => {
  const neat = (text: string): string => tidy(text, { capitals: true })
  assert.equal(neat('a  tune ,  in three .  “so” it goes'), 'A tune, in three. “So” it goes')
  assert.equal(neat('what? no. 3 of vol. 2, feat. nobody.'), 'What? No. 3 of vol. 2, feat. nobody.')
  assert.equal(neat('one, . two;. three?.'), 'One. Two. Three?')
  assert.equal(tidy('lower. case', { capitals: false }), 'lower. case')
})
