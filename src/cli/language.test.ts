import assert from 'node:assert/strict'
import { test } from 'node:test'
import { languageHint } from './language.js'

test('a hint where the query is mostly in another script', () => {
  for (const query of [
    'спокойное пианино',
    '静かなピアノ',
    'موسيقى هادئة piano',
    'ήρεμο πιάνο',
    '조용한 피아노',
  ])
    assert.equal(
      languageHint(query, 'bridge', ['en']),
      'The model bridge knows English only; in other languages expect poor answers.',
    )
})

test('no hint for Latin script, for no letters, or where the model knows more', () => {
  for (const query of ['calm piano', 'ruhiges Klavier, Ägäis', '120', '🎹', 'piano à la 久石'])
    assert.equal(languageHint(query, 'bridge', ['en']), undefined)
  assert.equal(languageHint('静かなピアノ', 'polyglot', ['en', 'ja']), undefined)
  assert.equal(languageHint('мирно', 'polyglot', ['en', 'sr']), undefined)
  assert.match(languageHint('мирно', 'm', ['sr-Latn', 'hu', 'vi'])!, /Hungarian, Vietnamese only/)
  assert.match(languageHint('静か', 'm', ['en-GB', 'de'])!, /British English, German only/)
})
