import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseMixture } from './index.js'

const parse = (yaml: string) => parseMixture(yaml, { file: 'mix.yaml' })

test('a mixture names its sources', () => {
  const sources = parse(`
sources:
  - { path: musiccaps.csv, format: musiccaps, audio: clips, weight: 2 }
  - { path: ../mine, weight: 1, name: mine }
`)
  assert.deepEqual(sources, [
    { path: 'musiccaps.csv', format: 'musiccaps', audio: 'clips', weight: 2 },
    { path: '../mine', weight: 1, name: 'mine' },
  ])
})

test('what is wrong with a mixture is told with its line', () => {
  const cases: [string, RegExp][] = [
    ['a: [', /^mix\.yaml:\d: /],
    ['- x', /mix\.yaml is no mixture: expected a list of `sources`/],
    ['sources: []', /^mix\.yaml:1: sources: /],
    [
      'sources:\n  - path: a\n    wieght: 2',
      /^mix\.yaml:3: unknown key "sources\.0\.wieght" \(expected path, format, audio, subset, weight, name\)/,
    ],
    ['sources:\n  - path: a\n    weight: 0', /^mix\.yaml:3: sources\.0\.weight/],
    [
      'sources:\n  - { path: a, weight: 1 }\n  - { path: b }',
      /^mix\.yaml:3: .*give each source a weight, or none/,
    ],
    ['sources:\n  - { path: x/a.csv }\n  - { path: y/a/ }', /^mix\.yaml:3: .*"a" is there twice/],
  ]
  for (const [yaml, message] of cases) assert.throws(() => parse(yaml), { code: 'usage', message }, yaml)
})
