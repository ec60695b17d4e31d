import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseJsonSidecar } from './sidecar.js'

test('every kind of text, in the singular and the plural', () => {
  const said = parseJsonSidecar(
    JSON.stringify({
      situation: 'for a late drive',
      situations: ['for cooking'],
      review: 'A fine record.',
      comments: ['first!!', { text: 'love it' }],
      article: 'The band was founded in 1990.',
      paragraphs: ['It is slow.', 'The band was founded in 1990.'],
    }),
  )
  assert.deepEqual(
    said.texts.map(({ kind, value }) => `${kind}: ${value}`),
    [
      'situation: for a late drive',
      'situation: for cooking',
      'review: A fine record.',
      'comment: first!!',
      'comment: love it',
      'article: The band was founded in 1990.',
      'article: It is slow.',
    ],
  )
  assert.deepEqual([said.rows, said.wrong, said.track], [6, [], {}])
})

test('the part of a data set, by the names that people give to it', () => {
  for (const [name, part] of [
    ['train', 'train'],
    ['Training', 'train'],
    ['valid', 'validation'],
    ['val', 'validation'],
    ['dev', 'validation'],
    ['validation', 'validation'],
    ['TEST', 'test'],
  ])
    for (const field of ['part', 'split'])
      assert.deepEqual(parseJsonSidecar(JSON.stringify({ caption: 'x', [field]: name })).track, { part })
  assert.deepEqual(parseJsonSidecar('{"split": null}').track, {})
  assert.deepEqual(parseJsonSidecar('{"split": ""}').wrong, [])
  for (const [value, reason] of [
    ['"tset"', '"split" is "tset", expected train, validation or test'],
    ['["train", "test"]', '"split" is "train, test", expected train, validation or test'],
    ['3', '"split" is a number, expected a string or a list of strings'],
  ])
    assert.deepEqual(parseJsonSidecar(`{\n"split": ${value}}`).wrong, [{ line: 2, reason }])
})
