import assert from 'node:assert/strict'
import { test } from 'node:test'
import { article, list, sentence } from './phrase.js'

test('articles follow the sound', () => {
  const an = [
    'upright bass',
    'oboe',
    '8-bit tune',
    'uneasy drone',
    'unintended joke',
    'hour of rain',
    'F minor piece',
    'MC',
    'understated waltz',
    '18-bar form',
    'electric piano',
    'urgent beat',
    'uptempo song',
    'A minor waltz',
    '"early" take',
    'éclair',
  ]
  const a = [
    'ukulele',
    'horn',
    'euphoric tune',
    'one-drop beat',
    'unison line',
    'unique voice',
    'universal truth',
    'usual band',
    'utilitarian loop',
    'C minor piece',
    'European folk dance',
    'D major waltz',
    '4/4 beat',
    'Hammond organ',
    'piano',
    'Latin jazz tune',
    '1980s beat',
  ]
  for (const phrase of an) assert.equal(article(phrase), `an ${phrase}`)
  for (const phrase of a) assert.equal(article(phrase), `a ${phrase}`)
})

test('lists and sentences', () => {
  assert.equal(list([]), '')
  assert.equal(list(['a']), 'a')
  assert.equal(list(['a', 'b']), 'a and b')
  assert.equal(list(['a', 'b', 'c'], { and: 'or' }), 'a, b or c')
  assert.equal(sentence(' a tune '), 'A tune.')
  assert.equal(sentence('“what” a tune!'), '“What” a tune!')
})
