import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { ENTITY_TYPES, RELATIONS } from '../../knowledge/index.js'
import { KNOWLEDGE_FORMATS } from '../knowledge/index.js'
import { LISTENING_FORMATS } from './index.js'

test('docs/listening-and-graphs.md has every format, type and relation', async () => {
  const doc = await readFile(new URL('../../../../../docs/listening-and-graphs.md', import.meta.url), 'utf8')
  for (const format of [...LISTENING_FORMATS, ...KNOWLEDGE_FORMATS])
    assert.match(doc, new RegExp(`^\\| \`${format}\` \\|`, 'm'))
  for (const relation of Object.keys(RELATIONS)) assert.ok(doc.includes(`\`${relation}\``), relation)
  const types = /Known types: (.*); others/.exec(doc)![1].split(', ')
  assert.deepEqual(
    types,
    ENTITY_TYPES.filter((type) => type !== 'entity'),
  )
})
