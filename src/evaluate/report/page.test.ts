import assert from 'node:assert/strict'
import { test } from 'node:test'
import { reportPage } from './page.js'
import { rankBins } from './ranks.js'
import type { Report } from './report.js'
import { shown, shownFigure, shownP, shownRank } from './shown.js'

test('every rank is in one bin, up to the pool', () => {
  assert.deepEqual(rankBins(Float64Array.of(1, 1.5, 3, 4, 30, 84, 1), 84), [
    { from: 1, to: 1, queries: 2 },
    { from: 2, to: 3, queries: 2 },
    { from: 4, to: 10, queries: 1 },
    { from: 11, to: 30, queries: 1 },
    { from: 31, to: 84, queries: 1 },
  ])
  for (const items of [1, 2, 3, 4, 10, 11, 100, 12_345]) {
    const ranks = Float64Array.from({ length: items }, (_, i) => i + 1)
    const bins = rankBins(ranks, items)
    assert.equal(
      bins.reduce((sum, { queries }) => sum + queries, 0),
      items,
    )
    for (const { from, to, queries } of bins) assert.equal(queries, to - from + 1)
  }
})

test('numbers stand in line', () => {
  assert.deepEqual([0.5, 1, 2.25, 12.34, 1234.5, NaN, null].map(shown), [
    '0.500',
    '1',
    '2.250',
    '12.3',
    '1,235',
    '–',
    '–',
  ])
  assert.deepEqual(
    [shownFigure('median rank', 5), shownFigure('R@1', 1), shownFigure('mAP', null)],
    ['5.0', '1.000', '–'],
  )
  assert.deepEqual([shownRank(1), shownRank(2.5), shownRank(1200)], ['1', '2.5', '1,200'])
  assert.deepEqual([0.00001, 0.0042, 0.5, null].map(shownP), ['< 0.0001', '0.0042', '0.500', '–'])
})

const HOSTILE = `<script>alert("1")</script> & 'x' \u202e\u0007`

const track = {
  id: HOSTILE,
  title: HOSTILE,
  artist: null,
  path: `/music/${HOSTILE}#?.flac`,
  start: 3,
  end: 9.5,
  archived: false,
}

const report: Report = {
  antiphon: '0.0.0',
  model: { name: HOSTILE, spaceId: 'f'.repeat(16), dim: 3, known: null },
  expanded: null,
  protocol: {
    name: 'tags',
    version: 2,
    title: HOSTILE,
    hash: 'a'.repeat(64),
    unchanged: false,
    task: 'classification',
    query: HOSTILE,
    relevance: HOSTILE,
    chunks: 'mean',
    hop: 5,
    prompts: ['{}', HOSTILE],
  },
  data: {
    format: 'folder',
    subset: null,
    part: null,
    split: null,
    pool: null,
    hash: 'b'.repeat(64),
    items: 7,
    queries: 2,
    expected: { items: 706, queries: null },
    missing: 3,
    wrongRows: 0,
    short: 1,
    withoutQuery: 0,
    unreadable: [{ path: track.path, reason: HOSTILE }],
  },
  intervals: { level: 0.95, samples: 2000, seed: 0, of: 'tracks' },
  results: [
    {
      title: null,
      direction: null,
      queries: 2,
      items: 7,
      figures: [
        { metric: 'accuracy', value: 0.5, low: 0.25, high: 0.75, n: 7, higherIsBetter: true },
        { metric: 'median rank', value: 3, low: null, high: null, n: 7, higherIsBetter: false },
      ],
      ranks: [
        { from: 1, to: 1, queries: 4 },
        { from: 2, to: 7, queries: 3 },
      ],
    },
  ],
  tags: [
    { tag: HOSTILE, tracks: 4, figures: { recall: 0.75 } },
    { tag: 'b', tracks: 3, figures: { recall: null } },
  ],
  confusion: [
    [3, 1],
    [2, 1],
  ],
  space: null,
  examples: {
    best: [{ query: HOSTILE, rank: 1, answers: [track], found: [{ ...track, right: true }] }],
    worst: [
      { query: 'q', rank: 4.5, answers: [{ ...track, archived: true }], found: [{ ...track, right: false }] },
    ],
  },
}

test('names and texts of anyone are text in the page, and addresses are whole', () => {
  const page = reportPage(report, { hrefOf: (path) => path.split('/').map(encodeURIComponent).join('/') })
  assert.doesNotMatch(page, /<script|\u202e|\u0007|https?:/)
  const sources = [...page.matchAll(/src="([^"]*)"/g)].map(([, source]) => source.replaceAll('&#39;', "'"))
  assert.equal(sources.length, 2)
  assert.equal(decodeURIComponent(sources[0].replace(/#t=3,9\.5$/, '')), track.path)
  assert.match(page, /\(in an archive\)/)
  assert.match(page, /rank 4\.5/)
  assert.match(page, /7 \(published: 706\)/)
  assert.match(page, /3 pairs without audio/)
  assert.match(page, /changed by options/)
  // Elements are closed as they were opened.
  const open: string[] = []
  for (const [, slash, name, rest] of page.matchAll(/<(\/?)([a-z0-9]+)([^>]*)>/g)) {
    if (['meta', 'br', 'line', 'rect', 'html'].includes(name) || rest.endsWith('/')) continue
    if (slash === '') open.push(name)
    else if (!['li', 'td', 'th', 'tr'].includes(name) || open.at(-1) === name) assert.equal(open.pop(), name)
  }
  assert.deepEqual(open, [])
})
