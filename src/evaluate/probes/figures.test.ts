import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Random } from '../../random/index.js'
import { readTables } from '../../text/node.js'
import { readLanguages } from '../node.js'
import type { Item } from '../test-set.js'
import { stackVectors } from '../vectors.js'
import { estimates, meanFigure } from './figure.js'
import { measureProbe, planProbe } from './probe.js'
import { ProbeScores, rankOf, shareAbove } from './scores.js'
import type { ProbeSpec } from './spec.js'
import { variantFigures } from './variants.js'

const random = new Random(7)
const unit = (values: readonly number[]): Float32Array => {
  const length = Math.hypot(...values)
  return Float32Array.from(values, (x) => x / length)
}
const at = (angle: number): Float32Array => unit([Math.cos(angle), Math.sin(angle)])

test('rank and share equal a count of all orders, ties in any', () => {
  for (let i = 0; i < 200; i++) {
    const row = Float32Array.from({ length: 7 }, () => random.int(0, 3))
    const answers = random.shuffle([0, 1, 2, 3, 4, 5, 6]).slice(0, random.int(1, 3))
    const others = [0, 1, 2, 3, 4, 5, 6].filter((x) => !answers.includes(x))
    // By a lottery: the mean over orders of the tied.
    let sum = 0
    const draws = 3000
    for (let n = 0; n < draws; n++) {
      const order = random.shuffle([0, 1, 2, 3, 4, 5, 6]).sort((a, b) => row[b] - row[a])
      sum += 1 + order.findIndex((x) => answers.includes(x))
      if (i >= 5) break
    }
    if (i < 5) assert.ok(Math.abs(sum / draws - rankOf(row, answers)) < 0.1)
    let above = 0
    for (const a of answers)
      for (const b of others) above += row[a] > row[b] ? 1 : row[a] === row[b] ? 0.5 : 0
    assert.equal(shareAbove(row, answers, others), above / answers.length / others.length)
  }
})

test('what becomes of a query: cosine, places before and after, how far the answer moves', () => {
  const items = stackVectors([at(0), at(0.1), at(0.2), at(0.3)])
  const texts = new Map([
    ['q', at(0)],
    ['near', at(0.01)],
    ['far', at(0.31)],
  ])
  const scores = new ProbeScores({ items, texts })
  const asked = [{ text: 'q', variants: ['near', 'far'], answers: [0], group: 0 }]
  const figures = Object.fromEntries(
    variantFigures('x', asked, scores).map(({ name, values }) => [name, values[0]]),
  )
  assert.ok(Math.abs(figures['x: cosine'] - (Math.cos(0.01) + Math.cos(0.31)) / 2) < 1e-6)
  assert.equal(figures['x: R@10 before'], 1)
  assert.equal(figures['x: rank shift (log2)'], 1) // ranks 1 and 4: 0 and 2 doublings
  assert.ok(Math.abs(figures['x: rank spread (log2)'] - Math.sqrt(8 / 9)) < 1e-9) // of 0, 0, 2
})

test('intervals are of groups: many cases of one track tell no more than one', () => {
  const cases = Array.from({ length: 200 }, (_, i) => ({ value: i % 2, group: i }))
  const [alone] = estimates(meanFigure('m', cases), { samples: 400, seed: 1 })
  const [pairs] = estimates(
    meanFigure(
      'm',
      cases.map(({ value, group }) => ({ value, group: 2 * (group % 2) + (group < 100 ? 4 : 0) })),
    ),
    { samples: 400, seed: 1 },
  )
  assert.equal(alone.value, 0.5)
  assert.equal(alone.n, 200)
  assert.ok(Math.abs(alone.high! - alone.low! - 2 * 1.96 * 0.5 * Math.sqrt(1 / 200)) < 0.03)
  assert.ok(pairs.high! - pairs.low! > 0.5)
  const [one] = estimates(meanFigure('m', [{ value: 1, group: 3 }]), { samples: 9, seed: 1 })
  assert.deepEqual([one.value, one.low, one.high], [1, null, null])
})

