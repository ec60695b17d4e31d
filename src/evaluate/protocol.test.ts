import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { findProtocol, protocolNames } from './node.js'
import { parseProtocol, placesOf } from './protocol.js'

const MINIMAL = `name: mine
version: 1
title: Mine
description: My own.
data: { format: folder }
task: retrieval
query: { kinds: [caption], unit: text }
relevance: own-track
`
const parse = (yaml: string) => parseProtocol(yaml, { file: 'p.yaml' })

test('a protocol says everything, what is left out by its default', () => {
  const { metrics, prompts, audio, directions, query } = parse(MINIMAL)
  assert.deepEqual(prompts, ['{}'])
  assert.deepEqual(audio, { chunks: 'mean' })
  assert.deepEqual(directions, ['text-to-audio'])
  assert.equal(query.least_tracks, 1)
  assert.deepEqual(metrics.slice(0, 4), ['R@1', 'R@5', 'R@10', 'median rank'])
  assert.deepEqual(placesOf({ metrics: ['R@10', 'P@3', 'MRR', 'R@1', 'share@10'] }), [1, 3, 10])
})

test('what is wrong is told with file and line', () => {
  const cases: [string, RegExp][] = [
    [`${MINIMAL}metric: [R@1]\n`, /^p\.yaml:9: unknown key "metric" \(expected name, version, /],
    [`${MINIMAL}metrics: [R@1, R@0]\n`, /^p\.yaml:9: .*retrieval has no metric "R@0" \(expected R@1, /],
    [`${MINIMAL}metrics: [MRR, MRR]\n`, /^p\.yaml:9: .*a metric is there twice/],
    [`${MINIMAL}prompts:\n  - 'a {} song'\n  - no place\n`, /^p\.yaml:11: .*expected one \{\} in it/],
    [
      MINIMAL.replace('own-track', 'same-text'),
      /^p\.yaml:8: .*same-text and the query unit distinct go together/,
    ],
    [MINIMAL.replace('task: retrieval', 'task: tagging'), /^p\.yaml:7: .*tagging scores distinct texts/],
    [MINIMAL.replace('[caption]', '[captions]'), /^p\.yaml:7: query\.kinds\.0: /],
    [MINIMAL.replace('name: mine', 'name: My Own'), /^p\.yaml:1: name: expected lower case/],
    [
      MINIMAL.replace('{ format: folder }', '{ format: folder, part: test, split: {} }'),
      /^p\.yaml:5: .*by part or by split, not both/,
    ],
    ['- a\n', /^p\.yaml is no protocol/],
    ['a: [\n', /^p\.yaml:\d: /],
  ]
  for (const [yaml, message] of cases) assert.throws(() => parse(yaml), { code: 'usage', message }, yaml)
})

test('every shipped protocol is found by its name, which is that of its file', async () => {
  const names = await protocolNames()
  for (const name of [
    'song-describer song-describer-valid musiccaps mtg-jamendo-top50 mtg-jamendo-moodtheme mtg-jamendo-instrument',
    'magnatagatune-50 gtzan gtzan-filtered fma-small msd-ecals lp-musiccaps-mtt folder folder-tags demo world debian-genre',
  ].flatMap((line) => line.split(' ')))
    assert.ok(names.includes(name), name)
  const hashes = new Set<string>()
  for (const name of names) {
    const { protocol, hash } = await findProtocol(name)
    assert.equal(protocol.name, name)
    hashes.add(hash)
  }
  assert.equal(hashes.size, names.length)
})

const root = mkdtempSync(join(tmpdir(), 'antiphon-protocol-'))
after(() => rmSync(root, { recursive: true, force: true }))

test('a protocol may be a file; its hash is of what it says, not of how it is written', async () => {
  const [a, b] = [join(root, 'a.yaml'), join(root, 'b.yml')]
  writeFileSync(a, MINIMAL)
  writeFileSync(
    b,
    `# a comment\n${MINIMAL.replace('{ format: folder }', '\n  format: folder')}prompts: ['{}']\n`,
  )
  assert.equal((await findProtocol(a)).hash, (await findProtocol(b)).hash)
  writeFileSync(b, MINIMAL.replace('version: 1', 'version: 2'))
  assert.notEqual((await findProtocol(a)).hash, (await findProtocol(b)).hash)
  await assert.rejects(findProtocol('song-descriptor'), {
    code: 'usage',
    message: /no protocol "song-descriptor" \(expected .*song-describer, .*or a YAML file\)/,
  })
  await assert.rejects(findProtocol(join(root, 'none.yaml')), {
    code: 'usage',
    message: /Cannot read the protocol/,
  })
})

test('a suite brings in probes under the titles of their protocols, and no suites, itself least of all', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'antiphon-suite-'))
  after(() => rmSync(dir, { recursive: true, force: true }))
  const write = (name: string, last: string): string => {
    const file = join(dir, name)
    writeFileSync(file, `${MINIMAL}${last}\n`)
    return file
  }
  const good = write('good.yaml', 'suite: [probe-typos, probe-gain]')
  const { probes } = (await findProtocol(good)).protocol
  assert.deepEqual(
    probes!.map(({ title, kind }) => [title, kind]),
    [
      ['Typing errors', 'typos'],
      ['Loudness', 'audio'],
    ],
  )
  const itself = join(dir, 'itself.yaml')
  write('itself.yaml', `suite: ['${itself}']`)
  for (const file of [itself, write('outer.yaml', 'suite: [probes]'), write('plain.yaml', 'suite: [demo]')])
    await assert.rejects(findProtocol(file), { code: 'usage', message: /has no probes of its own/ })
})
