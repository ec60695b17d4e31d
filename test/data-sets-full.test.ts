// The full files of public data sets, where ANTIPHON_TEST_DATA names a folder that has them.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { detectFormat, findFormat } from '../src/data/node.js'
import { collect, read } from './read-data-set.js'

const full = process.env.ANTIPHON_TEST_DATA
const skipOf = (name: string): string | false =>
  full === undefined
    ? 'ANTIPHON_TEST_DATA is not set: the full files of public data sets are not read'
    : !existsSync(join(full, name)) && `there is no ${name} in ANTIPHON_TEST_DATA`

/** Told where the runner counts it. */
function fullTest(name: string, what: string, run: (path: string) => Promise<void>): void {
  test(what, async (t) => {
    const reason = skipOf(name)
    if (reason) t.skip(reason)
    else await run(join(full!, name))
  })
}

fullTest('musiccaps/musiccaps-public.csv', 'MusicCaps, all of it', async (path) => {
  const { pairs, rows, wrong } = await read('musiccaps', path)
  assert.deepEqual([pairs.length, rows, wrong.length], [5521, 5521, 0])
  assert.equal(pairs.filter(({ track }) => track.part === 'test').length, 2858) // AudioSet's evaluation clips
  const aspects = pairs.flatMap(({ texts }) =>
    texts.filter(({ kind }) => kind === 'tag').map(({ value }) => value),
  )
  assert.equal(new Set(aspects).size, DISTINCT_ASPECTS)
})
// By csv.DictReader and ast.literal_eval of Python 3.13, white space made one blank; no two differ by capitals alone.
const DISTINCT_ASPECTS = 13197

fullTest('mtg-jamendo', 'MTG-Jamendo, the files of split 0', async (dir) => {
  const moods = ['train', 'validation', 'test'].map((part) => `autotagging_moodtheme-${part}`)
  for (const name of [...moods, 'autotagging_instrument-test']) {
    const path = join(dir, `${name}.tsv`)
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n').slice(1)
    const { pairs, rows, wrong } = await read('mtg-jamendo', path)
    assert.deepEqual([pairs.length, rows, wrong.length], [lines.length, lines.length, 0], name)
    const tags = lines.reduce((sum, line) => sum + line.split('\t').length - 5, 0)
    assert.equal(
      pairs.reduce((sum, { texts }) => sum + texts.length, 0),
      tags,
      name,
    )
  }
})

fullTest('incompetech/catalog.jsonl', 'words without audio are no pairs: each row says so', async (path) => {
  await assert.rejects(detectFormat(path), { code: 'usage', message: /is none of the formats that are read/ })
  const { pairs, rows, wrong } = await collect(findFormat('table').read(path, {}))
  assert.deepEqual([pairs.length, rows, wrong.length], [0, 1432, 1432])
  assert.match(wrong[6].reason, /no path to the audio/)
  assert.equal(wrong[6].line, 7)
})