const item = (id: string, tags: string[]): Item => ({
  id,
  audio: { path: `/m/${id}` },
  track: { id },
  texts: [
    { kind: 'caption', value: `Caption of ${id}.` },
    ...tags.map((value) => ({ kind: 'tag', value }) as const),
  ],
})
const ITEMS = [
  item('a', ['drums', 'fast']),
  item('b', ['drums', 'slow']),
  item('c', ['no drums', 'fast']),
  item('d', ['no drums', 'slow']),
  item('e', ['drums', 'fast']),
  item('f', ['no drums', 'slow']),
]
const tables = await readTables()
const languages = await readLanguages()
/** Drums to the right, without to the left. */
const AUDIO = ITEMS.map(({ texts }) => (texts.some(({ value }) => value === 'drums') ? at(0) : at(Math.PI)))

function measured(spec: ProbeSpec, textOf: (text: string) => Float32Array, changed: Float32Array[][] = []) {
  const plan = planProbe(spec, { items: ITEMS, tables, languages })
  const scores = new ProbeScores({
    items: stackVectors(AUDIO),
    changed: changed.map(stackVectors),
    texts: new Map(plan.texts.map((text) => [text, textOf(text)])),
  })
  const { figures } = measureProbe(spec, plan, { scores, items: ITEMS.length, samples: 20, seed: 1 })
  return Object.fromEntries(figures.map(({ metric, value }) => [metric, value]))
}

test('negation: a model that understands it scores 1, one that reads past it 0 without, and is at chance between both', () => {
  const spec = { kind: 'negation', seed: 1, absent: 'said', least: 3 } as const
  const understands = measured(spec, (text) => at(/without|no /.test(text) ? Math.PI : 0))
  for (const [name, value] of Object.entries(understands)) assert.equal(value, 1, name)
  const readsPast = measured(spec, () => at(0))
  assert.equal(readsPast['with X: those with X above'], 1)
  assert.equal(readsPast['without X: those without X above'], 0)
  assert.equal(readsPast['the true one of "with X" and "without X" nearer'], 0.5)
})

test('audio: each piece changed stands among the others as they are', () => {
  const changes = [
    { kind: 'gain', decibels: -12 },
    { kind: 'tempo', factor: 1.06 },
  ] as const
  const spec = { kind: 'audio', seed: 1, changes: [...changes] } as const
  const figures = measured({ ...spec, changes: [...changes] }, () => at(0.1), [
    AUDIO,
    AUDIO.map(() => at(Math.PI / 2)),
  ])
  // Three to the right, three to the left: of the five others two lie the same way.
  assert.ok(Math.abs(figures['cosine of two pieces'] - (2 - 3) / 5) < 1e-6)
  assert.ok(Math.abs(figures['−12 dB: cosine'] - 1) < 1e-6)
  assert.equal(figures['−12 dB: rank shift (log2)'], 0)
  assert.ok(Math.abs(figures['tempo +6 %: cosine']) < 1e-6)
  // With drums: from a tie of the first three to the third place. Without: from a tie of the last three to the fourth.
  const expected = (Math.log2(3 / 2) + Math.log2(4 / 5)) / 2
  assert.ok(Math.abs(figures['tempo +6 %: rank shift (log2)'] - expected) < 1e-9)
})

test('data that say too little are told', () => {
  const spec = { kind: 'composition', seed: 1, attributes: [3], per_track: 1 } as const
  const plan = planProbe({ ...spec, attributes: [3] }, { items: ITEMS, tables, languages })
  const scores = new ProbeScores({ items: stackVectors(AUDIO), texts: new Map() })
  assert.throws(
    () => measureProbe({ ...spec, attributes: [3] }, plan, { scores, items: 6, samples: 9, seed: 1 }),
    { code: 'usage', message: /finds nothing to ask in 6 pieces/ },
  )
})
