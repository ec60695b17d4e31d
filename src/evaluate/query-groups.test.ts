import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readTables } from '../text/node.js'
import { queryGroups } from './query-groups.js'

test('queries are told by their length, by what they deny and by what they speak of', async () => {
  const { words } = await readTables()
  const texts = [
    'calm piano',
    'Rock music, without drums!',
    'An electric guitar that does not stop, loud & heavy, over a double bass and a choir of angry men.',
    'qwertz asdf – yxcv bnm jklm',
    "It isn't jazz",
  ]
  const groups = new Map(queryGroups(texts, words).map(({ name, queries }) => [name, [...queries]]))
  assert.deepEqual(groups.get('1-3 words'), [0, 4])
  assert.deepEqual(groups.get('4-10 words'), [1, 3])
  assert.deepEqual(groups.get('more than 10 words'), [2])
  assert.deepEqual(groups.get('negation'), [1, 2, 4])
  assert.deepEqual(groups.get('genre'), [1, 4])
  assert.deepEqual(groups.get('instrument')!.slice(0, 2), [0, 1])
  assert.ok(groups.get('instrument')!.includes(2))
  assert.ok(groups.get('mood')!.includes(0))
  assert.ok(![...groups.entries()].some(([name, queries]) => !/words$/.test(name) && queries.includes(3)))
  assert.ok(!groups.has('era'))
})
