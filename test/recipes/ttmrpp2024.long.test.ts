import assert from 'node:assert/strict'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import * as schemas from '../../src/cli/json.js'
import { readKnowledge } from '../../src/data/node.js'
import { cli } from '../cli-run.js'
import { PIECES, tinyWorld, trainTiny } from './tiny-world.js'

test('ttmrpp2024: queries by name are drawn from the graph, and read by it at search', async () => {
  const { model } = await trainTiny('ttmrpp2024', { set: ['data.split_by=artist', 'data.test=0.2'] })
  const world = await tinyWorld()
  const catalog = mkdtempSync(join(tmpdir(), 'antiphon-catalog-'))
  const how = ['--catalog', catalog, '--model', model]
  const indexed = await cli(...how, 'index', join(world, 'audio'))
  assert.equal(indexed.code, 0, indexed.err)
  const { graph } = await readKnowledge(world)
  const [artist] = [...graph.entities({ type: 'artist' })].filter(({ name }) => name.length > 8)
  const spelled = artist.name.toLowerCase().replace(/.$/, '')
  const search = async (...args: string[]) => {
    const { code, out, err } = await cli(...how, '--json', 'search', ...args)
    assert.equal(code, 0, err)
    return schemas.SearchOutput.parse(JSON.parse(out))
  }
  const query = `similar to ${spelled} but more jazz`
  const found = await search(query, '--knowledge', join(world, 'graph.tsv'), '-n', '5')
  assert.equal(found.query, query)
  assert.equal(found.knowledge!.names[0].id, artist.id)
  assert.equal(found.knowledge!.names[0].spelled, spelled)
  const { text, sound, more, less } = found.knowledge!
  assert.ok(text.startsWith(`similar to ${spelled}. `) && text.includes(artist.name), text)
  assert.match(sound!, /^jazz, ./)
  assert.deepEqual([more, less], ['jazz', null])
  assert.equal(found.results.length, 5)
  assert.equal((await search(query)).knowledge, null)
  const said = await cli(...how, 'search', 'calm piano', '--knowledge', join(world, 'graph.tsv'))
  assert.match(said.err, /No artist, track or album of .*graph\.tsv is named/)

  const evaluated = await cli(
    ...['--json', 'evaluate', model, '--protocol', 'folder', '--data', world, '--samples', '1'],
    ...['--knowledge', join(world, 'graph.tsv')],
  )
  const report = schemas.EvaluateOutput.parse(JSON.parse(evaluated.out))
  assert.equal(typeof report.expanded, 'number')
  assert.equal(report.model.known, null)
  assert.equal(report.data.items, PIECES)
})

test('a recipe that draws similarity needs a graph', async () => {
  const data = join(await tinyWorld(), 'audio')
  await assert.rejects(
    trainTiny('ttmrpp2024', { data }),
    /text_policy\.kinds\.similarity: there is no graph in/,
  )
})
